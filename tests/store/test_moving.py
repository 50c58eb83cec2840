"""A store is moved whole or not at all, whatever is interrupted, and there is only one that can be opened."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from iwapi.app.panel import open_panel
from iwapi.app.stores import StateError, move_store
from iwapi.core.places import settings_file
from iwapi.kinds import DatabaseUrl
from iwapi.provision.recording import Recording
from iwapi.store.migrate import applied
from tests import postgres
from tests.helpers import World, config, open_world, opening, rows, rows_at

pytestmark = [pytest.mark.needs("postgres"), pytest.mark.usefixtures("cheap_passwords")]


@pytest.fixture
def store() -> str:
    return "sqlite"


@pytest.fixture
def lived(state: Path) -> Path:
    """A state folder with a life behind it."""
    world = open_world(state, [Recording()])
    reseller = world.reseller()
    for number in range(5):
        world.open(f"a{number}.test")
    world.open("xn--bcher-kva.test", reseller, nickname="Bücher")
    world.call("deleteSiteWorxAccount", {"domain": "a1.test"})
    world.refused("createSiteWorxAccount", opening("a2.test"))
    world.key()
    odd = "tab\t, line\n, \\N, ü and 🐘"
    world.panel.database.change(lambda tx: tx.run("update account set inactive_msg = ? where id = 1", odd))
    world.panel.close()
    return state


@pytest.fixture
def empty() -> Iterator[str]:
    name = postgres.server().create()
    yield postgres.server().url(name)
    postgres.server().drop(name)


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


def ignore(_: str) -> None:
    """Nobody reads."""


def use(state: Path, url: str) -> World:
    settings_file(state).write_text(f'database = "{url}"\n')
    return open_world(state, [Recording()])


def test_all_is_there_afterwards_and_life_goes_on(lived: Path, empty: str) -> None:
    with closing(sqlite3.connect(lived / "iwapi.db")) as file, file:
        file.execute("update sqlite_sequence set seq = 500 where name = 'account'")
    told: list[str] = []
    move_store(lived, config(), empty, told.append)
    audited = rows(lived, "select count(*) from audit")[0][0]
    assert f"audit: {audited} rows, the same there" in told
    assert told[-1] == "audit: every row follows"
    for table in ("account", "nodeworx_user", "record", "job", "api_key", "resting_name"):
        order = "kind, name" if table == "resting_name" else "id"
        sql = f"select * from {table} order by {order}"
        assert rows(lived, sql) == rows_at(empty, sql), table
    world = use(lived, empty)
    assert world.open("new.test").siteworx_id == 501  # an id that was given once is not given again
    next_user = "select nextval(pg_get_serial_sequence('site_user', 'id'))"
    assert world.value(next_user) == 1_000_000_001
    world.panel.close()


def test_the_file_is_not_opened_any_more(lived: Path, empty: str) -> None:
    move_store(lived, config(), empty, ignore)
    with pytest.raises(StateError, match=r"was moved to postgresql://iwapi:.*@127") as error:
        open_panel(lived, config(), [])
    assert postgres.PASSWORD not in str(error.value)
    told: list[str] = []
    move_store(lived, config(), empty, told.append)
    assert told == ["It was moved before."]


def test_while_a_process_has_the_store_open_it_is_not_moved(lived: Path, empty: str) -> None:
    world = open_world(lived, [Recording()])
    with pytest.raises(StateError, match="another process has it open"):
        move_store(lived, config(), empty, ignore)
    world.panel.close()
    assert applied(empty) == ()

    def opens(_: str) -> None:
        with pytest.raises(StateError, match="it is being moved"):
            open_panel(lived, config(), [])

    move_store(lived, config(), empty, opens)


class Stop(Exception):
    pass


def stop_at(table: str, how: Callable[[], Any]) -> Callable[[str], None]:
    def told(line: str) -> None:
        if line.startswith(f"{table}:"):
            how()

    return told


def stop() -> None:
    raise Stop


@pytest.mark.parametrize("table", ["address", "account", "zone", "audit"])
@pytest.mark.parametrize("how", ["here", "there"])
def test_what_is_interrupted_leaves_nothing_and_is_run_again(
    lived: Path, empty: str, table: str, how: str
) -> None:
    before = rows(lived, "select * from audit")
    act = stop if how == "here" else lambda: postgres.server().kill(name_of(empty))
    with pytest.raises((StateError, Stop)):
        move_store(lived, config(), empty, stop_at(table, act))
    assert applied(empty) == ()
    with pytest.raises(StateError, match="is empty"):
        use(lived, empty)
    settings_file(lived).unlink()
    open_world(lived, [Recording()]).panel.close()  # the file is the store as before
    move_store(lived, config(), empty, ignore)
    assert rows_at(empty, "select * from audit") == before


@pytest.mark.parametrize("forward", [True, False])
def test_when_the_commit_is_not_answered_one_store_at_most_can_be_opened(
    lived: Path, empty: str, forward: bool
) -> None:
    proxy = postgres.Proxy(postgres.server().port)
    through = postgres.server().url(name_of(empty), proxy.port)
    arm = stop_at("audit", lambda: proxy.cut_at(b"commit\0", forward))
    with pytest.raises(StateError):
        move_store(lived, config(), through, arm)
    proxy.close()
    assert proxy.cuts == 1
    with pytest.raises(StateError, match="was moved"):
        open_panel(lived, config(), [])
    assert bool(applied(empty)) == forward
    told: list[str] = []
    move_store(lived, config(), empty, told.append)
    assert ("It was moved before." in told) == forward
    world = use(lived, empty)
    world.open("after.test")
    world.panel.close()


def test_a_killed_process_leaves_nothing_and_another_goes_on(lived: Path, empty: str) -> None:
    words = [sys.executable, "-m", "iwapi", "migrate", "--state", str(lived), "--to", empty]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    ) as one:
        assert one.stdout is not None
        first = one.stdout.readline()
        one.kill()
    assert "rows, the same there" in first
    with suppress(StateError):  # it may have been quicker
        open_world(lived, [Recording()]).panel.close()
        assert applied(empty) == ()
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f'database = "{DatabaseUrl(empty).shown}"' in done.stdout
    assert postgres.PASSWORD not in done.stdout + done.stderr
    use(lived, empty).panel.close()


def test_only_an_empty_database_is_taken(lived: Path, empty: str, tmp_path: Path) -> None:
    postgres.server().execute("create table other (a int)", name_of(empty))
    with pytest.raises(StateError, match="none of iwapi: other"):
        move_store(lived, config(), empty, ignore)
    postgres.server().execute("drop table other", name_of(empty))
    copy = Path(shutil.copytree(lived, tmp_path / "copy"))
    move_store(lived, config(), empty, ignore)
    with pytest.raises(StateError, match="of another time"):
        move_store(copy, config(), empty, ignore)
    open_world(copy, [Recording()]).panel.close()


def test_a_store_is_not_moved_to_two_places(lived: Path, empty: str) -> None:
    move_store(lived, config(), empty, ignore)
    name = postgres.server().create()
    with pytest.raises(StateError, match="already"):
        move_store(lived, config(), postgres.server().url(name), ignore)
    postgres.server().drop(name)


def test_what_differs_there_is_found(lived: Path, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from iwapi.store import moving

    copy = moving._copy

    def loses(server: Any, table: Any, rows: Any) -> None:
        copy(server, table, [row for row in rows if table.name != "account"])

    monkeypatch.setattr(moving, "_copy", loses)
    with pytest.raises(StateError, match=r"account is not there what it is here: 0 of \d+ rows"):
        move_store(lived, config(), empty, ignore)
    assert applied(empty) == ()


def test_a_damaged_file_or_a_server_that_is_away_is_told(lived: Path, empty: str) -> None:
    away = empty.replace(f":{postgres.server().port}/", ":1/")
    with pytest.raises(StateError, match="cannot be moved now: connection failed"):
        move_store(lived, config(), away, ignore)
    (lived / "iwapi.db").write_bytes(b"this was a database once " * 1000)
    with pytest.raises(StateError, match="cannot be moved: file is not a database"):
        move_store(lived, config(), empty, ignore)
