"""Timers: work that is done at its time, on one thread for all of it."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)
Work = Callable[[], object]


@dataclass(order=True)
class Timer:
    """Work that waits for its time, in seconds of the monotonic clock."""

    when: float
    number: int
    work: Work | None = field(compare=False)

    def cancel(self) -> None:
        """Let go of the work; what is being done already is done."""
        self.work = None


class Timers:
    """A thread that begins with the first timer. The work must be short: what is slow goes to a pool."""

    def __init__(self) -> None:
        self._waiting: list[Timer] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def after(self, seconds: float, work: Work) -> Timer:
        return self.at(time.monotonic() + seconds, work)

    def at(self, when: float, work: Work) -> Timer:
        """Do work at a time; after `close` it is never done."""
        timer = Timer(when, next(self._numbers), work)
        with self._changed:
            heapq.heappush(self._waiting, timer)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._serve, name="timers", daemon=True)
                self._thread.start()
            elif self._waiting[0] is timer:
                self._changed.notify()
        return timer

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        while (timer := self._next()) is not None:
            if (work := timer.work) is not None:
                try:
                    work()
                except Exception:
                    log.exception("the work of a timer failed")

    def _next(self) -> Timer | None:
        """The next timer, when its time has come; None when all is closed."""
        with self._changed:
            while not self._closed:
                left = self._waiting[0].when - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._waiting)
                self._changed.wait(left)
        return None
