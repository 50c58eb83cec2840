"""Listens for HTTP, and stops: what was accepted is answered, and the ports close last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from twisted.internet.defer import Deferred, gatherResults, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress
from twisted.internet.posixbase import PosixReactorBase
from twisted.internet.tcp import Port
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

from iwapi.web.front import Front
from iwapi.web.http import Handler
from iwapi.web.limits import Deadlines
from iwapi.web.server import Channels
from iwapi.web.tls import Certificate

Address = tuple[str, int]
_DRAIN_SECONDS = 8.0
_BACKLOG = 1024  # connections that wait to be accepted


@dataclass(frozen=True)
class Listener:
    """Addresses, and the handler that answers there. Port 0 is any free one; a certificate means TLS."""

    handler: Handler
    addresses: Sequence[Address]
    certificate: Certificate | None = None


@dataclass(frozen=True)
class Listening:
    """The open ports. `addresses` are the bound ones of each listener, in the order that was asked for."""

    addresses: tuple[tuple[Address, ...], ...]
    _ports: tuple[Port, ...]
    _fronts: tuple[Front, ...]

    def stop(self, seconds: float = _DRAIN_SECONDS) -> Deferred[None]:
        """Answer what was accepted for so many seconds, and everything new with 503; then close."""
        return Deferred.fromCoroutine(self._stop(seconds))

    async def _stop(self, seconds: float) -> None:
        await gatherResults([front.drain(seconds) for front in self._fronts])
        await gatherResults([maybeDeferred(port.stopListening) for port in self._ports])
        await gatherResults([front.end() for front in self._fronts])


def serve(
    reactor: PosixReactorBase,
    listeners: Sequence[Listener],
    most_connections: int,
    proxies: Collection[str] = (),
    deadlines: Deadlines = Deadlines(),  # noqa: B008  (a frozen value)
) -> Listening:
    """Listen on all the addresses, or on none: raises CannotListenError."""
    fronts = [
        Front(reactor, listener.handler, most_connections, proxies, deadlines) for listener in listeners
    ]
    ports: list[list[Port]] = []
    try:
        for listener, front in zip(listeners, fronts, strict=True):
            ports.append([])
            secured = listener.certificate
            factory = Channels(front) if secured is None else _OverTls(front, secured)
            for host, number in listener.addresses:
                ports[-1].append(reactor.listenTCP(number, factory, _BACKLOG, host))
    except CannotListenError:
        for port in chain(*ports):
            port.stopListening()
        raise
    return Listening(
        tuple(tuple(map(_bound, group)) for group in ports),
        tuple(chain(*ports)),
        tuple(fronts),
    )


class _OverTls(TLSMemoryBIOFactory):
    """The TLS below a front's connections; what a factory refuses to make, Twisted's own would wrap."""

    protocol = TLSMemoryBIOProtocol  # an answer is one write: there is nothing to gather

    def __init__(self, front: Front, certificate: Any) -> None:  # an interface, which is no type to mypy
        channels: Any = Channels(front)
        super().__init__(certificate, False, channels)
        self._front = front

    def buildProtocol(self, addr: IAddress | None) -> Any:
        return None if self._front.full else super().buildProtocol(addr)


def _bound(port: Port) -> Address:
    at = port.getHost()
    return at.host, at.port
