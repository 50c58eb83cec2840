"""Moments by chance: so many in a storm, told by how far it got and not by the clock."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOKS = 0.01

Befalls = Callable[[random.Random], None]


@contextmanager
def moments(number: int, of: int, far: Callable[[], int], seed: str, befalls: Befalls) -> Iterator[None]:
    """Have it befall `number` times while `far` goes from nothing to `of`; then no more."""
    chance = random.Random(seed)
    at = sorted(chance.randrange(of) for _ in range(number))
    ended = threading.Event()

    def work() -> None:
        while at and not ended.wait(_LOOKS):
            if far() >= at[0]:
                at.pop(0)
                befalls(chance)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
