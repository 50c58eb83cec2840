"""Building: jobs, leases, and what each service has applied of an account's wanted state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from iwapi.core.want import Want
from iwapi.store.db import Tx

Touches: TypeAlias = Callable[[Want, dict[str, str]], bool]
"""Whether a service must do something to become as wanted, given the fingerprints of what is applied."""

_BUILDS = "(due is null or generation > 0)"
"""A job that waits for its time is none of building."""
EVERY = 2**62
TAKEN_BACK = ("undone", "cancelled")
"""Outcomes of jobs whose accounts are as if they had never been."""
"""A generation that no account reaches."""
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


@dataclass(frozen=True)
class Told:
    """How jobs stand when the time of their call is over: the first that is open, and how one ended that was
    not done."""

    open: int | None
    undone: str | None


def tell(tx: Tx, ids: Sequence[int], now: int) -> Told:
    """Note that a client is told of those that are not finished."""
    open_ = [
        job for job in ids
        if tx.run("update job set told = coalesce(told, ?) where id = ? and finished is null", now, job)
    ]  # fmt: skip
    ended = [outcome(tx, job) for job in ids if job not in open_]
    return Told(open_[0] if open_ else None, next((one for one in ended if one in TAKEN_BACK), None))


def is_told(tx: Tx, account_id: int) -> bool:
    """Whether a client was told that a change of the account goes on."""
    told = tx.one(
        "select 1 from job where account_id = ? and finished is null and told is not null", account_id
    )
    return told is not None


def under_way(tx: Tx, account_id: int) -> Building | None:
    """The last change of the account, where it is not real yet."""
    row = tx.one(
        "select a.id, a.generation, j.id from account a join job j"
        " on j.account_id = a.id and j.generation = a.generation and j.finished is null"
        " where a.id = ? and a.generation > a.applied",
        account_id,
    )
    return Building(*row) if row is not None else None


def latest(tx: Tx, account_id: int) -> tuple[int, str]:
    """The last job of the account and the request that began it."""
    row = tx.one(
        f"select id, request_id from job where account_id = ? and {_BUILDS} order by id desc limit 1",
        account_id,
    )
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


def settled_at_once(tx: Tx, want: Want, touches: Touches) -> bool:
    """Settle a change for which no service has anything to do, where no earlier one is under way; whether it
    was one."""
    applied = fingerprints(tx, want.account_id)
    if want.generation != reached(tx, want.account_id) + 1 or touches(want, applied):
        return False
    settle(tx, want.account_id, want.generation, applied)
    return True


def settled_all(tx: Tx, owner: int, wants: Sequence[Want], touches: Touches) -> list[Want]:
    """The same for many accounts of an owner; those that were not settled."""
    living = "a.owner = ? and a.state in ('active', 'inactive')"
    reached = {
        row[0]: row[1] for row in tx.all(f"select a.id, a.applied from account a where {living}", owner)
    }
    applied: dict[int, dict[str, str]] = {}
    for row in tx.all(
        "select p.account_id, p.service, p.fingerprint from applied p join account a on a.id = p.account_id"
        f" where {living} and p.error is null",
        owner,
    ):
        applied.setdefault(row[0], {})[row[1]] = row[2]
    done: list[Want] = []
    left: list[Want] = []
    for want in wants:
        quiet = want.generation == reached[want.account_id] + 1
        ready = quiet and not touches(want, applied.get(want.account_id, {}))
        (done if ready else left).append(want)
    tx.run_many(
        "update applied set generation = ? where account_id = ?",
        [(want.generation, want.account_id) for want in done],
    )
    tx.run_many(
        "update account set applied = ?, tries = 0, next_try = 0, lease_by = null where id = ?",
        [(want.generation, want.account_id) for want in done],
    )
    return left


def lost(tx: Tx, account_id: int) -> None:
    """What was applied is not there any more: have it applied again."""
    tx.run("delete from applied where account_id = ?", account_id)
    tx.run("update account set generation = generation + 1 where id = ?", account_id)


def postpone(
    tx: Tx, account_id: int, generation: int, service: str, error: str, why: str, steps: str, now: int
) -> None:
    """A service failed: try again later, later each time. `why` is what its jobs tell of it."""
    tx.run(
        "insert into applied (account_id, service, generation, fingerprint, error) values (?, ?, ?, '', ?)"
        " on conflict (account_id, service) do update set error = excluded.error",
        account_id, service, generation, error,
    )  # fmt: skip
    tx.run("update account set tries = tries + 1 where id = ?", account_id)
    wait = _RETRY_SECONDS[min(tries(tx, account_id), len(_RETRY_SECONDS)) - 1]
    tx.run("update account set next_try = ?, lease_by = null where id = ?", now + wait, account_id)
    tx.run(
        "update job set attempts = attempts + 1, error = ?, steps = ?"
        f" where account_id = ? and generation <= ? and {_BUILDS} and finished is null",
        why, steps, account_id, generation,
    )  # fmt: skip


def note_steps(tx: Tx, account_id: int, generation: int, steps: str) -> None:
    """What services do at this moment for the jobs of an account up to a generation."""
    tx.run(
        "update job set steps = ?"
        f" where account_id = ? and generation <= ? and {_BUILDS} and finished is null",
        steps, account_id, generation,
    )  # fmt: skip


def finish(
    tx: Tx, account_id: int, generation: int, outcome: str, why: str | None, steps: str, now: int
) -> int:
    """Close the jobs of an account up to a generation, after a try; how many they were."""
    return tx.run(
        "update job set finished = ?, outcome = ?, error = ?, attempts = attempts + 1, steps = ?"
        f" where account_id = ? and generation <= ? and {_BUILDS} and finished is null",
        now, outcome, why, steps, account_id, generation,
    )  # fmt: skip


def end_all(tx: Tx, account_id: int, outcome: str, why: str | None, now: int) -> None:
    """Close every job of an account that is not there any more, those that wait for their time too."""
    tx.run(
        "update job set finished = ?, outcome = ?, error = ? where account_id = ? and finished is null",
        now, outcome, why, account_id,
    )  # fmt: skip


def outcome(tx: Tx, job: int) -> str | None:
    """How a job ended; None where it is open."""
    found: str | None = tx.value("select outcome from job where id = ?", job)
    return found


def closing(tx: Tx, uniqname: str) -> int | None:
    """The open job of an account that was closed or taken back and still stands under this Unix name."""
    job = tx.value(
        "select max(j.id) from account a join job j on j.account_id = a.id and j.finished is null"
        " and (j.due is null or j.generation > 0)"
        " where a.uniqname = ? and a.state in ('parked', 'purged') and a.generation > a.applied"
        " and (a.state = 'parked' or a.closed is null)",
        uniqname,
    )
    return None if job is None else int(job)


def holders(tx: Tx) -> list[str]:
    """The processes that have accounts which are not as wanted."""
    rows = tx.all("select distinct lease_by from account where generation > applied and lease_by is not null")
    return [row["lease_by"] for row in rows]


def waiting(tx: Tx, now: int, most: int, held: Sequence[str]) -> list[int]:
    """Accounts whose wanted state is not real yet and whose time has come, but for those that processes have
    that still run."""
    marks = ", ".join("?" for _ in held)
    free = f"and (lease_by is null or lease_by not in ({marks}))" if held else ""
    rows = tx.all(
        f"select id from account where generation > applied and next_try <= ? {free}"
        " order by next_try, id limit ?",
        now, *held, most,
    )  # fmt: skip
    return [row["id"] for row in rows]
