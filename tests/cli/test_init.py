"""Making the state of a server."""

from __future__ import annotations

import ipaddress
import stat
from pathlib import Path

import pytest

from iwapi.__main__ import TOOLS
from iwapi.asked import Credentials
from iwapi.cli.owner import who_runs
from iwapi.config import load
from iwapi.kinds import Plain
from tests.cli.conftest import Console
from tests.helpers import PASSWORD, rows

EMAIL = ("--email", "me@example.com")


@pytest.fixture
def fresh(tmp_path: Path) -> Console:
    return Console(tmp_path / "new" / "state")


def test_the_administrator_can_log_in_and_the_pool_is_there(fresh: Console) -> None:
    pool = ("--shared", "192.0.2.1", "--shared", "2001:db8::1", "--address", "192.0.2.9")
    made = fresh("init", *EMAIL, *pool, lines=(PASSWORD,))
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(fresh.state.stat().st_mode) == 0o700
    opened = TOOLS.open(fresh.state, load(None, {}))
    try:
        log_in = Credentials(email="me@example.com", password=Plain(PASSWORD))
        assert opened.call(TOOLS.catalogue().named["ping"], {}, log_in).master
    finally:
        opened.close()
    known = rows(fresh.state, "select address, shared from address order by position")
    assert known == [("192.0.2.1", 1), ("2001:db8::1", 1), ("192.0.2.9", 0)]


def test_without_an_address_the_pool_has_this_machines_own(fresh: Console) -> None:
    assert fresh("init", *EMAIL, lines=(PASSWORD,)).exit_code == 0
    ((address, shared),) = rows(fresh.state, "select address, shared from address")
    assert ipaddress.ip_address(address)
    assert shared


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (("--email", "nobody"), PASSWORD, "--email: nobody This is not a valid e-mail address"),
        ((), PASSWORD, "--email: "),
        (EMAIL, "hunter2", "password: This password is too weak"),
        ((*EMAIL, "--shared", "192.0.2"), PASSWORD, "--shared: 192.0.2 This is not a valid IP address"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(
    fresh: Console, words: tuple[str, ...], password: str, said: str
) -> None:
    refused = fresh("init", *words, lines=(password,))
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert "hunter2" not in refused.output
    assert not fresh.state.exists()


def test_a_folder_that_is_set_up_is_left_as_it_is(console: Console) -> None:
    before = (console.state / "pepper").read_bytes()
    refused = console("init", *EMAIL, lines=(PASSWORD,))
    assert refused.exit_code == 1
    assert "is set up already" in refused.stderr
    assert (console.state / "pepper").read_bytes() == before


def test_the_e_mail_is_told_as_it_is_kept(fresh: Console) -> None:
    made = fresh("init", "--email", "Me@Example.COM", "--shared", "192.0.2.1", lines=(PASSWORD,))
    assert "the administrator is me@example.com." in made.stdout
    assert rows(fresh.state, "select email from nodeworx_user") == [("me@example.com",)]


def test_a_folder_that_may_not_be_made_is_told_with_what_helps(
    fresh: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write everywhere
    refused = fresh("init", *EMAIL, lines=(PASSWORD,))
    assert refused.exit_code == 1
    assert "You may not write into" in refused.stderr
    assert f"install -d -m 700 -o {who_runs()} {fresh.state}" in refused.stderr
