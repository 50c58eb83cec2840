"""How many bytes the sites of each account moved since the counts were last taken away."""

from __future__ import annotations


class Traffic:
    """Counts in memory, by account id. One thread only: the reactor's."""

    def __init__(self) -> None:
        self._bytes: dict[int, int] = {}

    def add(self, account_id: int, count: int) -> None:
        """Count bytes, both directions alike. What could not be saved after a drain is added again."""
        self._bytes[account_id] = self._bytes.get(account_id, 0) + count

    def drain(self) -> dict[int, int]:
        """The bytes of each account that moved any, from now on counted from zero."""
        taken, self._bytes = self._bytes, {}
        return taken
