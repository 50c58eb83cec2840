"""Carrying out: what services must build is waited for as long as the call allows; then its job is named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from iwapi.errors import ApiError, OutcomeUnknown, Pending, Unavailable
from iwapi.store import jobs
from iwapi.store.db import Database
from iwapi.store.jobs import Building
from iwapi.timers import Timers

Built: TypeAlias = Callable[[ApiError | None], None]
Build: TypeAlias = Callable[[Building, Built], None]
"""Has services carry a committed change out, and says once how that ended."""


@dataclass(frozen=True)
class Carrier:
    """Has changes carried out, and knows the time."""

    database: Database
    build: Build
    timers: Timers
    clock: Callable[[], float]

    def __call__(self, building: Sequence[Building], until: float, done: Built) -> None:
        """Build it all; `done` is called once: with nothing, with the first failure, or with `Pending` when
        it is `until`, on the monotonic clock. That is written down first, since a new account is not taken
        back once its client was told that it comes.
        """
        carried = _Carried(self, building, done)
        timer = self.timers.at(until, carried.late)

        def built(error: ApiError | None) -> None:
            if carried.built(error):
                timer.cancel()

        for one in building:
            self.build(one, built)


class _Carried:
    def __init__(self, carrier: Carrier, building: Sequence[Building], done: Built) -> None:
        self._carrier = carrier
        self._jobs = [one.job for one in building]
        self._left = len(building)
        self._failure: ApiError | None = None
        self._done = done
        self._over = False
        self._lock = threading.Lock()

    def built(self, error: ApiError | None) -> bool:
        """One of them ended; whether that was the last."""
        with self._lock:
            self._left -= 1
            self._failure = self._failure or error
            if self._left:
                return False
            first, self._over = not self._over, True
        if first:
            self._done(self._failure)
        return True

    def late(self) -> None:
        """The time is over."""
        now = int(self._carrier.clock())
        try:
            self._carrier.database.write(partial(jobs.tell, ids=self._jobs, now=now), self._told)
        except Unavailable:
            self._end(OutcomeUnknown())

    def _told(self, job: int | None, error: Exception | None) -> None:
        if error is not None:
            self._end(OutcomeUnknown())
        elif job is not None:
            self._end(Pending(job=job))
        # else all of them ended meanwhile, and how they did is said in a moment

    def _end(self, error: ApiError) -> None:
        with self._lock:
            first, self._over = not self._over, True
        if first:
            self._done(error)
