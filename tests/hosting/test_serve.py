"""Starting and stopping."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from twisted.internet import reactor
from twisted.internet.error import CannotListenError

from iwapi.hosting.serve import serve
from iwapi.hosting.zones import Names
from tests.hosting.conftest import World

NAMES = Names.of("host.example.net")


def test_the_bound_addresses_are_told_in_the_order_asked_for(world: World) -> None:
    for addresses in (world.host.sites, world.host.dns):
        assert [host for host, _ in addresses] == ["127.0.0.1", "::1"]
        assert all(port for _, port in addresses)


def test_where_one_address_is_taken_none_is_kept(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for sites, dns in (
        ([("127.0.0.1", port), world.host.sites[0]], []),
        ([("127.0.0.1", port)], [world.host.dns[0]]),
    ):
        with pytest.raises(CannotListenError):
            world.in_reactor(serve, reactor, world.rows, world.traffic, NAMES, sites, dns)
        world.in_reactor(lambda: None)
        socket.create_server(("127.0.0.1", port)).close()


def test_nothing_listens_after_the_stop(world: World) -> None:
    world.in_reactor(world.host.stop, 1)
    for address in (*world.host.sites, *world.host.dns):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=1)


def test_the_stop_closes_idle_connections_at_once(world: World) -> None:
    world.write("a.txt")
    with world.connect() as web, socket.create_connection(world.host.dns[0]) as dns:
        web.sendall(b"GET /a.txt HTTP/1.1\r\nHost: example.com\r\n\r\n")
        assert web.recv(65536).endswith(b"hello")
        before = time.monotonic()
        world.in_reactor(world.host.stop, 5)
        assert time.monotonic() - before < 1
        assert (web.recv(1), dns.recv(1)) == (b"", b"")


def test_an_answer_under_way_is_finished_before_the_stop(world: World) -> None:
    size = 30_000_000
    world.write("large", bytes(size))
    with world.connect() as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: example.com\r\n\r\n")
        taken = len(connection.recv(65536))
        stopping = threading.Thread(target=world.in_reactor, args=(world.host.stop, 5))
        stopping.start()
        time.sleep(0.1)
        assert stopping.is_alive()
        taken += sum(map(len, iter(lambda: connection.recv(65536), b"")))
        stopping.join(5)
    assert taken > size
    assert not stopping.is_alive()


def test_who_does_not_take_the_answer_is_left_behind(world: World) -> None:
    world.write("large", bytes(30_000_000))
    with world.connect() as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: example.com\r\n\r\n")
        connection.recv(1000)
        before = time.monotonic()
        world.in_reactor(world.host.stop, 0.3)
        assert 0.2 < time.monotonic() - before < 3


def test_one_address_takes_both_families(world: World) -> None:
    host = world.in_reactor(serve, reactor, world.rows, world.traffic, NAMES, [("::", 0)], [("::", 0)])
    world.write("a.txt")
    for address in ("127.0.0.1", "::1"):
        with socket.create_connection((address, host.sites[0][1]), timeout=5) as connection:
            connection.sendall(b"GET /a.txt HTTP/1.0\r\nHost: example.com\r\n\r\n")
            assert b" 200 " in connection.recv(65536)
    world.in_reactor(host.stop, 1)
