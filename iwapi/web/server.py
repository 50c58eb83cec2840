"""HTTP connections: twisted.web's parser under the gate's rules. Nothing of twisted.web is seen beyond this.

twisted.web is taken for what it parses. Here are the deadlines that a trickle of bytes cannot push away, what
is refused and how, and bounds on what piles up behind a client that does not read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.web import http

from iwapi.asked import new_request_id
from iwapi.web import limits
from iwapi.web.front import Front
from iwapi.web.handover import Handover
from iwapi.web.http import Request, Response, says, write_head
from iwapi.web.proxies import origin_of

log = logging.getLogger(__name__)

_LONGEST_LENGTH = 64  # of a line that tells the body's length


class Exchange(http.Request):
    """One request while it arrives, until it is answered."""

    channel: Channel

    def __init__(self, channel: http.HTTPChannel, queued: object = False) -> None:
        super().__init__(channel, parsePOSTFormSubmission=False)
        self.fields: dict[str, list[str]] = {}
        self.body = bytearray()

    def parseCookies(self) -> None:
        pass

    def gotLength(self, length: int | None) -> None:
        pass

    def handleContentChunk(self, data: bytes) -> None:
        if len(self.body) + len(data) > limits.BODY:
            self.channel.refuse(limits.too_large())
        else:
            self.body += data

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        self.method, self.uri = command, path
        self.channel.received(self)


class Channel(http.HTTPChannel):
    """One connection. Exactly one deadline runs at any time, but for the time that a handler takes."""

    requestFactory: type[http.Request] = Exchange
    maxHeaders = limits.FIELDS
    totalHeadersSize = limits.HEAD
    MAX_LENGTH = limits.HEAD
    timeOut = None  # its deadlines move with every byte; ours do not
    transport: Any  # an interface, which is no type to mypy

    def __init__(self, front: Front) -> None:
        super().__init__()
        self.front = front
        self._idle = False
        self._refused = False
        self._clogged = False
        self._held: Exchange | None = None
        self._stop_deadline: Callable[[], None] = lambda: None

    def connectionMade(self) -> None:
        self._handover = Handover(self.front.reactor, self.transport)
        self.front.opened(self)
        self._within(self.front.deadlines.head, self._late)
        super().connectionMade()

    def connectionLost(self, reason: object = None) -> None:
        self._stop_deadline()
        self.front.closed(self)
        super().connectionLost(reason)
        self.requests.clear()
        self._handover.lost()

    # What arrives

    def dataReceived(self, data: bytes) -> None:
        if self._refused:
            return
        if self._idle:
            self._idle = False
            self._within(self.front.deadlines.head, self._late)
        super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:
        if self._refused:
            return
        if line[:1] in (b" ", b"\t"):
            self._respondToBadRequestAndDisconnect()  # a folded field: two readers may read it in two ways
        else:
            super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        self.refuse(says(431, close=True))

    def headerReceived(self, line: bytes) -> bool:
        # int() refuses more than 4,300 digits with an exception that nobody above catches.
        if len(line) > _LONGEST_LENGTH and line[:15].lower() == b"content-length:":
            self._respondToBadRequestAndDisconnect()
        return not self._refused and bool(super().headerReceived(line))

    def allHeadersReceived(self) -> None:
        exchange: Exchange = self.requests[-1]
        for name, values in exchange.requestHeaders.getAllRawHeaders():
            exchange.fields[name.decode().lower()] = [value.decode("latin-1") for value in values]
        line: tuple[Any, ...] = (self._command, self._path, self._version)
        method, target, version = (part.decode("latin-1") for part in line)
        if refusal := limits.refusal(method, target, version, exchange.fields):
            self.refuse(refusal)
        if not self._refused:
            self._within(self.front.deadlines.body, self._late)
            super().allHeadersReceived()

    def received(self, exchange: Exchange) -> None:
        """Have a complete request answered; not before there is room for its answer."""
        if self._clogged:
            self._held = exchange
        elif not self._refused:
            self._handover.look()
            self._stop_deadline()
            request = self._request(exchange)
            self.front.answer(request, lambda response: self._send(exchange, request.id, response))

    def _request(self, exchange: Exchange) -> Request:
        headers = {name: ", ".join(values) for name, values in exchange.fields.items()}
        peer = self.transport.getPeer().host
        address, secure = origin_of(peer, self.isSecure(), headers, self.front.proxies)
        path, _, query = exchange.uri.decode("ascii").partition("?")
        return Request(
            new_request_id(), exchange.method.decode(), path, query, headers, bytes(exchange.body),
            address, secure, headers.get("host", "").lower(),
        )  # fmt: skip

    # What leaves

    def _send(self, exchange: Exchange, request_id: str, response: Response) -> None:
        """Send an answer, if the client is still there. Raises `ValueError` for one that cannot be sent."""
        if exchange not in self.requests:
            return
        persistent = bool(self.persistent) and not response.close and not self.front.draining
        head = write_head(response, request_id, _date(), closing=not persistent)
        self.persistent = persistent
        if persistent:
            self._idle = True
            self._within(self.front.deadlines.idle, self.retire)
        else:
            self._within(self.front.deadlines.stall, self.drop)
        sent = response.sent if response.sent and self._handover.open() else None
        self.transport.write(head if exchange.method == b"HEAD" else head + response.body)
        if sent:
            self._handover.written(sent)
        self.requestDone(exchange)

    def refuse(self, response: Response) -> None:
        """Answer before the request is complete, then only listen, so that the client gets to read it."""
        if self._refused:
            return
        self._refused = True
        request_id = new_request_id()
        about = {"request_id": request_id, "address": self.transport.getPeer().host}
        log.info("a request was refused with %s", response.status, extra=about)
        self.transport.write(write_head(response, request_id, _date(), closing=True) + response.body)
        if not self.isSecure():
            self.transport.loseWriteConnection()
        self._within(self.front.deadlines.linger, self.retire)

    def _respondToBadRequestAndDisconnect(self) -> None:
        """twisted.web calls this for everything that it cannot parse, and for a head beyond the limits."""
        too_much = self._receivedHeaderSize > limits.HEAD or self._receivedHeaderCount > limits.FIELDS
        self.refuse(says(431 if too_much else 400, close=True))

    def pauseProducing(self) -> None:
        self._clogged = True
        self._within(self.front.deadlines.stall, self.drop)
        super().pauseProducing()

    def resumeProducing(self) -> None:
        self._clogged = False
        super().resumeProducing()
        if self._idle:
            self._within(self.front.deadlines.idle, self.retire)
        held, self._held = self._held, None
        if held:
            self.received(held)

    # How it ends

    def _within(self, seconds: float, otherwise: Callable[[], None]) -> None:
        """From now on this is the deadline."""
        self._stop_deadline()
        call = self.front.reactor.callLater(seconds, otherwise)
        self._stop_deadline = lambda: call.cancel() if call.active() else None

    def _late(self) -> None:
        """Whoever began a request is told, others are not."""
        if self.requests:
            self.refuse(says(408, close=True))
        else:
            self.retire()

    def retire(self) -> None:
        """Close as soon as what was written is taken."""
        self._within(self.front.deadlines.linger, self.drop)
        self.loseConnection()

    def drop(self) -> None:
        """Close now."""
        self.transport.abortConnection()


class Channels(Factory):
    """Makes the connections of a front; beyond their number a new one is closed at once."""

    noisy = False

    def __init__(self, front: Front) -> None:
        self._front = front

    def buildProtocol(self, addr: IAddress | None) -> Channel | None:
        return None if self._front.full else Channel(self._front)


def _date() -> str:
    return str(http.datetimeToString(), "ascii")
