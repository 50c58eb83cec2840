"""The port of a driver, and what it needs in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from iwapi.core.want import Want


@dataclass(frozen=True)
class Observed:
    """Cheap facts of an account on a service: whether it is there, and how many bytes it takes."""

    exists: bool
    bytes: int = 0


class Driver(Protocol):
    """One service. Every verb may be repeated; a verb that fails raises, and is repeated later.

    `needs` names the drivers whose work must be done first. `fingerprint` tells two wants apart exactly
    when this service must be changed between them.
    """

    name: str
    needs: tuple[str, ...]

    def fingerprint(self, want: Want) -> str: ...

    def ensure(self, want: Want) -> None:
        """Make reality equal `want`, suspension and parking included."""

    def absent(self, want: Want) -> None:
        """Leave nothing of the account, parked data included."""

    def observe(self, want: Want) -> Observed: ...


def ordered(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
    """The drivers with each after those that it needs."""
    placed: list[Driver] = []
    waiting = list(drivers)
    while waiting:
        names = {driver.name for driver in placed}
        ready = [driver for driver in waiting if names.issuperset(driver.needs)]
        if not ready:
            raise ValueError(f"drivers need each other: {[driver.name for driver in waiting]}")
        placed += ready
        waiting = [driver for driver in waiting if driver not in ready]
    return tuple(placed)
