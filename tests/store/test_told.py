"""Every column of every table is told, or kept silent on purpose: a new one cannot leak into a dry run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iwapi.store.told import TOLD
from tests.helpers import rows

SECRET = re.compile(r"mac|argon2|crypt|secret|token")
_FOREIGN = {"_yoyo_log", "_yoyo_migration", "_yoyo_version", "yoyo_lock", "sqlite_sequence"}


@pytest.fixture
def store() -> str:
    return "sqlite"


def _tables(state: Path) -> set[str]:
    return {name for (name,) in rows(state, "select name from sqlite_master where type = 'table'")} - _FOREIGN


def test_every_table_stands_there_with_its_keys(installed: Path) -> None:
    assert _tables(installed) == TOLD.keys()
    for table, told in TOLD.items():
        keys = rows(installed, "select name from pragma_table_info(?) where pk > 0 order by pk", table)
        assert told.keys == tuple(name for (name,) in keys), table


@pytest.mark.parametrize("table", sorted(name for name, told in TOLD.items() if told.members))
def test_every_column_is_told_or_silent(installed: Path, table: str) -> None:
    told = TOLD[table]
    columns = {name for (name,) in rows(installed, "select name from pragma_table_info(?)", table)}
    said = " ".join([told.name, *told.members.values(), *told.times.values(), *told.secrets.values()])
    silent = set(told.silent.split())
    assert silent <= columns
    assert columns <= silent | set(re.findall(r"\w+", said))


@pytest.mark.parametrize("table", sorted(TOLD))
def test_a_secret_is_told_as_one(table: str) -> None:
    told = TOLD[table]
    assert not any(SECRET.search(sql) for sql in (told.name, *told.members.values(), *told.times.values()))


@pytest.mark.parametrize("table", sorted(name for name, told in TOLD.items() if told.members))
def test_what_has_come_is_never_told_as_nothing(installed: Path, table: str) -> None:
    """The first member of a row is a column that cannot be null."""
    first = next(iter(TOLD[table].members.values()))
    needed = rows(installed, "select name from pragma_table_info(?) where [notnull] = 1 or pk > 0", table)
    assert table in ("reseller", "nodeworx_user") or first in {name for (name,) in needed}
