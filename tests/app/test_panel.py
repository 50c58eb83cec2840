"""A state folder becomes a panel, or one clear sentence says why it cannot."""

from __future__ import annotations

import dataclasses
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from iwapi.app import StateError, install, open_panel
from iwapi.app.panel import base_url, rules
from iwapi.asked import Credentials
from iwapi.config import load
from iwapi.core.bound import Endpoints
from iwapi.errors import Unavailable
from iwapi.kinds import NewDomain, Plain, Wrong
from iwapi.provision.recording import Recording
from tests.helpers import ADMIN, ADMIN_PASSWORD, LOCAL, World, action, config, open_world


def test_an_installed_folder_holds_its_secrets_for_its_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "state"
    install(state, "Me@Example.com", ADMIN_PASSWORD, [("2001:DB8:0::1", True), ("192.0.2.7", False)])
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    for name in ("pepper", "iwapi.db"):
        assert stat.S_IMODE((state / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in state.iterdir()) == ["iwapi.db", "pepper"]
    world = open_world(state, [Recording()])
    assert world.call("ping").email == "Me@example.com".lower()
    assert world.rows("select address, version, shared from address order by position") == [
        ("2001:db8::1", 6, 1), ("192.0.2.7", 4, 0),
    ]  # fmt: skip
    world.panel.close()


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    for name in "ab":
        install(tmp_path / name, ADMIN, ADMIN_PASSWORD, [])
    assert (tmp_path / "a" / "pepper").read_bytes() != (tmp_path / "b" / "pepper").read_bytes()


def test_an_installation_is_not_made_over_another(state: Path) -> None:
    before = (state / "pepper").read_bytes()
    with pytest.raises(StateError, match="is set up already"):
        install(state, ADMIN, ADMIN_PASSWORD, [])
    assert (state / "pepper").read_bytes() == before


def test_what_is_wrong_with_an_installation_leaves_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not an address"):
        install(tmp_path / "state", ADMIN, ADMIN_PASSWORD, [("not an address", True)])
    assert list((tmp_path / "state").iterdir()) == []


def spoil(state: Path, how: str) -> None:
    database = state / "iwapi.db"
    if how == "missing":
        database.unlink()
    elif how == "empty":
        database.write_bytes(b"")
    elif how == "no database":
        database.write_bytes(b"this was a database once " * 1000)
    elif how == "overwritten in its head":
        database.write_bytes(b"\0" * 4096 + database.read_bytes()[4096:])
    elif how == "cut short":
        database.write_bytes(database.read_bytes()[:5000])
    elif how == "of another installation":
        install(state / "other", ADMIN, ADMIN_PASSWORD, [])
        (state / "other" / "iwapi.db").rename(database)
    elif how == "no pepper":
        (state / "pepper").unlink()
    elif how == "a pepper cut short":
        (state / "pepper").write_bytes(b"x" * 31)
    elif how == "another pepper":
        (state / "pepper").write_bytes(b"x" * 32)


@pytest.mark.parametrize(
    "how",
    ["missing", "empty", "no database", "overwritten in its head", "cut short", "of another installation",
     "no pepper", "a pepper cut short", "another pepper"],
)  # fmt: skip
def test_a_damaged_state_is_refused_in_one_sentence(state: Path, how: str) -> None:
    spoil(state, how)
    threads = threading.active_count()
    with pytest.raises(StateError) as error:
        open_panel(state, config())
    assert str(error.value).count("\n") == 0
    assert str(state) in str(error.value)
    assert threading.active_count() == threads
    if how == "missing":
        assert not (state / "iwapi.db").exists()  # and none is made in its place


def test_a_state_of_a_newer_iwapi_is_refused(state: Path) -> None:
    with closing(sqlite3.connect(state / "iwapi.db")) as connection, connection:
        connection.execute("update _yoyo_migration set migration_id = '9999_later' where rowid = 1")
    with pytest.raises(StateError, match="written by a newer iwapi: 9999_later"):
        open_panel(state, config())


def test_a_folder_that_was_never_set_up_says_how(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="run `iwapi init"):
        open_panel(tmp_path, config())


def test_what_was_written_is_there_when_it_is_opened_again(state: Path) -> None:
    world = open_world(state, None)
    key = world.key()
    opened = world.open()
    world.panel.close()
    world = open_world(state, None)
    assert world.call("getSiteWorxAccount", {"domain": "example.com"}, key) == opened
    world.panel.close()


def test_a_call_of_a_panel_gives_the_answer_or_raises(world: World) -> None:
    ping = action(world.panel.catalogue, "ping")
    assert world.panel.call(ping, {}, LOCAL).email == ADMIN
    with pytest.raises(Exception, match="There was a problem validating"):
        world.panel.call(ping, {"x": "y"}, LOCAL)


def test_a_panel_that_was_closed_refuses_and_may_be_closed_again(state: Path) -> None:
    world = open_world(state, [Recording()])
    login = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD))
    asked = [
        world.asked("generateApiKey", {}, LOCAL, "cli"),
        world.asked("ping", {}, LOCAL, "cli"),
        world.asked("ping", {}, login, "pages"),
    ]
    world.panel.close()
    world.panel.close()
    assert [type(outcome.error) for outcome in world.outcomes(*asked)] == [Unavailable] * 3


def test_the_server_s_own_names_are_never_an_account_s() -> None:
    new_domain = get_args(NewDomain)[1].parse
    settings = load(None, {}).replace(hostname="panel.host-company.net", server_names="api.host-company.net")
    for name in ("panel", "api", "ns1.panel", "ns2.panel"):
        with pytest.raises(Wrong, match="belongs to this server"):
            new_domain(f"{name}.host-company.net", rules(settings))
    with pytest.raises(Wrong, match="belongs to this server"):
        new_domain("host-company.net", rules(settings))
    assert new_domain("shop.host-company.net", rules(settings))
    named = rules(settings.replace(name_servers="dns1.host-company.net"))
    with pytest.raises(Wrong, match="belongs to this server"):
        new_domain("dns1.host-company.net", named)


def test_settings_reach_the_actions(state: Path) -> None:
    world = open_world(state, [Recording()], config(password_strength="very strong", grace_days=3))
    error = world.refused("changeSiteWorxPassword", {"domain": "a.test", "password": "Seven77"})
    assert "too weak" in error.problems[0].problem
    world.open("a.test", password="Twelve-chars-1")
    closed = world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    assert closed.purged_after.timestamp() == world.clock.now + 3 * 86400
    world.panel.close()


def test_answers_are_values_that_do_not_change(world: World) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        world.call("ping").email = "x"


@pytest.mark.parametrize(
    ("values", "plain", "tls", "said"),
    [
        ({}, (), (), "https://panel.example.net:2443"),
        ({}, (), (("127.0.0.1", 40001), ("::1", 40002)), "https://panel.example.net:40001"),
        ({"listen_tls": ()}, (), (), "http://panel.example.net:443"),
        ({"listen_tls": (), "listen": "127.0.0.1:0"}, (("127.0.0.1", 40003),), (), "http://panel.example.net:40003"),
        ({"listen": "127.0.0.1:1"}, (("127.0.0.1", 1),), (), "https://panel.example.net:2443"),
    ],
)  # fmt: skip
def test_the_server_is_told_where_its_clients_reach_it(
    values: dict[str, str], plain: Endpoints, tls: Endpoints, said: str
) -> None:
    assert base_url(config(**values), plain, tls) == said
