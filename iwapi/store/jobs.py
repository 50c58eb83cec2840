"""Building: jobs, leases, and what each service has applied of an account's wanted state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iwapi.store.db import Tx

_RETRY_SECONDS = (1, 2, 5, 15, 60, 300)


@dataclass(frozen=True)
class Building:
    """A change of an account that services must carry out."""

    account_id: int
    generation: int
    job: int


def begin(tx: Tx, account_id: int, generation: int, action: str, request_id: str, now: int) -> Building:
    """Open the job of a change."""
    job = tx.value(
        "insert into job (account_id, generation, action, request_id, created, owner, about)"
        " select id, ?, ?, ?, ?, owner, domain from account where id = ? returning id",
        generation, action, request_id, now, account_id,
    )  # fmt: skip
    return Building(account_id, generation, int(job))


def lease(tx: Tx, account_id: int, holder: str, gone: str | None = None) -> bool:
    """Take the account for `holder`, unless another process has it that is not `gone`."""
    return bool(
        tx.run(
            "update account set lease_by = ? where id = ? and (lease_by is null or lease_by in (?, ?))",
            holder, account_id, holder, gone,
        )
    )  # fmt: skip


def holder(tx: Tx, account_id: int) -> str | None:
    """The process that has the account."""
    found: str | None = tx.value("select lease_by from account where id = ?", account_id)
    return found


def tries(tx: Tx, account_id: int) -> int:
    """How often services failed to reach what is wanted now."""
    return int(tx.value("select tries from account where id = ?", account_id) or 0)


def reached(tx: Tx, account_id: int) -> int:
    """The last generation that is real."""
    return int(tx.value("select applied from account where id = ?", account_id) or 0)


def is_waiting(tx: Tx, account_id: int) -> bool:
    """Whether a change of the account is not real yet."""
    return tx.one("select 1 from account where id = ? and generation > applied", account_id) is not None


def latest(tx: Tx, account_id: int) -> tuple[int, str]:
    """The last job of the account and the request that began it."""
    row = tx.one("select id, request_id from job where account_id = ? order by id desc limit 1", account_id)
    return (0, "") if row is None else (row["id"], row["request_id"])


def fingerprints(tx: Tx, account_id: int) -> dict[str, str]:
    """What each service has applied."""
    rows = tx.all(
        "select service, fingerprint from applied where account_id = ? and error is null", account_id
    )
    return {row["service"]: row["fingerprint"] for row in rows}


def settle(tx: Tx, account_id: int, generation: int, applied: Mapping[str, str]) -> None:
    """The services are as `generation` wants them: write what each applied, and give up the lease."""
    tx.run_many(
        "insert into applied (account_id, service, generation, fingerprint) values (?, ?, ?, ?)"
        " on conflict (account_id, service) do update"
        " set generation = excluded.generation, fingerprint = excluded.fingerprint, error = null",
        [(account_id, service, generation, print_) for service, print_ in applied.items()],
    )
    tx.run(
        "update account set applied = case when applied < ? then ? else applied end,"
        " tries = 0, next_try = 0, lease_by = null where id = ?",
        generation, generation, account_id,
    )  # fmt: skip


def lost(tx: Tx, account_id: int) -> None:
    """What was applied is not there any more: have it applied again."""
    tx.run("delete from applied where account_id = ?", account_id)
    tx.run("update account set generation = generation + 1 where id = ?", account_id)


def postpone(tx: Tx, account_id: int, generation: int, service: str, error: str, now: int) -> None:
    """A service failed: try again later, later each time."""
    tx.run(
        "insert into applied (account_id, service, generation, fingerprint, error) values (?, ?, ?, '', ?)"
        " on conflict (account_id, service) do update set error = excluded.error",
        account_id, service, generation, error,
    )  # fmt: skip
    tx.run("update account set tries = tries + 1 where id = ?", account_id)
    wait = _RETRY_SECONDS[min(tries(tx, account_id), len(_RETRY_SECONDS)) - 1]
    tx.run("update account set next_try = ?, lease_by = null where id = ?", now + wait, account_id)


def finish(tx: Tx, account_id: int, generation: int, outcome: str, error: str | None, now: int) -> None:
    """Close the jobs of an account up to a generation."""
    tx.run(
        "update job set finished = ?, outcome = ?, error = ?"
        " where account_id = ? and generation <= ? and finished is null",
        now, outcome, error, account_id, generation,
    )  # fmt: skip


def closing(tx: Tx, uniqname: str) -> int | None:
    """The open job of a closed account whose data still stands under this Unix name."""
    job = tx.value(
        "select max(j.id) from account a join job j on j.account_id = a.id and j.finished is null"
        " where a.uniqname = ? and a.state = 'parked' and a.generation > a.applied",
        uniqname,
    )
    return None if job is None else int(job)


def waiting(tx: Tx, now: int, most: int) -> list[tuple[int, str | None]]:
    """Accounts whose wanted state is not real yet and whose time has come, and who has them."""
    rows = tx.all(
        "select id, lease_by from account where generation > applied and next_try <= ?"
        " order by next_try, id limit ?",
        now, most,
    )  # fmt: skip
    return [(row["id"], row["lease_by"]) for row in rows]


def due_for_purge(tx: Tx, now: int, most: int) -> list[int]:
    """Closed accounts whose grace time is over."""
    rows = tx.all("select id from account where state = 'parked' and purge_at <= ? limit ?", now, most)
    return [int(row["id"]) for row in rows]
