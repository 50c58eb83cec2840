"""Starts and stops the embedded host: its listeners for sites and for DNS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twisted.internet.defer import Deferred, gatherResults, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.posixbase import PosixReactorBase
from twisted.internet.tcp import Port as TcpPort
from twisted.internet.udp import Port as UdpPort

from iwapi.hosting.connections import Connections
from iwapi.hosting.directory import Directory
from iwapi.hosting.dns import LONGEST_QUESTION, Datagrams, Streams, Zones
from iwapi.hosting.sites import Sites
from iwapi.hosting.traffic import Traffic
from iwapi.hosting.visits import VisitorFactory
from iwapi.hosting.zones import Names

Address = tuple[str, int]
_TRIES = 20
_DRAIN_SECONDS = 5.0
_BYTES_A_TURN = 4 * 1024


@dataclass(frozen=True)
class Host:
    """The running host. `sites` and `dns` are the addresses it is bound to, in the order asked for."""

    sites: tuple[Address, ...]
    dns: tuple[Address, ...]
    ports: tuple[TcpPort | UdpPort, ...]
    connections: tuple[Connections, ...]
    reactor: PosixReactorBase
    zones: Zones

    def rename(self, names: Names) -> None:
        """Answer with these name servers and this hostmaster from now on."""
        self.zones.names = names

    def stop(self, seconds: float = _DRAIN_SECONDS) -> Deferred[None]:
        """Stop listening, let answers under way go out for so long, then close; fires when all is closed."""
        ends = [maybeDeferred(port.stopListening) for port in self.ports]
        ends += [connections.end(self.reactor, seconds) for connections in self.connections]
        return gatherResults(ends).addCallback(lambda _: None)


def serve(
    reactor: PosixReactorBase,
    directory: Directory,
    traffic: Traffic,
    names: Names,
    sites: Iterable[Address] = (),
    dns: Iterable[Address] = (),
) -> Host:
    """Listen on all the addresses, or on none: raises CannotListenError.

    An address is an IP address and a port; port 0 chooses a free one, for DNS the same over UDP and TCP.
    `::` takes IPv4 too. Answers over UDP leave from the address that the system chooses for the way back,
    so a machine with several addresses should name each.
    """
    visitors = VisitorFactory(Sites(directory).answer, traffic)
    zones = Zones(directory, names)
    streams = Streams(zones)
    ports: list[TcpPort | UdpPort] = []
    try:
        for host, number in sites:
            ports.append(reactor.listenTCP(number, visitors, interface=host))
        web = tuple(_bound(port) for port in ports)
        for address in dns:
            ports += _listen_dns(reactor, address, zones, streams)
    except CannotListenError:
        for port in ports:
            port.stopListening()
        raise
    return Host(
        web,
        tuple(_bound(port) for port in ports[len(web) :: 2]),
        tuple(ports),
        (visitors.connections, streams.connections),
        reactor,
        zones,
    )


def _listen_dns(
    reactor: PosixReactorBase, address: Address, zones: Zones, streams: Streams
) -> tuple[TcpPort, UdpPort]:
    host, number = address
    for remaining in reversed(range(_TRIES if number == 0 else 1)):
        tcp = reactor.listenTCP(number, streams, interface=host)
        try:
            udp = reactor.listenUDP(
                tcp.getHost().port, Datagrams(zones), interface=host, maxPacketSize=LONGEST_QUESTION
            )
        except CannotListenError:  # somebody else has this number for UDP
            tcp.stopListening()
            if not remaining:
                raise
            continue
        # How much one turn of the reactor reads: a flood of questions must leave turns for the rest.
        udp.maxThroughput = _BYTES_A_TURN
        return tcp, udp
    raise AssertionError("the last try returns or raises")


def _bound(port: TcpPort | UdpPort) -> Address:
    at = port.getHost()
    return at.host, at.port
