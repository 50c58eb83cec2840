"""A driver that does nothing and remembers what it was asked; it can be told to fail, to be slow, to hang."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from iwapi.core.want import Want
from iwapi.provision.driver import Observed

HANGS_SECONDS = 60.0


class Gate:
    """Holds a verb: `entered` is set when it is reached, and it goes on when `go` is."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.go = threading.Event()

    def hold(self) -> None:
        self.entered.set()
        if not self.go.wait(HANGS_SECONDS):
            raise TimeoutError("nobody opened the gate")


class Recording:
    """Keeps what it was asked in `asked`, and the accounts it holds in `has`. A verb takes `delay`."""

    needs: tuple[str, ...] = ()

    def __init__(self, name: str = "recording", needs: tuple[str, ...] = ()) -> None:
        self.name = name
        self.needs = needs
        self.asked: list[tuple[str, int, str]] = []
        self.has: dict[int, Want] = {}
        self.delay = 0.0
        self.failures = 0
        self._failing: set[int] = set()
        self._gates: dict[int, Gate] = {}
        self._lock = threading.Lock()

    def fail(self, times: int) -> None:
        """Fail the next `times` verbs."""
        self.failures = times

    def fail_at(self, numbers: Iterable[int]) -> None:
        """Fail these of the verbs to come: the next is 1."""
        self._failing = {len(self.asked) + number for number in numbers}

    def hang(self, number: int = 1) -> Gate:
        """Hold one of the verbs to come before it does anything: the next is 1. Where it is to fail, it fails
        after that."""
        return self._gates.setdefault(len(self.asked) + number, Gate())

    def fingerprint(self, want: Want) -> str:
        return f"{want.state} {want.domain} {want.ipv4} {want.ipv6}"

    def ensure(self, want: Want) -> None:
        self._verb("ensure", want)
        self.has[want.account_id] = want

    def absent(self, want: Want) -> None:
        self._verb("absent", want)
        self.has.pop(want.account_id, None)

    def observe(self, want: Want) -> Observed:
        return Observed(want.account_id in self.has)

    def _verb(self, verb: str, want: Want) -> None:
        with self._lock:
            self.asked.append((verb, want.account_id, want.state))
            number = len(self.asked)
            gate = self._gates.pop(number, None)
            fails = self.failures > 0 or number in self._failing
            self.failures -= self.failures > 0
        if gate is not None:
            gate.hold()
        if self.delay:
            time.sleep(self.delay)
        if fails:
            raise OSError(f"{self.name} was told to fail")
