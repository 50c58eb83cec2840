"""Suspensions that wait for their time: jobs with a `due` and a `wish`, of generation 0 until they are made.

One is made in the writer's turn, where it is looked at once more: so exactly once, whichever process sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iwapi.core.suspension import Intent, wish_of
from iwapi.store import jobs, wanted
from iwapi.store.db import Tx
from iwapi.store.jobs import Building, Touches
from iwapi.store.suspensions import Suspensions

_OWNER = "account a join nodeworx_user u on u.id = a.owner"
_OPEN = "due is not null and generation = 0 and finished is null"


def add(tx: Tx, account_id: int, wish: Intent, due: int, action: str, request_id: str, now: int) -> int:
    """Have a wish of an account carried out at its time, in place of the one before it of its kind; the
    job."""
    for job, at, other in _of(tx, account_id):
        if other == wish and at == due:
            return job
        if wish.replaces(other):
            _finish(tx, job, "replaced", None, now)
    return int(
        tx.value(
            "insert into job (account_id, generation, action, request_id, created, owner, about, due, wish)"
            " select id, 0, ?, ?, ?, owner, domain, ?, ? from account where id = ? returning id",
            action, request_id, now, due, wish.text(), account_id,
        )
    )  # fmt: skip


def replaces_master_s(tx: Tx, account_id: int, wish: Intent) -> bool:
    """Whether a wish would take the place of one that the master scheduled."""
    return any(wish.replaces(other) and other.by_master for _, _, other in _of(tx, account_id))


def _of(tx: Tx, account_id: int) -> Iterator[tuple[int, int, Intent]]:
    rows = tx.all(f"select id, due, wish from job where account_id = ? and {_OPEN} order by id", account_id)
    for row in rows:
        yield row["id"], row["due"], wish_of(row["wish"])


def cancel_all(tx: Tx, account_id: int, now: int) -> None:
    """The account is closed: what waits for its time is not done to it, but for what the master wished for a
    reseller's account: to close and restore it is no way around that."""
    sold = tx.one(f"select 1 from {_OWNER} where a.id = ? and u.role = 'reseller'", account_id) is not None
    for job, _, wish in _of(tx, account_id):
        if not (sold and wish.by_master):
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
    wish: Intent
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


def _made(tx: Tx, account_id: int, wish: Intent, now: int) -> tuple[str | None, bool]:
    """Why the wish was not made, if so, and whether the account changed."""
    row = tx.one(
        f"select a.state, u.role = 'reseller' and u.active = 0 as stopped from {_OWNER}"
        " where a.id = ? and a.state <> 'purged'",
        account_id,
    )
    if row is None:
        return "there is no such account any more", False
    if row["stopped"] and not wish.by_master:
        return "the reseller who scheduled it is suspended", False
    suspensions, living = Suspensions(tx, account_id), row["state"] != "parked"
    if wish.do == "suspend":
        return None, suspensions.begin(wish.reason, wish.message, wish.by_master, now) and living
    if suspensions.is_master_s(wish.reason) and not wish.by_master:
        return f"the master administrator suspended it for the reason {wish.reason}", False
    return None, suspensions.end(wish.reason) and living


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
