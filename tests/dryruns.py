"""A dry run beside the call that it foretells: both are made, and what they say and leave is compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeAlias

from iwapi.asked import Asked, Outcome
from iwapi.errors import ApiError, DryRun, InternalError
from iwapi.provision.recording import Recording
from iwapi.store.told import TOLD
from tests.helpers import World, url_of

Dump: TypeAlias = dict[str, list[tuple[Any, ...]]]

USES = {"api_key": "last_used last_address last_client", "session": "seen"}
"""What is written of every call that comes, whatever becomes of it."""

BOOKS = {
    **USES, "account": "changed applied lease_by tries next_try",
    "nodeworx_user": "accounts", "resting_name": "owner account_id",
}  # fmt: skip
"""What follows from a change, and is no change by itself."""

BESIDE = {"audit", "meta"}
KEPT_BOOKS = BESIDE | {"applied", "idempotency", "termination", "storage", "traffic"}


def dump(world: World, without: Mapping[str, str] = USES, beside: set[str] = BESIDE) -> Dump:
    """What the store holds, but for some columns and tables. Building jobs and ended sessions are no news."""
    found = {}
    with world.panel.database.snapshot() as tx:
        for table in TOLD.keys() - beside:
            left = [name for name in _columns(world, table) if name not in without.get(table, "").split()]
            where = ""
            if without is BOOKS and table == "job":
                where = " where due is not null or finished is not null"
            if without is BOOKS and table == "session":
                where = f" where expires > {int(world.clock())}"
            rows = tx.all(f"select {', '.join(left)} from {table}{where}")
            found[table] = sorted((tuple(row) for row in rows), key=repr)
    return found


_columns_of: dict[str, list[str]] = {}


def _columns(world: World, table: str) -> list[str]:
    if table not in _columns_of:
        sql = (
            "select column_name from information_schema.columns where table_name = ?"
            if url_of(world.panel.state)
            else "select name from pragma_table_info(?)"
        )
        _columns_of[table] = sorted(name for (name,) in world.rows(sql, table))
    return _columns_of[table]


@dataclasses.dataclass(frozen=True)
class Foretold:
    """What a dry run said, what the call said then, and whether that changed a row."""

    dry: ApiError
    real: Outcome
    changed: bool


def foretold(world: World, asked: Asked, driver: Recording) -> Foretold:
    """Make a dry run, which must change nothing, and then the call; the dry run must have said what comes."""
    before, verbs = dump(world), len(driver.asked)
    (dry,) = world.outcomes(dataclasses.replace(asked, options={**asked.options, "dry_run": "1"}))
    world.settle()
    assert dry.answer is None
    assert dry.error is not None, "a dry run is never answered as a success"
    assert dump(world) == before, "a dry run changed something"
    assert len(driver.asked) == verbs, "a dry run reached a service"
    books = dump(world, BOOKS, KEPT_BOOKS)
    (real,) = world.outcomes(asked)
    world.settle()
    after = dump(world, BOOKS, KEPT_BOOKS)
    about = (asked.action.path, asked.raw, str(dry.error.message), str(real.error and real.error.message))
    if real.error is None:
        assert isinstance(dry.error, DryRun), about
        return Foretold(dry.error, real, books != after)
    assert type(dry.error) is type(real.error), about
    assert type(dry.error) is not InternalError, about
    assert dry.error.problems == real.error.problems, about
    assert dry.error.text == real.error.text, about
    return Foretold(dry.error, real, books != after)


def told_difference(one: Foretold) -> None:
    """A dry run tells a change exactly when there is one."""
    if isinstance(one.dry, DryRun):
        assert bool(one.dry.changes) == one.changed, one.dry.message
