"""A driver that does nothing and remembers what it was asked; it can be told to fail."""

from __future__ import annotations

from iwapi.core.want import Want
from iwapi.provision.driver import Observed


class Recording:
    """Keeps what it was asked in `asked`, and the accounts it holds in `has`."""

    needs: tuple[str, ...] = ()

    def __init__(self, name: str = "recording", needs: tuple[str, ...] = ()) -> None:
        self.name = name
        self.needs = needs
        self.asked: list[tuple[str, int, str]] = []
        self.has: dict[int, Want] = {}
        self.failures = 0

    def fail(self, times: int) -> None:
        """Fail the next `times` verbs."""
        self.failures = times

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
        self.asked.append((verb, want.account_id, want.state))
        if self.failures:
            self.failures -= 1
            raise OSError(f"{self.name} was told to fail")
