"""Actions as commands."""

from __future__ import annotations

import getpass
import json
import re

import click
import pytest
from click.testing import CliRunner

from iwapi.__main__ import TOOLS
from iwapi.action import Action
from iwapi.asked import Credentials
from iwapi.cli.actions import command_of
from iwapi.cli.group import iwapi
from iwapi.config import load
from iwapi.kinds import Plain
from tests.cli.conftest import Console
from tests.helpers import ADMIN, PASSWORD, rows

SETTINGS = load(None, {}).replace(password_login=True)
NAMED = TOOLS.catalogue().named
PACKAGE = ("--package-name", "basic", "--opt-storage", "100", "--opt-bandwidth", "1")
ACCOUNT = ("--master-domain", "example.com", "--email", "me@example.com", "--packagetemplate", "basic")


@pytest.mark.parametrize("action", NAMED.values(), ids=NAMED)
def test_every_action_is_a_command_whose_help_explains_each_input(action: Action, console: Console) -> None:
    shown = console(str(action.name), "--help")
    assert shown.exit_code == 0
    text = " ".join(shown.output.split())
    assert " ".join(action.help.split("\n\n")[0].split()) in text
    for item in action.input.fields:
        assert f"--{item.name.lower().replace('_', '-')} " in text
        assert item.help in text
        allowed = item.shape.kind.allowed if item.shape.kind and not item.shape.secret else ""
        assert allowed.replace(" ", "") in text.replace(" ", "")  # a line may break behind a hyphen


@pytest.mark.parametrize("action", NAMED.values(), ids=NAMED)
def test_no_two_inputs_of_an_action_share_an_option(action: Action) -> None:
    options = [
        name for parameter in command_of(action).params if isinstance(parameter, click.Option)
        for name in (parameter.name, *parameter.opts)
    ]  # fmt: skip
    assert len(options) == len(set(options))


def test_the_life_of_an_account(console: Console) -> None:
    assert console.json("createPackage", *PACKAGE)["name"] == "basic"
    opened = console.json("createSiteWorxAccount", *ACCOUNT, lines=(PASSWORD,))
    assert (opened["master_domain"], opened["status"], opened["OPT_STORAGE"]) == (
        "example.com",
        "active",
        100,
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", opened["date_created"])
    console.json("suspendSiteWorxAccount", "--domain", "example.com", "--message", "unpaid")
    (listed,) = console.json("listSiteWorxAccounts")["accounts"]
    assert listed["status"] == "inactive"
    console.json("deleteSiteWorxAccount", "--domain", "example.com")
    assert console.json("listSiteWorxAccounts") == {"accounts": [], "next": None}


def test_an_answer_is_a_table_for_people(console: Console) -> None:
    console.json("createPackage", *PACKAGE)
    shown = console("getPackage", "--package-name", "basic").stdout
    assert re.search(r"OPT_STORAGE +│ 100 ", shown)
    assert re.search(r"OPT_SSL +│ no ", shown)


def test_a_call_is_audited_as_the_user_who_made_it(console: Console) -> None:
    console.json("createPackage", *PACKAGE)
    (row,) = rows(console.state, "select who, wire, action, result from audit")
    assert row == (f"local:{getpass.getuser()}", "cli", "createPackage", "ok")


def test_every_wrong_input_is_told_at_once_by_the_name_of_its_option(console: Console) -> None:
    refused = console("createSiteWorxAccount", "--email", "nobody", "--uniqname", "1a", lines=(PASSWORD,))
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert "--master-domain: This input is required" in refused.stderr
    assert "--email: nobody This is not a valid e-mail address" in refused.stderr
    assert "--uniqname: 1a This is not a valid Unix name" in refused.stderr


def test_an_error_is_json_where_json_was_asked_for(console: Console) -> None:
    refused = console("getPackage", "--id", "7", "--json")
    assert (refused.exit_code, refused.stdout) == (3, "")
    told = json.loads(refused.stderr)
    assert (told["code"], told["retryable"]) == ("PACKAGE_NOT_FOUND", False)
    assert [problem["field"] for problem in told["problems"]] == ["id"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("getSiteWorxAccount", "--domain", "example.org"), 3),
        (("createPackage", *PACKAGE), 6),
        (("createPackage", "--package-name", "x"), 2),
        (("createPackage", "--no-such-option"), 2),
        (("no-such-action",), 2),
    ],
)
def test_the_exit_code_tells_what_kind_of_error_it_was(
    console: Console, words: tuple[str, ...], code: int
) -> None:
    console.json("createPackage", *PACKAGE)
    assert console(*words).exit_code == code


@pytest.mark.parametrize("password", [("--password", "hunter2"), ("--password=hunter2",), ("hunter2",)])
def test_a_secret_given_as_an_argument_is_refused_and_not_repeated(
    console: Console, password: tuple[str, ...]
) -> None:
    refused = console("createSiteWorxAccount", *ACCOUNT, *password, lines=(PASSWORD,))
    assert refused.exit_code == 2
    assert "hunter2" not in refused.output
    assert rows(console.state, "select * from audit") == []


@pytest.mark.parametrize(
    "password", ["  Spaces at both ends  ", "Umläute-und-日本", "$HOME `id` 'A' \"b\" \\"]
)
def test_a_secret_is_taken_from_a_line_of_standard_input_as_it_stands(
    console: Console, password: str
) -> None:
    console.json("editAdministrator", "--password", lines=(password, "not this"))
    opened = TOOLS.open(console.state, SETTINGS)
    try:
        log_in = Credentials(email=ADMIN, password=Plain(password))
        assert opened.call(NAMED["ping"], {}, log_in).email == ADMIN
    finally:
        opened.close()


def test_a_secret_that_may_be_absent_is_only_read_when_its_option_is_given(console: Console) -> None:
    changed = console.json("editAdministrator", "--email", "new@example.com", lines=(PASSWORD,))
    assert changed["email"] == "new@example.com"
    verifiers = {argon2 for (argon2,) in rows(console.state, "select argon2 from nodeworx_user")}
    console.json("editAdministrator", "--password", lines=(PASSWORD,))
    assert verifiers.isdisjoint(
        argon2 for (argon2,) in rows(console.state, "select argon2 from nodeworx_user")
    )


def test_a_secret_that_is_missing_is_a_wrong_input(console: Console) -> None:
    refused = console("createSiteWorxAccount", *ACCOUNT)
    assert refused.exit_code == 2
    assert "--password: This input is required" in refused.stderr


def test_a_secret_that_is_no_text_is_refused(console: Console) -> None:
    arguments = ["editAdministrator", "--password", "--state", str(console.state)]
    refused = CliRunner().invoke(iwapi, arguments, input=b"\xff\xfe-Password1\n", obj=TOOLS)
    assert refused.exit_code == 2
    assert "not UTF-8" in refused.stderr


def test_a_generated_key_is_shown_whole(console: Console) -> None:
    shown = console("generateApiKey").stdout
    assert "New Remote Access Key Generated." in shown
    assert re.search(
        r"^-----BEGIN INTERWORX API KEY-----\nIWAPI1\w{65}\n-----END INTERWORX API KEY-----$",
        shown,
        re.MULTILINE,
    )
    assert "IWAPI1" not in console("getApiKey").stdout


def test_a_folder_that_is_not_set_up_is_told_in_a_sentence(console: Console) -> None:
    missing = Console(console.state / "elsewhere")("ping")
    assert missing.exit_code == 1
    assert missing.stderr.startswith("Error: ")
    assert "is not set up: run `iwapi init" in missing.stderr


def test_settings_that_cannot_be_used_end_the_command(console: Console) -> None:
    (console.state / "iwapi.toml").write_text("listen = 5\n")
    refused = console("ping")
    assert refused.exit_code == 1
    assert "iwapi.toml:1: listen: 5 this must be a list" in refused.stderr


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(console: Console) -> None:
    assert "'listPackages'" in console("listPackage").stderr


@pytest.mark.parametrize("action", NAMED.values(), ids=NAMED)
def test_what_changes_something_has_the_options_of_a_call_and_what_waits_has_its_time(action: Action) -> None:
    names = {name for parameter in command_of(action).params for name in parameter.opts}
    options = {"--idempotency-key", "--wait-seconds", "--dry-run"}
    waits = {"--wait-seconds"} if action.name == "waitJob" else set()
    assert names & options == (options if action.writes else waits)


def test_a_job_is_waited_for_as_long_as_is_said(console: Console) -> None:
    console.json("createPackage", *PACKAGE)
    console.json("createSiteWorxAccount", *ACCOUNT, lines=(PASSWORD,))
    assert console.json("waitJob", "--job", "1", "--wait-seconds", "0")["state"] == "done"
    refused = console("waitJob", "--job", "1", "--wait-seconds", "301")
    assert refused.exit_code == 2
    assert "--wait-seconds: 301 This" in refused.stderr


def test_a_dry_run_tells_what_would_change_and_changes_nothing(console: Console) -> None:
    console.json("createPackage", *PACKAGE)
    change = ("editPackage", "--package-name", "basic", "--opt-storage", "200", "--dry-run")
    shown = console(*change)
    assert shown.exit_code == 0, shown.output
    assert "Dry run: the call would succeed. Nothing was changed." in shown.stdout
    assert re.search(r"OPT_STORAGE +│ 100 +│ 200 ", shown.stdout)
    told = console.json(*change)
    assert told["code"] == "DRY_RUN"
    (storage,) = [one for one in told["changes"] if one["member"] == "OPT_STORAGE"]
    assert (storage["before"], storage["after"]) == ("100", "200")
    assert console.json("getPackage", "--package-name", "basic")["OPT_STORAGE"] == 100


def test_a_dry_run_of_what_would_fail_is_its_error(console: Console) -> None:
    refused = console("deletePackage", "--package-name", "basic", "--dry-run")
    assert refused.exit_code == 3


def test_a_repeat_with_the_same_idempotency_key_gets_the_first_answer(console: Console) -> None:
    key = ("--idempotency-key", "order-1234")
    first = console.json("createPackage", *PACKAGE, *key)
    assert console.json("createPackage", *PACKAGE, *key) == first
    refused = console("createPackage", *PACKAGE, "--opt-email-boxes", "9", *key, "--json")
    assert (refused.exit_code, json.loads(refused.stderr)["code"]) == (6, "IDEMPOTENCY_MISMATCH")
    assert console("createPackage", *PACKAGE).exit_code == 6


@pytest.mark.parametrize(
    ("option", "value"), [("--idempotency-key", "short"), ("--wait-seconds", "301"), ("--wait-seconds", "x")]
)
def test_an_option_that_is_wrong_is_told_by_its_name(console: Console, option: str, value: str) -> None:
    refused = console("createPackage", *PACKAGE, option, value)
    assert refused.exit_code == 2
    assert f"{option}: {value} This" in refused.stderr
    assert console.json("listPackages")["packages"] == []
