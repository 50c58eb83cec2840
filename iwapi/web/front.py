"""What all connections of a listener share: their number, the handler that answers, and how it ends.

It knows no parser: whatever reads requests brings them here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.python.threadable import isInIOThread

from iwapi.web.http import Answer, Handler, Request, Response, busy, printable, says
from iwapi.web.limits import Deadlines

log = logging.getLogger(__name__)


class Connection(Protocol):
    def retire(self) -> None:
        """Close as soon as what was written is taken."""


class Front:
    """Answers the requests of up to `most` connections.

    `proxies` are the addresses whose forwarded-for headers count.
    """

    def __init__(
        self,
        reactor: Any,  # a reactor, or a clock that has callFromThread: interfaces are no types to mypy
        handler: Handler,
        most: int,
        proxies: Collection[str],
        deadlines: Deadlines,
    ) -> None:
        self.reactor = reactor
        self.proxies = proxies
        self.deadlines = deadlines
        self.draining = False
        self._handler = handler
        self._most = most
        self._open: set[Connection] = set()
        self._unanswered = 0
        self._waiting: list[tuple[Callable[[], bool], Deferred[None]]] = []

    @property
    def full(self) -> bool:
        return len(self._open) >= self._most

    def opened(self, connection: Connection) -> None:
        self._open.add(connection)

    def closed(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._notify()

    def answer(self, request: Request, send: Answer) -> None:
        """Have a request answered; `send` is called once, in the reactor's thread."""
        if self.draining:
            stopping = busy("503 Service Unavailable: the server is stopping")
            send(stopping)
            _note(request, stopping)
            return
        self._unanswered += 1
        answered = False

        def finish(response: Response) -> None:
            nonlocal answered
            if answered:
                return
            answered = True
            self._unanswered -= 1
            try:
                send(response)
            except ValueError:
                log.exception("an answer that cannot be sent", extra={"request_id": request.id})
                response = says(500, close=True)
                send(response)
            _note(request, response)
            self._notify()

        def answer(response: Response) -> None:
            if isInIOThread():
                finish(response)
            else:
                self.reactor.callFromThread(finish, response)

        try:
            self._handler(request, answer)
        except Exception:
            log.exception("a bug in a handler", extra={"request_id": request.id})
            finish(says(500, close=True))

    def drain(self, seconds: float) -> Deferred[None]:
        """Take no more work; fires when all that was taken is answered, or after so many seconds."""
        self.draining = True
        return self._when(lambda: not self._unanswered, seconds)

    def end(self) -> Deferred[None]:
        """Close every connection; fires when none is open."""
        for connection in tuple(self._open):
            connection.retire()
        return self._when(lambda: not self._open, 2 * self.deadlines.linger)

    def _when(self, condition: Callable[[], bool], seconds: float) -> Deferred[None]:
        waiting = Deferred[None]()
        self._waiting.append((condition, waiting))
        self._notify()
        return waiting.addTimeout(seconds, self.reactor, lambda *_: None)

    def _notify(self) -> None:
        for entry in [(holds, waiting) for holds, waiting in self._waiting if holds()]:
            self._waiting.remove(entry)
            entry[1].callback(None)


def _note(request: Request, response: Response) -> None:
    """The line of the log that every answer has; without query, headers and body, which may hold secrets."""
    log.info(
        "%s %s %s", printable(request.method), printable(request.path), response.status,
        extra={"request_id": request.id, "address": request.address},
    )  # fmt: skip
