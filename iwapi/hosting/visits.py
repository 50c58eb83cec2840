"""HTTP connections of the sites' visitors: their limits, their deadlines, and the bytes they move.

Written over twisted.web's channel, which leaves three things to its users: a deadline that a trickle of
bytes cannot push away, and bounds on the answers and on the requests that pile up behind a visitor who
does not read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.web import http
from twisted.web.http_headers import Headers

from iwapi.hosting.connections import Connections
from iwapi.hosting.traffic import Traffic

_REQUEST_SECONDS = 10  # from when a connection is ready for a request until all of it is there
_STALL_SECONDS = 60  # for which a visitor may leave an answer untaken
_MOST_BODY = 64 * 1024  # bytes, read and thrown away: no site takes a body
_MOST_CONNECTIONS = 400


class Visit(http.Request):
    """One request. Its body is thrown away and its query stays unread."""

    channel: VisitorChannel

    def gotLength(self, length: int | None) -> None:
        pass

    def handleContentChunk(self, data: bytes) -> None:
        pass

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        self.method, self.uri, self.clientproto = command, path, version
        self.channel.requestReady(self)

    def charge(self, account_id: int) -> None:
        """Count what this request brought, and what its answer will send, to an account."""
        self.channel.charge(account_id)

    def begin(self, status: int, *fields: tuple[bytes, bytes]) -> None:
        """Set the answer's head; the body is to be written, and `finish` called."""
        self.setResponseCode(status)
        self.setHeader(b"date", http.datetimeToString())
        for name, value in fields:
            self.setHeader(name, value)

    def send(self, status: int, page: bytes, *fields: tuple[bytes, bytes]) -> None:
        """Answer with a page of the host's own."""
        self.begin(
            status,
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", b"%d" % len(page)),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'"),
            *fields,
        )
        self.write(page)
        self.finish()


class VisitorChannel(http.HTTPChannel):
    """One connection."""

    requestFactory = Visit
    maxHeaders = 64
    totalHeadersSize = 16 * 1024
    abortTimeout = _STALL_SECONDS
    timeOut = _REQUEST_SECONDS
    transport: Any  # an interface, which is no type to mypy

    def __init__(self, factory: VisitorFactory) -> None:
        super().__init__()
        self.factory = factory
        self._arrived = self._brought = 0
        self._account: int | None = None
        self._clogged = False
        self._held: Visit | None = None

    def connectionMade(self) -> None:
        self.factory.connections.add(self)
        super().connectionMade()

    def connectionLost(self, reason: object = None) -> None:
        self.factory.connections.remove(self)
        super().connectionLost(reason)

    # What arrives

    def dataReceived(self, data: bytes) -> None:
        self._arrived += len(data)
        super().dataReceived(data)

    def setLineMode(self, extra: bytes = b"") -> None:
        self._arrived -= len(extra)  # requests that waited come once more through dataReceived
        super().setLineMode(extra)

    def resetTimeout(self) -> None:
        """Bytes do not move the deadline."""

    def lineLengthExceeded(self, line: bytes) -> None:
        self._refuse(b"400 Bad Request")

    def headerReceived(self, line: bytes) -> bool:
        # int() refuses more than 4,300 digits with an exception that nobody above catches.
        if len(line) > 64 and line[:15].lower() == b"content-length:":
            self._refuse(b"400 Bad Request")
            return False
        return bool(super().headerReceived(line))

    def allHeadersReceived(self) -> None:
        if self.length is None:
            self._refuse(b"411 Length Required")
        elif self.length > _MOST_BODY:
            self._refuse(b"413 Content Too Large")
        else:
            super().allHeadersReceived()

    def checkPersistence(self, request: http.Request, version: bytes) -> bool:
        if self.factory.connections.ending:
            request.setHeader(b"connection", b"close")
            return False
        return bool(super().checkPersistence(request, version))

    def _refuse(self, status: bytes) -> None:
        self.transport.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self.loseConnection()

    # What leaves

    def requestReady(self, visit: Visit) -> None:
        """Answer a request; not before there is room for its answer."""
        if self._clogged:
            self._held = visit
        else:
            self._account = None
            self._brought, self._arrived = self._arrived, 0
            self.factory.answer(visit)

    def charge(self, account_id: int) -> None:
        self._account = account_id
        self.factory.traffic.add(account_id, self._brought)

    def writeHeaders(self, version: bytes, code: bytes, reason: bytes, headers: Headers) -> None:
        head = b"%s %s %s\r\n" % (version, code, reason)
        for name, values in headers.getAllRawHeaders():
            for value in values:
                head += b"%s: %s\r\n" % (name, value)
        self.write(head + b"\r\n")

    def write(self, data: bytes) -> None:
        if self._account is not None:
            self.factory.traffic.add(self._account, len(data))
        super().write(data)

    def pauseProducing(self) -> None:
        self._clogged = True
        self.setTimeout(_STALL_SECONDS)
        super().pauseProducing()
        self.transport.pauseProducing()  # or requests would pile up while the answer to one is sent

    def resumeProducing(self) -> None:
        self._clogged = False
        super().resumeProducing()
        if self._held and not self._clogged:
            visit, self._held = self._held, None
            self.requestReady(visit)

    # How it ends

    def timeoutConnection(self) -> None:
        if self.requests:  # half a request, or an answer that is not taken
            self.drop()
        else:
            super().timeoutConnection()

    def retire(self) -> None:
        self.persistent = False
        if not self.requests:
            self.loseConnection()

    def drop(self) -> None:
        self.transport.abortConnection()


class VisitorFactory(Factory):
    """Makes the connections of visitors; beyond their number a new one is closed at once.

    `answer` is called with each request and answers it, then or later.
    """

    noisy = False

    def __init__(self, answer: Callable[[Visit], None], traffic: Traffic) -> None:
        self.answer = answer
        self.traffic = traffic
        self.connections = Connections(_MOST_CONNECTIONS)

    def buildProtocol(self, addr: IAddress | None) -> VisitorChannel | None:
        return None if self.connections.full else VisitorChannel(self)

    def log(self, request: http.Request) -> None:
        """Called by twisted.web at the end of each answer; visits are not logged."""
