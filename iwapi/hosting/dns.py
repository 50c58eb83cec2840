"""The authoritative name server: one set of answers over UDP and TCP."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from twisted.internet.interfaces import IAddress, IPushProducer
from twisted.internet.protocol import DatagramProtocol, Factory
from twisted.logger import Logger
from twisted.protocols.basic import Int16StringReceiver
from twisted.protocols.policies import TimeoutMixin
from zope.interface import implementer

from iwapi.hosting import packets
from iwapi.hosting.connections import Connections
from iwapi.hosting.directory import Directory
from iwapi.hosting.messages import Answer, Code, Question
from iwapi.hosting.zones import Names, answer

LONGEST_QUESTION = 4_096  # bytes
_IDLE_SECONDS = 10
_MOST_CONNECTIONS = 100

log = Logger()


class Zones:
    """Replies to packets from the directory's zones. `names` may be replaced."""

    def __init__(self, directory: Directory, names: Names) -> None:
        self._directory = directory
        self.names = names

    def reply(self, packet: bytes, over_udp: bool) -> bytes | None:
        try:
            return packets.reply(packet, self._find, over_udp)
        except Exception:  # noqa: BLE001 - whatever it is, the asker gets an answer
            log.failure("a question could not be answered")
            return packets.failure(packet, Code.SERVER_FAILURE)

    def _find(self, question: Question) -> Answer:
        return answer(question, self._directory, self.names)


class Datagrams(DatagramProtocol):
    """Questions over UDP."""

    noisy = False
    transport: Any  # an interface, which is no type to mypy

    def __init__(self, zones: Zones) -> None:
        self._zones = zones

    def datagramReceived(self, datagram: bytes, addr: tuple[str, int]) -> None:
        reply = self._zones.reply(datagram, over_udp=True)
        # A forged port 0, a full buffer, no route: who asked will ask again.
        with suppress(OSError):
            if reply is not None:
                self.transport.write(reply, addr)


@implementer(IPushProducer)
class _Stream(Int16StringReceiver, TimeoutMixin):
    """Questions over TCP. As a producer of itself it reads no more while its answers are not taken."""

    MAX_LENGTH = LONGEST_QUESTION
    transport: Any

    def __init__(self, zones: Zones, connections: Connections) -> None:
        self._zones = zones
        self._connections = connections

    def connectionMade(self) -> None:
        self._connections.add(self)
        self.transport.registerProducer(self, True)
        self.setTimeout(_IDLE_SECONDS)

    def connectionLost(self, reason: object = None) -> None:
        self.setTimeout(None)
        self._connections.remove(self)

    def stringReceived(self, string: bytes) -> None:
        self.resetTimeout()
        reply = self._zones.reply(string, over_udp=False)
        if reply is None:
            self.drop()
        else:
            self.sendString(reply)

    def lengthLimitExceeded(self, length: int) -> None:
        self.drop()

    def timeoutConnection(self) -> None:
        self.drop()

    def retire(self) -> None:
        self.transport.unregisterProducer()
        self.transport.loseConnection()

    def drop(self) -> None:
        self.transport.abortConnection()


class Streams(Factory):
    """Makes the connections over TCP; beyond their number a new one is closed at once."""

    noisy = False

    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        self.connections = Connections(_MOST_CONNECTIONS)

    def buildProtocol(self, addr: IAddress | None) -> _Stream | None:
        return None if self.connections.full else _Stream(self._zones, self.connections)
