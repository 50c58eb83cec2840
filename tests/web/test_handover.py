"""Whether an answer was handed over, over real sockets: in clear and by TLS."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from iwapi.web.selfsigned import self_signed
from iwapi.web.tls import Certificate
from tests.web.conftest import QUICK, Server, read_all, statuses

GET = b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
LATER = GET.replace(b"/a", b"/later")
LAST = b"GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

Connect = Callable[[Server], Any]


def in_clear(server: Server) -> socket.socket:
    return server.connect()


def by_tls(server: Server) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(server.connect(), server_hostname="localhost")


@pytest.fixture(params=[in_clear, by_tls])
def connect(request: pytest.FixtureRequest) -> Connect:
    found: Connect = request.param
    return found


@pytest.fixture
def server(start: Callable[..., Server], connect: Connect, tmp_path: Path) -> Server:
    certificate = (
        Certificate(*self_signed(tmp_path, "localhost", datetime.now(UTC))) if connect is by_tls else None
    )
    return start(certificate=certificate, deadlines=QUICK)


def sent(server: Server, *paths: str) -> bool:
    """Whether exactly these answers are told to be sent, within a second."""
    end = time.monotonic() + 1
    while server.echo.sent != [*paths] and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(0.05)
    return server.echo.sent == [*paths]


@contextmanager
def asked_later(server: Server, connection: Any) -> Iterator[None]:
    """The time between a call and its answer."""
    connection.sendall(LATER)
    while not server.echo.asked:
        time.sleep(0.005)
    yield
    server.echo.go.set()


def test_an_answer_on_a_connection_that_is_kept_is_sent(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        for number in range(1, 4):
            connection.sendall(GET)
            assert statuses(connection.recv(65536)) == [200]
            assert sent(server, *["/a"] * number)


def test_an_answer_is_told_before_its_client_can_ask_again(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        for number in range(1, 100):
            connection.sendall(GET)
            assert statuses(connection.recv(65536)) == [200]
            connection.sendall(GET)
            assert statuses(connection.recv(65536)) == [200]
            assert len(server.echo.sent) >= 2 * number - 1


def test_an_answer_that_closes_is_sent(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        connection.sendall(LAST)
        assert statuses(read_all(connection)) == [200]
    assert sent(server, "/last")


def test_a_client_that_closes_as_soon_as_it_has_read_got_its_answer(server: Server, connect: Connect) -> None:
    for number in range(1, 20):
        with connect(server) as connection:
            connection.sendall(GET)
            connection.recv(65536)
        assert sent(server, *["/a"] * number)


def test_answers_to_requests_that_did_not_wait_are_sent(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        connection.sendall(GET * 20 + LAST)
        assert statuses(read_all(connection)) == [200] * 21
    assert sent(server, *["/a"] * 20, "/last")


def test_an_answer_of_another_thread_is_sent(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        with asked_later(server, connection):
            pass
        assert statuses(connection.recv(65536)) == [200]
        assert sent(server, "/later")


def test_a_client_that_closed_before_its_answer_has_none(server: Server, connect: Connect) -> None:
    with connect(server) as connection, asked_later(server, connection):
        connection.close()
        time.sleep(0.05)
    assert sent(server)


def test_a_client_that_broke_off_before_its_answer_has_none(server: Server, connect: Connect) -> None:
    with connect(server) as connection, asked_later(server, connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        time.sleep(0.05)
    assert sent(server)


def test_a_client_that_closed_half_of_its_side_before_its_answer_counts_as_gone(
    server: Server, connect: Connect
) -> None:
    with connect(server) as connection:
        with asked_later(server, connection):
            connection.shutdown(socket.SHUT_WR)
            time.sleep(0.05)
        assert sent(server)


def test_a_farewell_behind_more_than_is_read_at_once_is_seen(server: Server, connect: Connect) -> None:
    with connect(server) as connection, asked_later(server, connection):
        connection.sendall(GET.replace(b"/a", b"/never") + GET * 1000)  # reading waits for an answer then
        connection.close()
        time.sleep(0.1)
    time.sleep(0.1)
    assert "/later" not in server.echo.sent


@pytest.mark.parametrize("close", ["close", "reset", "half"])
def test_a_client_that_leaves_right_after_its_request_has_no_answer(
    server: Server, connect: Connect, close: str
) -> None:
    """Even where the reactor sees request and farewell at once, and answers at once."""
    busy: list[Any] = []

    def block() -> None:
        busy.append(1)
        time.sleep(0.3)

    with connect(server) as connection:
        connection.sendall(GET)
        connection.recv(65536)
        assert sent(server, "/a")
        threading.Thread(target=server.in_reactor, args=(block,)).start()
        while not busy:
            time.sleep(0.001)
        connection.sendall(GET)
        if close == "half":
            connection.shutdown(socket.SHUT_WR)
        elif close == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if close != "half":
            connection.close()
        time.sleep(0.4)
    assert sent(server, "/a")


def test_what_a_client_does_not_take_is_not_sent(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        connection.sendall(GET.replace(b"/a", b"/huge"))
        time.sleep(QUICK.stall + 0.5)  # it is dropped then
        assert sent(server)
    with connect(server) as connection:
        connection.sendall(GET.replace(b"/a", b"/huge"))
        assert connection.recv(65536)
    assert sent(server)


def test_what_a_client_takes_slowly_is_sent_when_all_of_it_is_out(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        connection.sendall(LAST.replace(b"/last", b"/huge"))
        assert connection.recv(65536)
        time.sleep(0.1)
        assert server.echo.sent == []
        assert len(read_all(connection)) > 1_000_000
    assert sent(server, "/huge")


def test_an_answer_that_cannot_be_sent_is_not(server: Server, connect: Connect) -> None:
    with connect(server) as connection:
        connection.sendall(GET.replace(b"/a", b"/broken"))
        assert statuses(read_all(connection)) == [500]
    assert sent(server)
