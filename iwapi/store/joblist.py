"""Jobs as callers see them, newest first, and how one is cancelled."""

from __future__ import annotations

import json
from typing import Any

from iwapi.core.jobs import OPEN, Job, Step
from iwapi.core.suspension import Intent, wish_of
from iwapi.core.times import moment
from iwapi.store import idempotency, jobs, shares
from iwapi.store.db import Row, Tx
from iwapi.store.jobs import Building

_SELECT = (
    "select j.id, j.account_id, j.generation, j.action, j.request_id, j.created, j.finished, j.outcome,"
    " j.error, j.about, j.attempts, j.steps, j.due, a.lease_by, a.next_try"
    " from job j left join account a on a.id = j.account_id and j.finished is null where"
)
_STATES = {
    "scheduled": "j.generation = 0",
    "running": "j.generation > 0 and a.lease_by is not null",
    "waiting": "j.generation > 0 and a.lease_by is null",
    "done": "j.outcome = 'done'",
}
_OTHER_STATE = "j.outcome <> 'done' and j.outcome = ?"  # as the index of the few that ended otherwise


class Jobs:
    """The jobs of the caller's own accounts; all of them for the master."""

    def __init__(self, tx: Tx, owner: int, master: bool) -> None:
        self._tx = tx
        self._whose = "" if master else "j.owner = ? and"
        self._values: tuple[object, ...] = () if master else (owner,)

    def by_id(self, job: int) -> Job | None:
        row = self._tx.one(f"{_SELECT} {self._whose} j.id = ?", *self._values, job)
        return _job(row) if row is not None else None

    def page(
        self,
        before: int,
        size: int,
        account_id: int | None = None,
        domain: str | None = None,
        open_only: bool = False,
        state: str | None = None,
    ) -> tuple[Job, ...]:
        """Up to `size` jobs whose ids come before an id."""
        terms: list[str] = []
        values: list[object] = [*self._values]
        for term, value in (("j.account_id = ?", account_id), ("j.about = ?", domain)):
            if value is not None:
                terms.append(term)
                values.append(value)
        if open_only or state in OPEN:
            terms.append("j.finished is null")
        # What names few jobs is looked up first, and whose they are seen then: `+` keeps that from its index.
        whose = self._whose.replace("j.owner", "+j.owner") if terms else self._whose
        if state is not None:
            terms.append(_STATES.get(state, _OTHER_STATE))
            values += [] if state in _STATES else [state]
        where = " and ".join([*terms, "j.id < ?"])
        sql = f"{_SELECT} {whose} {where} order by j.id desc limit ?"
        return tuple(map(_job, self._tx.all(sql, *values, before, size)))

    def removal(self, job: Job) -> Building | None:
        """What services have yet to do so that nothing is left of a new account that was taken back."""
        purged = self._tx.one("select 1 from account where id = ? and state = 'purged'", job.siteworx_id)
        return jobs.under_way(self._tx, job.siteworx_id) if purged is not None else None

    def opens(self, job: Job) -> bool:
        """Whether an open job is that of a new account that is not there yet, and that is wanted still."""
        found = self._tx.one(
            "select 1 from job j join account a on a.id = j.account_id where j.id = ? and j.generation = 1"
            " and a.applied = 0 and a.state in ('active', 'inactive')",
            job.job,
        )
        return found is not None

    def wish(self, job: Job) -> Intent:
        """What a scheduled job does at its time."""
        return wish_of(str(self._tx.value("select wish from job where id = ?", job.job)))

    def cancel(self, job: Job, now: int) -> None:
        """End a job whose time has not come; a repeat of the call that began it runs again."""
        idempotency.forget_job(self._tx, job.job)
        self._tx.run("update job set finished = ?, outcome = 'cancelled' where id = ?", now, job.job)

    def take_back(self, job: Job, now: int) -> None:
        """Want nothing of a new account, as if it had never been: its names are free and its shares given
        back now, its jobs end, and what a service has of it is to be removed."""
        account_id = job.siteworx_id
        shares.take_back(self._tx, account_id)
        owner = self._tx.value(
            "update account set state = 'purged', tries = 0, next_try = 0 where id = ? returning owner",
            account_id,
        )
        self._tx.run("update nodeworx_user set accounts = accounts - 1 where id = ?", owner)
        for table in ("domain", "zone"):
            self._tx.run(f"update {table} set living = 0 where account_id = ?", account_id)
        idempotency.forget(self._tx, account_id, jobs.EVERY)
        idempotency.forget_account(self._tx, account_id)
        jobs.end_all(self._tx, account_id, "cancelled", None, now)


def _job(row: Row) -> Job:
    state = row["outcome"]
    if row["finished"] is None:
        running = row["lease_by"] is not None
        state = "scheduled" if row["generation"] == 0 else "running" if running else "waiting"
    waits = state == "waiting" and row["next_try"]
    return Job(
        job=row["id"], siteworx_id=row["account_id"], domain=row["about"] or None, action=row["action"],
        state=state, attempts=row["attempts"], created=moment(row["created"]),
        due=moment(row["due"]) if row["due"] is not None else None,
        next_try=moment(row["next_try"]) if waits else None,
        finished=moment(row["finished"]) if row["finished"] is not None else None,
        error=row["error"], request_id=row["request_id"],
        steps=tuple(_step(one, state) for one in json.loads(row["steps"])),
    )  # fmt: skip


def _step(one: dict[str, Any], state: str) -> Step:
    """One that ran when its process was lost runs no more."""
    reached = one["state"] if one["state"] != "running" or state == "running" else "waiting"
    since = moment(one["since"]) if "since" in one else None
    return Step(
        service=one["service"], state=reached, since=since, took=one.get("took"), error=one.get("error")
    )
