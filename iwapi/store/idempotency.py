"""Calls that were carried out or are being carried out, so that a repeat is not a second one.

A record's answer counts once every job that names it is done: while one is open a repeat waits for it, and
one that was undone takes the record with it, so that the repeat runs again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iwapi.store.db import Tx
from iwapi.store.jobs import Building


@dataclass(frozen=True)
class Name:
    """What a call is known by. `caller` is whose it is. `sent` says that the client named it: `name` is its
    idempotency key; otherwise it is the call's own fingerprint."""

    caller: str
    name: str
    sent: bool
    fingerprint: str


@dataclass(frozen=True)
class Record:
    """A call that was made before. `answer` is JSON, None where it held a secret; `open` are its jobs that
    are not finished."""

    id: int
    action: str
    fingerprint: str
    about: str
    answer: str | None
    open: tuple[Building, ...]


def find(tx: Tx, name: Name, now: int) -> Record | None:
    """The call of that name, unless it is so old that it is forgotten."""
    row = tx.one(
        "select id, action, fingerprint, about, answer from idempotency"
        " where caller = ? and name = ? and expires > ?",
        name.caller, name.name, now,
    )  # fmt: skip
    if row is None:
        return None
    jobs = tx.all(
        "select j.account_id, j.generation, j.id from record_job r join job j on j.id = r.job"
        " where r.record = ? and j.finished is null and j.generation > 0 order by j.id",
        row["id"],
    )
    open_ = tuple(Building(*job) for job in jobs)
    return Record(row["id"], row["action"], row["fingerprint"], row["about"], row["answer"], open_)


def keep(
    tx: Tx,
    name: Name,
    action: str,
    controller: str,
    about: str,
    answer: str | None,
    account_id: int | None,
    jobs: Iterable[int],
    now: int,
    expires: int,
) -> int:
    """Remember a call and its answer, which counts once its jobs are done that do not wait for their time.
    One of the same name before it is replaced; ids are not used again."""
    tx.run("delete from idempotency where caller = ? and name = ?", name.caller, name.name)
    record = int(
        tx.value(
            "insert into idempotency"
            " (caller, name, sent, action, controller, fingerprint, about, answer, account_id, created,"
            " expires) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
            name.caller, name.name, int(name.sent), action, controller, name.fingerprint, about, answer,
            account_id, now, expires,
        )
    )  # fmt: skip
    tx.run_many("insert into record_job (record, job) values (?, ?)", [(record, job) for job in jobs])
    return record


def delivered(tx: Tx, records: Iterable[int]) -> None:
    """The answers of these were handed over: what the client did not name itself is repeated no more."""
    tx.run_many("delete from idempotency where id = ? and sent = 0", [(record,) for record in records])


def end_for_account(tx: Tx, account_id: int) -> None:
    """An account is closed: to add to one like it is no repeat, unless the client says so."""
    tx.run("delete from idempotency where account_id = ? and sent = 0", account_id)


def end_adding(tx: Tx, controller: str, account_id: int | None) -> None:
    """What was added by a controller, inside that account or none, may be deleted or changed: to add it again
    is no repeat, unless the client says so."""
    tx.run(
        "delete from idempotency where controller = ? and sent = 0 and coalesce(account_id, 0) = ?",
        controller, account_id or 0,
    )  # fmt: skip


def forget(tx: Tx, account_id: int, generation: int) -> None:
    """What the open jobs of an account were to do is taken back: a repeat runs again."""
    tx.run(
        "delete from idempotency where id in (select r.record from record_job r join job j on j.id = r.job"
        " where j.account_id = ? and j.generation <= ? and j.finished is null)",
        account_id, generation,
    )  # fmt: skip


def forget_account(tx: Tx, account_id: int) -> None:
    """An account is taken back as if it had never been: so are all calls about it."""
    tx.run("delete from idempotency where account_id = ?", account_id)


def forget_job(tx: Tx, job: int) -> None:
    """What a job was to do is taken back."""
    tx.run("delete from idempotency where id in (select record from record_job where job = ?)", job)


def prune(tx: Tx, now: int, most: int) -> None:
    """Forget some of the records whose time is over."""
    tx.run(
        "delete from idempotency where id in"
        " (select id from idempotency where expires <= ? order by expires limit ?)",
        now, most,
    )  # fmt: skip
