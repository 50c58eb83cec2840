"""What is forgotten after its time: finished jobs, calls that were remembered for their repeats, names whose
rest is over, and who closed accounts."""

from __future__ import annotations

from iwapi.core.server import DAY
from iwapi.store import breaker, idempotency, names
from iwapi.store.db import Tx

JOB_SECONDS = 30 * DAY
"""How long a finished job can be asked for."""


def is_due(tx: Tx, now: int) -> bool:
    """Whether anything is old enough."""
    return (
        tx.one("select 1 from job where finished <= ? limit 1", now - JOB_SECONDS) is not None
        or tx.one("select 1 from idempotency where expires <= ? limit 1", now) is not None
        or names.has_rested(tx, now)
        or breaker.has_old(tx, now)
    )


def prune(tx: Tx, now: int, most: int) -> None:
    """Forget some of each. The last job stays, or its number would be given again."""
    tx.run(
        "delete from job where id in (select id from job where finished <= ? order by finished limit ?)"
        " and id < (select max(id) from job)",
        now - JOB_SECONDS, most,
    )  # fmt: skip
    idempotency.prune(tx, now, most)
    names.forget_rested(tx, now, most)
    breaker.forget_old(tx, now, most)
