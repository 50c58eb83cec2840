"""Changes that wait for their time: the sweep makes those that are due, each exactly once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass

from iwapi.core.pepper import Pepper
from iwapi.store import audit, schedules
from iwapi.store.db import Database, Tx
from iwapi.store.jobs import Building, Touches

MOST = 200
"""As many are made in one sweep; the others in the next."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """Makes what is due. `process` holds the leases of what services must build for it."""

    database: Database
    pepper: Pepper
    process: str
    touches: Touches
    clock: Callable[[], float]

    def make(self) -> list[Building]:
        """Make all that is due now; what services must build."""
        with self.database.snapshot() as tx:
            due = schedules.due(tx, int(self.clock()), MOST)
        return [building for job in due if (building := self._make(job)) is not None]

    def _make(self, job: int) -> Building | None:
        try:
            building: Building | None = self.database.change(lambda tx: self._write(tx, job))
        except Exception:
            log.exception("job %d could not be carried out; it is tried again", job)
            return None
        return building

    def _write(self, tx: Tx, job: int) -> Building | None:
        """Make one, in the writer's turn; where another process did, nothing."""
        now = int(self.clock())
        made = schedules.carry_out(tx, job, self.process, self.touches, now)
        if made is None:
            return None
        entry = audit.Entry(
            now, "engine", "", "engine", f"scheduled {made.wish.do}", made.domain, made.error or "ok",
            made.request_id, asdict(made.wish),
        )  # fmt: skip
        audit.append(tx, self.pepper, entry)
        return made.building
