"""A store on PostgreSQL is made whole or not at all; one that cannot be used is refused in one sentence."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from iwapi.app import StateError, install, open_panel
from iwapi.core.places import settings_file
from iwapi.health import examine
from iwapi.provision.recording import Recording
from iwapi.store.migrate import applied
from tests import postgres
from tests.cli.conftest import Console
from tests.helpers import ADMIN, ADMIN_PASSWORD, PASSWORD, config, open_world, rows_at, url_of

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def store() -> str:
    return "postgres"


@pytest.fixture
def empty() -> Iterator[str]:
    name = postgres.server().create()
    yield postgres.server().url(name)
    postgres.server().drop(name)


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_folder_whose_store_is_on_a_server_holds_no_other(tmp_path: Path, empty: str) -> None:
    state = tmp_path / "state"
    install(state, ADMIN, ADMIN_PASSWORD, [("192.0.2.1", True)], empty)
    assert [path.name for path in state.iterdir()] == ["pepper"]
    panel = open_panel(state, config(database=empty), [Recording()])
    panel.close()


def test_what_cannot_be_installed_leaves_nothing_and_is_installed_later(tmp_path: Path, empty: str) -> None:
    state = tmp_path / "state"
    with pytest.raises(ValueError, match="not an address"):
        install(state, ADMIN, ADMIN_PASSWORD, [("not an address", True)], empty)
    assert not (state / "pepper").exists()
    install(state, ADMIN, ADMIN_PASSWORD, [], empty)
    with pytest.raises(StateError, match="another installation's"):
        install(tmp_path / "other", ADMIN, ADMIN_PASSWORD, [], empty)
    assert not (tmp_path / "other" / "pepper").exists()


def spoil(state: Path, how: str) -> str:
    """Make the store one that cannot be used; its URL now."""
    url, server = url_of(state), postgres.server()
    name = name_of(url)
    if how == "empty":
        server.drop(name)
        server.execute(f"create database {name} template template0")
    elif how == "missing":
        server.drop(name)
    elif how == "another program's":
        server.drop(name)
        server.execute(f"create database {name} template template0")
        server.execute("create table wp_posts (id int)", name)
    elif how == "a table is gone":
        server.execute("drop table meta", name)
    elif how == "of another installation":
        server.execute("update meta set value = 'x' where name = 'pepper'", name)
    elif how == "another encoding":
        server.drop(name)
        server.execute(f"create database {name} template template0 encoding 'latin1' locale 'C'")
    elif how == "wrong password":
        return url.replace(postgres.PASSWORD, "Another-secret")
    elif how == "no server":
        return url.replace(f":{server.port}/", ":1/")
    elif how == "of a newer iwapi":
        server.execute("insert into _yoyo_migration values ('9999_later', now())", name)
    return url


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("empty", "is empty, though"), ("missing", "cannot be reached"),
        ("another program's", "none of iwapi: wp_posts"),
        ("a table is gone", 'cannot be used: relation "meta" does not exist'),
        ("of another installation", "does not belong to its pepper"),
        ("another encoding", "its encoding is not UTF8"),
        ("wrong password", "password authentication failed"),
        ("no server", "cannot be reached: connection failed"),
        ("of a newer iwapi", "was written by a newer iwapi: 9999_later"),
    ],
)  # fmt: skip
def test_a_store_that_cannot_be_used_is_refused_in_one_sentence(state: Path, how: str, said: str) -> None:
    url = spoil(state, how)
    threads = threading.active_count()
    with pytest.raises(StateError, match=said) as error:
        open_panel(state, config(database=url))
    assert str(error.value).count("\n") == 0
    assert "postgresql://iwapi:********@127.0.0.1" in str(error.value)
    assert threading.active_count() == threads
    told = [found for found in examine(state, config(database=url)) if found.grade == "fail"]
    assert told
    for secret in (postgres.PASSWORD, "Another-secret"):
        assert secret not in f"{error.value} {told}"


def test_the_doctor_finds_a_good_store_good(state: Path) -> None:
    world = open_world(state, [Recording()])
    world.open()
    world.panel.close()
    found = {one.about: one for one in examine(state, config(database=url_of(state)))}
    assert [found[about].grade for about in ("migrations", "pepper", "audit", "accounts")] == ["ok"] * 4


def test_the_doctor_minds_who_may_read_the_password(state: Path) -> None:
    settings_file(state).chmod(0o644)
    told = Console(state)("doctor")
    assert "which holds the password of the database" in " ".join(told.output.split())
    settings_file(state).chmod(0o600)
    assert "the password of the database" not in Console(state)("doctor").output


def test_a_panel_goes_on_when_its_server_restarts(tmp_path: Path, cheap_passwords: None) -> None:
    own = postgres.Server()
    state = tmp_path / "state"
    url = own.url(own.create())
    install(state, ADMIN, ADMIN_PASSWORD, [("192.0.2.1", True)], url)
    settings_file(state).write_text(f'database = "{url}"\n')
    world = open_world(state, [Recording()])
    world.open("a.test")
    own.restart(signal.SIGQUIT)
    world.call("suspendSiteWorxAccount", {"domain": "a.test"})
    world.open("b.test")
    assert world.rows("select domain, state from account order by id") == [
        ("a.test", "inactive"), ("b.test", "active"),
    ]  # fmt: skip
    world.panel.close()
    own.remove()


def test_init_keeps_the_url_as_the_setting(tmp_path: Path, empty: str) -> None:
    fresh = Console(tmp_path / "new" / "state")
    words = ("init", "--email", "me@example.com", "--shared", "192.0.2.1")
    made = fresh(*words, "--database", empty, lines=(PASSWORD,))
    assert made.exit_code == 0, made.output
    assert applied(empty)
    assert (settings_file(fresh.state).stat().st_mode & 0o777) == 0o600
    assert fresh("check-config").exit_code == 0
    assert rows_at(empty, "select address from address") == [("192.0.2.1",)]
    assert fresh("listPackages").exit_code == 0


def test_init_takes_the_url_of_the_settings(tmp_path: Path, empty: str) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    settings_file(state).write_text(f'database = "{empty}"\n')
    fresh = Console(state)
    words = ("init", "--email", "me@example.com", "--shared", "192.0.2.1")
    other = fresh(*words, "--database", empty + "x", lines=(PASSWORD,))
    assert "the settings name another database" in other.output
    assert fresh(*words, lines=(PASSWORD,)).exit_code == 0
    assert applied(empty)
    assert settings_file(state).read_text() == f'database = "{empty}"\n'


def test_a_store_on_a_server_is_not_moved(state: Path) -> None:
    moved = Console(state)("migrate", "--to", url_of(state))
    assert moved.exit_code == 1
    assert "names PostgreSQL: there is nothing to move" in moved.output
    assert "this must be a URL" in Console(state)("migrate", "--to", "mysql://x/y").output
