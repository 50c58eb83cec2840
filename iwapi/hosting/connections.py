"""The open connections of a listener: how many there may be, and how they end."""

from __future__ import annotations

from typing import Protocol

from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred


class Connection(Protocol):
    def retire(self) -> None:
        """Close now, or after the answer that is being sent."""

    def drop(self) -> None:
        """Close at once, whatever is unsent."""


class Connections:
    """Each open connection of a listener adds itself, and removes itself when it is lost."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: set[Connection] = set()
        self._emptied: Deferred[None] | None = None

    @property
    def full(self) -> bool:
        return len(self._open) >= self._most

    @property
    def ending(self) -> bool:
        return self._emptied is not None

    def add(self, connection: Connection) -> None:
        self._open.add(connection)

    def remove(self, connection: Connection) -> None:
        self._open.discard(connection)
        if self._emptied and not self._open and not self._emptied.called:
            self._emptied.callback(None)

    def end(self, reactor: ReactorBase, seconds: float) -> Deferred[None]:
        """Retire all, drop those still open after so many seconds; fires when none is left."""
        self._emptied = emptied = Deferred[None]()
        if not self._open:
            emptied.callback(None)
            return emptied
        late = reactor.callLater(seconds, self._drop_all)
        for connection in list(self._open):
            connection.retire()
        return emptied.addCallback(lambda _: late.cancel() if late.active() else None)

    def _drop_all(self) -> None:
        for connection in list(self._open):
            connection.drop()
