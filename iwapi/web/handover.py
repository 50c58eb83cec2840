"""Handing over: whether an answer went, as a whole, into a connection that still stood.

More cannot be known here. A client that closed its side, or a part of it, before it was answered is gone,
even where the reactor did not read that yet.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any

_LATER = (0, 0, 0.02)  # seconds to the first look and the next ones: most answers are out within a turn
_GONE = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR  # the first is Linux's alone


class Handover:
    """The answers of one connection that somebody wants to know of, until the system took their bytes."""

    def __init__(self, reactor: Any, transport: Any) -> None:  # interfaces, which are no types to mypy
        self._reactor = reactor
        self._tcp = getattr(transport, "transport", transport)  # that below TLS
        self._waiting: list[Callable[[], None]] = []
        self._timer: Any = None
        self._looks = 0

    def open(self) -> bool:
        """Whether the client is still there; to be asked before the answer is written."""
        poll = select.poll()
        poll.register(self._tcp.fileno(), getattr(select, "POLLRDHUP", 0))
        return not self._tcp.disconnecting and not any(event & _GONE for _, event in poll.poll(0))

    def written(self, sent: Callable[[], None]) -> None:
        """An answer was written: `sent` is called when all of it is out, and never if that fails."""
        self._waiting.append(sent)
        self._looks = 0
        self._stop()
        self._look_later()

    def look(self) -> None:
        """See whether all is out. Called for each further request too: its client may have read the answer
        before it asked."""
        if self._waiting and not self._unsent():
            self._stop()
            self._end()

    def lost(self) -> None:
        """The connection is no more. What had gone out before is handed over: many clients close at once."""
        self._stop()
        if self._unsent():
            self._waiting.clear()
        self._end()

    def _look_later(self) -> None:
        delay = _LATER[min(self._looks, len(_LATER) - 1)]
        self._timer = self._reactor.callLater(delay, self._look_again)

    def _look_again(self) -> None:
        self._timer = None
        self._looks += 1
        self.look()
        if self._waiting:
            self._look_later()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _unsent(self) -> int:
        """The bytes that the system did not take yet."""
        unsent: int = len(self._tcp.dataBuffer) - self._tcp.offset + self._tcp._tempDataLen
        return unsent

    def _end(self) -> None:
        ended, self._waiting = self._waiting, []
        for sent in ended:
            sent()
