"""What `route` asks of dispatch, and how it words outcomes."""

from __future__ import annotations

import logging

import pytest
from passlib.hash import sha512_crypt

from iwapi.asked import Credentials
from iwapi.core import passwords
from iwapi.kinds import Hashed, Plain, Raw
from iwapi.wires.route import RouteWire
from iwapi.wires.routecall import RouteCall
from tests.helpers import World

SITEWORX = "/nodeworx/siteworx"


def told(
    world: World, by: Credentials, action: str, sent: dict[str, Raw] | None = None, ctrl: str = SITEWORX
) -> tuple[int, str]:
    """The status and the payload of a call with a key."""
    assert by.apikey is not None
    return answered(world, by.apikey.reveal, action, sent, ctrl)


def answered(
    world: World, first: Raw, action: str, sent: dict[str, Raw] | None = None, ctrl: str = SITEWORX
) -> tuple[int, str]:
    wire = RouteWire(world.panel.catalogue)
    asked = wire.asked(RouteCall(first, ctrl, action, sent or {}), "route", "192.0.2.1", "test", "id1")
    (outcome,) = world.outcomes(asked)
    return wire.answer(outcome, asked.action)


@pytest.mark.parametrize("first", ["wrong", "", None, [], {}, {"apikey": []}, {"no": "form"}])
@pytest.mark.parametrize("action", ["listFreeIps", "noSuchAction"])
def test_who_is_not_known_learns_nothing_of_what_is_offered(world: World, first: Raw, action: str) -> None:
    text = "The credentials were not accepted.\nUsage: apikey, ctrl_name, action, input"
    assert answered(world, first, action) == (401, text)


def test_an_action_that_is_not_offered_is_told_with_those_that_are(world: World) -> None:
    status, text = told(world, world.key(), "deletee")
    assert status == 11
    first, usage = text.split("\n")
    assert first == (
        "/nodeworx/siteworx deletee is not offered by this server."
        " The nearest that it offers is /nodeworx/siteworx delete."
    )
    assert usage.startswith("Usage: ")
    assert {"add", "delete", "edit"} <= set(usage.removeprefix("Usage: ").split(", "))


def test_a_controller_that_is_not_offered_is_told_with_those_that_are(world: World) -> None:
    status, text = told(world, world.key(), "add", ctrl="/nodeworx/nothing")
    assert status == 11
    usage = text.split("\n")[-1]
    assert usage.startswith("Usage: /nodeworx/")
    assert SITEWORX in usage.removeprefix("Usage: ").split(", ")


def test_whoever_is_known_is_told_what_is_not_offered(world: World) -> None:
    status, text = told(world, world.scoped_key("ping"), "noSuchAction")
    assert status == 11
    assert text.startswith("/nodeworx/siteworx noSuchAction is not offered by this server. The nearest that")
    assert "\nUsage: " in text


def test_the_log_names_an_action_of_interworx_that_is_not_offered(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    told(world, world.key(), "search", ctrl="nodeworx/siteworx")
    assert "/nodeworx/siteworx/search UNKNOWN_ACTION" in caplog.messages


def test_the_name_of_an_action_that_nobody_knows_is_in_no_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    told(world, world.key(), "forged\nline", ctrl="/forged\nline")
    assert "unknown UNKNOWN_ACTION" in caplog.messages
    assert "forged" not in caplog.text


@pytest.mark.parametrize(
    ("action", "sent", "line"),
    [
        (
            "edit",
            {"domain": "a.test", "password": "Correct-horse7", "confirm_password": "Other-horse7"},
            "confirm_password: ******** This input differs from password",
        ),
        (
            "edit",
            {"domain": "a.test", "password": "Correct-horse7", "confirm_password": ""},
            "confirm_password: (nothing) This input differs from password",
        ),
        (
            "add",
            {"master_domain": "a.test", "domainname": "b.test"},
            "master_domain: a.test This input differs from domainname",
        ),
    ],
)
def test_what_differs_is_shown_and_a_secret_is_masked(
    world: World, action: str, sent: dict[str, Raw], line: str
) -> None:
    status, text = told(world, world.key(), action, sent)
    assert status == 11
    assert line in text.split("\n")
    assert "horse7" not in text


def test_a_password_that_came_as_a_hash_is_kept_as_it_is_and_opens_the_account(world: World) -> None:
    word = "Ünï-☃ horse 8"
    kept = sha512_crypt.using(rounds=1000).hash(word)
    world.open("a.test", email="me@a.test")
    status, text = told(world, world.key(), "edit", {"domain": "a.test", "password": kept, "encrypted": "y"})
    assert (status, text) == (0, "Account a.test has been changed.")
    assert world.rows("select argon2, crypt from account") == [("", kept)]
    assert kept not in world.value("select group_concat(inputs) from audit")
    ((argon2, crypt),) = world.rows("select argon2, crypt from account")
    for tried in (word, word[:-1], kept, ""):
        assert passwords.matches(Plain(tried), Hashed(argon2, crypt)) == (tried == word)


def test_a_hash_in_another_form_changes_nothing_and_is_shown_nowhere(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.open("a.test")
    before = world.rows("select argon2, crypt from account")
    for kept in ("$1$salt$qJH7.N4xYta3aEG/dfqo/0", "$6$salt$short", "Correct-horse7"):
        sent: dict[str, Raw] = {"domain": "a.test", "password": kept, "encrypted": "y"}
        status, text = told(world, world.key(), "edit", sent)
        assert status == 11
        lines = text.split("\n")
        assert "encrypted: y This server takes n, or y and a SHA-512 crypt hash as password" in lines
        assert any(line.startswith("password: ******** This is not a SHA-512 crypt hash") for line in lines)
        assert kept not in text + caplog.text
    assert world.rows("select argon2, crypt from account") == before
