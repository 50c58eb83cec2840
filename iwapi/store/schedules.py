"""Suspensions that wait for their time: jobs with a `due` and a `wish`, of generation 0 until they are made.

One is made in the writer's turn, where it is looked at once more: so exactly once, whichever process sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iwapi.core.suspension import Wish, wish_of
from iwapi.store import jobs, wanted
from iwapi.store.db import Tx
from iwapi.store.jobs import Building, Touches
from iwapi.store.suspensions import Suspensions

_OPEN = "due is not null and generation = 0 and finished is null"


def add(tx: Tx, account_id: int, wish: Wish, due: int, action: str, request_id: str, now: int) -> None:
    """Have a wish of an account carried out at its time, in place of the one before it of its kind."""
    for job, at, other in _of(tx, account_id):
        if other == wish and at == due:
            return
        if wish.replaces(other):
            _finish(tx, job, "replaced", None, now)
    tx.run(
        "insert into job (account_id, generation, action, request_id, created, owner, about, due, wish)"
        " select id, 0, ?, ?, ?, owner, domain, ?, ? from account where id = ?",
        action, request_id, now, due, wish.text(), account_id,
    )  # fmt: skip


def _of(tx: Tx, account_id: int) -> Iterator[tuple[int, int, Wish]]:
    rows = tx.all(f"select id, due, wish from job where account_id = ? and {_OPEN} order by id", account_id)
    for row in rows:
        yield row["id"], row["due"], wish_of(row["wish"])


def cancel_all(tx: Tx, account_id: int, now: int) -> None:
    """The account is closed: nothing that waits for its time is done to it."""
    for job, _, _ in _of(tx, account_id):
        _finish(tx, job, "cancelled", "the account was closed", now)


def due(tx: Tx, now: int, most: int) -> list[int]:
    """The jobs whose time has come."""
    rows = tx.all(f"select id from job where due <= ? and {_OPEN} order by due, id limit ?", now, most)
    return [int(row["id"]) for row in rows]


@dataclass(frozen=True)
class CarriedOut:
    """A wish whose time came. `building` is what services must do for it; `error` why it was not made."""

    domain: str
    request_id: str
    wish: Wish
    error: str | None
    building: Building | None


def carry_out(tx: Tx, job: int, process: str, touches: Touches, now: int) -> CarriedOut | None:
    """Make the wish of a job; None where that was done or ended before."""
    row = tx.one(
        f"select account_id, wish, about, request_id from job where id = ? and due <= ? and {_OPEN}", job, now
    )
    if row is None:
        return None
    account_id, wish = row["account_id"], wish_of(row["wish"])
    error, changed = _made(tx, account_id, wish, now)
    building = _built(tx, account_id, job, process, touches, now) if changed else None
    if building is None:
        _finish(tx, job, "failed" if error else "done", error, now)
    return CarriedOut(row["about"], row["request_id"], wish, error, building)


def _made(tx: Tx, account_id: int, wish: Wish, now: int) -> tuple[str | None, bool]:
    """Why the wish was not made, if so, and whether the account changed."""
    if tx.one("select 1 from account where id = ? and state in ('active', 'inactive')", account_id) is None:
        return "there is no such account any more", False
    suspensions = Suspensions(tx, account_id)
    if wish.do == "suspend":
        return None, suspensions.begin(wish.reason, wish.message, wish.by_master, now)
    if suspensions.is_master_s(wish.reason) and not wish.by_master:
        return f"the master administrator suspended it for the reason {wish.reason}", False
    return None, suspensions.end(wish.reason)


def _built(tx: Tx, account_id: int, job: int, process: str, touches: Touches, now: int) -> Building | None:
    """The job is one that services carry out, from now on; None where they have nothing to do."""
    want = wanted.raised(tx, account_id, now)
    if jobs.settled_at_once(tx, want, touches):
        return None
    tx.run("update job set generation = ? where id = ?", want.generation, job)
    jobs.lease(tx, account_id, process)
    return Building(account_id, want.generation, job)


def _finish(tx: Tx, job: int, outcome: str, error: str | None, now: int) -> None:
    tx.run("update job set finished = ?, outcome = ?, error = ? where id = ?", now, outcome, error, job)
