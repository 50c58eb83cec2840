"""Carrying out: what services must build is waited for as long as the call allows; then its job is named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from iwapi.errors import ApiError, OutcomeUnknown, Pending, ProvisioningFailed, Unavailable
from iwapi.store import jobs
from iwapi.store.db import Database
from iwapi.store.jobs import Building, Told
from iwapi.timers import Timers

Built: TypeAlias = Callable[[ApiError | None], None]
Build: TypeAlias = Callable[[Building, Built], None]
"""Has services carry a committed change out, and says once how that ended."""


@dataclass
class Carrier:
    """Has changes carried out, and knows the time. One that `hurries` waits for nothing any more."""

    database: Database
    build: Build
    timers: Timers
    clock: Callable[[], float]
    hurries: bool = False
    _waiting: set[_Carried] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, building: Sequence[Building], until: float, done: Built) -> None:
        """Build it all; `done` is called once: with nothing, with the first failure, or with `Pending` when
        it is `until`, on the monotonic clock. That is written down first, since a new account is not taken
        back once its client was told that it comes.
        """
        carried = _Carried(self, building, done)
        with self._lock:
            self._waiting.add(carried)
        timer = self.timers.at(0 if self.hurries else until, carried.late)

        def built(error: ApiError | None) -> None:
            if carried.built(error):
                timer.cancel()

        for one in building:
            self.build(one, built)

    def hurry(self) -> None:
        """Answer all that wait as if their time were over: the server stops."""
        self.hurries = True
        with self._lock:
            waiting = tuple(self._waiting)
        for carried in waiting:
            carried.late()

    def ended(self, carried: _Carried) -> None:
        with self._lock:
            self._waiting.discard(carried)


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
            failure = self._failure
        self._end(failure)
        return True

    def late(self) -> None:
        """The time is over."""
        now = int(self._carrier.clock())
        try:
            self._carrier.database.write(partial(jobs.tell, ids=self._jobs, now=now), self._told)
        except Unavailable:
            self._end(OutcomeUnknown())

    def _told(self, told: Told | None, error: Exception | None) -> None:
        """All of them may have ended meanwhile, though nobody here was told yet."""
        if told is None:
            self._end(OutcomeUnknown())
        elif told.open is not None:
            self._end(Pending(job=told.open))
        else:
            self._end(ProvisioningFailed(service=told.undone) if told.undone else None)

    def _end(self, error: ApiError | None) -> None:
        with self._lock:
            first, self._over = not self._over, True
        if first:
            self._carrier.ended(self)
            self._done(error)
