"""Progress: what each service does in one round of an account's building, for whoever asks for its job."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from iwapi.core.jobs import Reached, failure
from iwapi.core.want import Want
from iwapi.errors import Unavailable
from iwapi.store import jobs
from iwapi.store.db import Database, Tx
from iwapi.timers import Timers

SLOW_SECONDS = 1.0
"""A service that is called for longer is written down while it runs, so that every process can tell of it."""


class Progress:
    """The steps of one round. `services` are those that have something to do, in their order."""

    def __init__(
        self,
        want: Want,
        services: Sequence[str],
        database: Database,
        timers: Timers,
        clock: Callable[[], float],
    ) -> None:
        self._want = want
        self._database = database
        self._timers = timers
        self._clock = clock
        self._steps: dict[str, dict[str, object]] = {name: _step(name, "waiting") for name in services}
        self._over = False

    @contextmanager
    def of(self, service: str) -> Iterator[None]:
        """A service is called: how long that takes, and how it ends."""
        since, began = int(self._clock()), time.monotonic()
        self._steps[service] = _step(service, "running", since=since)
        timer = self._timers.after(SLOW_SECONDS, self._show)
        try:
            yield
        except Exception as error:
            self._ended(service, "failed", since, began, error=failure(error))
            raise
        else:
            self._ended(service, "done", since, began)
        finally:
            timer.cancel()

    @contextmanager
    def undoing(self, service: str) -> Iterator[None]:
        """A service is told to leave nothing. The one whose failure was the cause keeps telling of it."""
        before = self._steps.get(service)
        with self.of(service):
            yield
        if before is not None and before["state"] == "failed":
            self._steps[service] = before
        else:
            self._steps[service] = self._steps[service] | {"state": "undone"}

    def end(self) -> str:
        """The steps as JSON, for the transaction that ends the round: no step is written after it."""
        self._over = True
        return self._text()

    def _ended(self, service: str, state: Reached, since: int, began: float, **more: str) -> None:
        took = int((time.monotonic() - began) * 1000)
        self._steps[service] = _step(service, state, since=since, took=took, **more)

    def _text(self) -> str:
        return json.dumps(list(self._steps.values()), separators=(",", ":"))

    def _show(self) -> None:
        """Write the steps as they are. The writer runs one thing after the other: what it meets before the
        round is over, the end of the round will replace."""

        def write(tx: Tx) -> None:
            if not self._over:
                jobs.note_steps(tx, self._want.account_id, self._want.generation, self._text())

        with suppress(Unavailable):
            self._database.write(write, _ignore)


def _step(service: str, state: Reached, **more: object) -> dict[str, object]:
    return {"service": service, "state": state, **more}


def _ignore(_: object, __: Exception | None) -> None:
    """The end of the round tells it."""
