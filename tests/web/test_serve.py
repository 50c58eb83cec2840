"""Listening on several addresses at once, and on none when one is taken."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.error import CannotListenError

from iwapi.web.serve import Listener, serve
from tests.web.conftest import Echo, statuses

GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def get(address: tuple[str, int]) -> bytes:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(GET)
        return connection.recv(65536)


def test_each_listener_has_its_own_handler_and_addresses(
    in_reactor: Callable[..., Any], no_traceback: list[str]
) -> None:
    first, second = Echo(), Echo()
    one, other = ("127.0.0.1", 0), ("::1", 0)
    listeners = [Listener(first, [one, other]), Listener(second, [one]), Listener(first, [])]
    listening = in_reactor(serve, reactor, listeners, 10)
    assert [[host for host, _ in group] for group in listening.addresses] == [
        ["127.0.0.1", "::1"], ["127.0.0.1"], []
    ]  # fmt: skip
    for group in listening.addresses:
        assert [statuses(get(address)) for address in group] == [[200]] * len(group)
    assert [request.address for request in first.asked] == ["127.0.0.1", "::1"]
    assert len(second.asked) == 1
    in_reactor(listening.stop)


def test_where_one_address_is_taken_none_is_listened_on(in_reactor: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("127.0.0.1", 0)) as taken:
        port = free.getsockname()[1]
        free.close()
        listeners = [Listener(Echo(), [("127.0.0.1", port), taken.getsockname()])]
        with pytest.raises(CannotListenError):
            in_reactor(serve, reactor, listeners, 10)
        with pytest.raises((ConnectionRefusedError, ConnectionResetError)):  # just closed, it may reset
            get(("127.0.0.1", port))
