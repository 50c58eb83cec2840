"""The HTTP server over real sockets: what it takes, what it refuses, and how it ends."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from twisted.internet import reactor

from iwapi.web import limits
from iwapi.web.server import Channel
from tests.web.conftest import QUICK, Server, read_all, statuses

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def told(answer: bytes) -> dict[str, object]:
    return dict(json.loads(answer.rpartition(b"\r\n\r\n")[2]))


def post(head: bytes, body: bytes = b"") -> bytes:
    return b"POST /a HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n" + body


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def test_a_request_comes_as_a_value(server: Server) -> None:
    head = b"POST /a%20b?c=d&e HTTP/1.1\r\nHost: Example.COM:1\r\nX-One: 1\r\nx-one: 2\r\n"
    server.raw(head + b"User-Agent: t\x1b1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
    (request,) = server.echo.asked
    assert (request.method, request.path, request.query, request.body) == ("POST", "/a%20b", "c=d&e", b"hi")
    assert (request.address, request.secure, request.host) == ("127.0.0.1", False, "example.com:1")
    assert (request.headers["x-one"], request.client) == ("1, 2", "t1")


def test_an_answer_says_who_it_is_and_not_what_serves_it(server: Server) -> None:
    head, _, _ = server.raw(LAST).partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:]]
    assert b"X-Request-Id: " + server.echo.asked[0].id.encode() in head
    assert b"Connection: close" in head
    assert b"Cache-Control: no-store" in head
    assert b"server" not in names
    assert b"date" in names


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /a HTTP/1.1\r\n\r\n", 400),  # no host
        (b"GET /a HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost:\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nA: 1\r\n folded\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nA : 1\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nA: 1\nB: 2\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
        (b"GET  /a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET http://y/a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /a HTTP/2.0\r\nHost: x\r\n\r\n", 400),
        (b"GET /a\r\nHost: x\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # TLS on a plain port
        (post(b"Content-Length: 2\r\nContent-Length: 2\r\n", b"hi"), 400),
        (post(b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", chunked(b"hi")), 400),
        (post(b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\nA: b\r\n", chunked(b"hi")), 400),
        (post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunked(b"hi")), 400),
        (post(b"Transfer-Encoding: identity\r\n", b"hi"), 400),
        (post(b"Transfer-Encoding: gzip, chunked\r\n", chunked(b"hi")), 400),
        (b"POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(b"hi"), 400),
        (post(b"Content-Length: +2\r\n", b"hi"), 400),
        (post(b"Content-Length: 0x2\r\n", b"hi"), 400),
        (post(b"Content-Length: " + b"9" * 5000 + b"\r\n", b"hi"), 400),
        (post(b"Transfer-Encoding: chunked\r\n", b"zz\r\nhi\r\n0\r\n\r\n"), 400),
        (post(b"Transfer-Encoding: chunked\r\n", b"1\r\nhi\r\n0\r\n\r\n"), 400),
        (post(b"", b""), 411),
        (post(b"Content-Length: 1048577\r\n"), 413),
        (post(b"Content-Length: 2\r\nContent-Encoding: gzip\r\n", b"hi"), 415),
        (post(b"Content-Length: 2\r\nExpect: 200-ok\r\n", b"hi"), 417),
        (b"PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", 405),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"TRACE /a HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
        (b"GET /a HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 64 + b"\r\n", 431),
        (b"GET /a HTTP/1.1\r\nHost: x\r\n" + (b"A: " + b"b" * 990 + b"\r\n") * 17 + b"\r\n", 431),
        (b"GET /bug HTTP/1.1\r\nHost: x\r\n\r\n", 500),
        (b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n", 500),
        (b"GET /close HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ],
)  # fmt: skip
def test_what_is_refused_gets_one_answer_and_the_connection_closes(
    server: Server, request_bytes: bytes, status: int
) -> None:
    answer = server.raw(request_bytes + GET)
    assert statuses(answer) == [status]
    assert b"Connection: close\r\n" in answer
    assert b"X-Request-Id: " in answer
    assert b"secret" not in answer
    assert [request.path for request in server.echo.asked] in ([], ["/bug"], ["/broken"], ["/close"])


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /a HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 62 + b"Connection: close\r\n\r\n",
        b"GET /a HTTP/1.0\r\n\r\n",
        b"HEAD /a HTTP/1.1\r\nHost: [::1]:2080\r\nConnection: close\r\n\r\n",
        b"\r\n" + LAST,
        post(b"Connection: close\r\nContent-Length: 0\r\n"),
        post(b"Connection: close\r\nTransfer-Encoding: chunked\r\n", b"2;x=y\r\nhi\r\n0\r\nA: b\r\n\r\n"),
        post(b"Connection: close\r\nContent-Length: 1048576\r\n", b"b" * 1048576),
        post(b"Connection: close\r\nTransfer-Encoding: chunked\r\n", chunked(*[b"b" * 32768] * 32)),
    ],
)
def test_what_is_allowed_is_taken(server: Server, request_bytes: bytes) -> None:
    assert statuses(server.raw(request_bytes)) == [200]


def test_a_chunked_body_that_grows_too_large_is_refused_while_it_comes(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(post(b"Transfer-Encoding: chunked\r\n"))
        chunk = b"%x\r\n%s\r\n" % (65536, b"b" * 65536)
        for _ in range(17):
            connection.sendall(chunk)
        assert statuses(read_all(connection)) == [413]
    assert not server.echo.asked


def test_a_client_that_is_still_sending_reads_why_it_was_refused(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(post(b"Content-Length: 5000000\r\n"))
        for _ in range(50):
            connection.sendall(b"b" * 100_000)
        assert statuses(read_all(connection)) == [413]


def test_head_has_the_head_of_get_alone(server: Server) -> None:
    answer = server.raw(LAST.replace(b"GET", b"HEAD"))
    assert answer.endswith(b"\r\n\r\n")
    assert b"Content-Length: 0" not in answer


def test_a_connection_is_kept_for_further_requests(server: Server) -> None:
    with server.connect() as connection:
        for _ in range(3):
            connection.sendall(GET)
            assert b"Connection: close" not in connection.recv(65536)
        connection.sendall(LAST)
        assert statuses(read_all(connection)) == [200]
    assert len(server.echo.asked) == 4


def test_answers_keep_the_order_of_requests_that_did_not_wait(server: Server) -> None:
    threading.Timer(0.2, server.echo.go.set).start()
    answer = server.raw(GET.replace(b"/a", b"/later") + GET * 20 + LAST)
    paths = [part.split(b'"path": "')[1].split(b'"')[0] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert paths == [b"/later", *[b"/a"] * 20, b"/last"]


def test_a_thousand_requests_in_one_packet_are_answered_one_by_one(server: Server) -> None:
    assert statuses(server.raw(GET * 1000 + LAST)) == [200] * 1001


def test_requests_do_not_pile_up_behind_a_client_that_does_not_read(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        time.sleep(0.3)
        assert len(server.echo.asked) < 5


def test_a_client_that_does_not_take_its_answer_is_dropped(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        time.sleep(QUICK.stall + 0.5)
        with pytest.raises(ConnectionResetError):
            read_all(connection)


def test_continue_is_said_once_the_head_is_allowed(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(post(b"Content-Length: 2\r\nExpect: 100-Continue\r\nConnection: close\r\n"))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hi")
        assert told(read_all(connection))["body"] == "hi"


def test_a_body_that_may_not_come_is_not_asked_for(server: Server) -> None:
    assert statuses(server.raw(post(b"Content-Length: 2000000\r\nExpect: 100-continue\r\n"))) == [413]


def drip(connection: socket.socket, rest: bytes, seconds: float) -> bytes:
    """Send a byte every 50 ms for so long; what the server says in the end."""
    end = time.monotonic() + seconds
    for byte in rest:
        if time.monotonic() > end:
            break
        try:
            connection.sendall(bytes([byte]))
        except OSError:
            break
        time.sleep(0.05)
    return read_all(connection)


@pytest.mark.parametrize(
    ("begin", "status", "seconds"),
    [
        (b"", [], QUICK.head),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nA: ", [408], QUICK.head),
        (GET + b"GET /b HTTP/1.1\r\n", [200, 408], QUICK.head),
        (post(b"Content-Length: 500\r\n"), [408], QUICK.body),
        (GET, [200], QUICK.idle),
    ],
)
def test_dripping_bytes_do_not_move_a_deadline(
    server: Server, begin: bytes, status: list[int], seconds: float
) -> None:
    with server.connect() as connection:
        started = time.monotonic()
        connection.sendall(begin)
        said = drip(connection, b"" if begin in (b"", GET) else b"a" * 100, seconds + 0.3)
        assert statuses(said) == status
        assert seconds * 0.9 < time.monotonic() - started < seconds + 1.5


def test_a_handler_takes_the_time_it_needs(server: Server) -> None:
    threading.Timer(QUICK.idle + 0.3, server.echo.go.set).start()
    assert statuses(server.raw(LAST.replace(b"/last", b"/later"))) == [200]


def test_a_client_that_left_disturbs_nobody(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(GET.replace(b"/a", b"/later"))
        while not server.echo.asked:
            time.sleep(0.01)
    time.sleep(0.1)
    server.echo.go.set()
    assert statuses(server.raw(LAST)) == [200]
    time.sleep(0.1)
    calls = server.in_reactor(reactor.getDelayedCalls)
    assert not [call for call in calls if isinstance(getattr(call.func, "__self__", None), Channel)]


def test_beyond_the_number_of_connections_a_new_one_is_closed(start: Callable[..., Server]) -> None:
    server = start(most_connections=2)
    with server.connect() as first, server.connect() as second:
        for connection in (first, second):
            connection.sendall(GET)
            assert statuses(connection.recv(65536)) == [200]
        with server.connect() as third:
            assert third.recv(100) == b""
    time.sleep(0.1)
    assert statuses(server.raw(LAST)) == [200]


def test_a_proxy_that_is_trusted_tells_who_its_client_is(start: Callable[..., Server]) -> None:
    server = start(proxies=["127.0.0.1"])
    head = b"X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
    server.raw(LAST.replace(b"\r\n\r\n", b"\r\n" + head + b"\r\n"))
    (request,) = server.echo.asked
    assert (request.address, request.secure) == ("192.0.2.7", True)


def test_stopping_answers_what_was_accepted_and_refuses_what_is_new(start: Callable[..., Server]) -> None:
    server = start()
    with server.connect() as busy, server.connect() as idle:
        idle.sendall(GET)
        assert statuses(idle.recv(65536)) == [200]
        busy.sendall(GET.replace(b"/a", b"/later"))
        while len(server.echo.asked) < 2:
            time.sleep(0.01)
        stopped = threading.Thread(target=server.in_reactor, args=(server.listening.stop,))
        stopped.start()
        time.sleep(0.1)
        refused = server.raw(GET)
        assert statuses(refused) == [503]
        assert b"Retry-After: 5\r\n" in refused
        server.echo.go.set()
        assert statuses(read_all(busy)) == [200]
        assert read_all(idle) == b""
        stopped.join(5)
        assert not stopped.is_alive()
    with pytest.raises(ConnectionRefusedError):
        server.connect()


def test_stopping_does_not_wait_for_ever(start: Callable[..., Server]) -> None:
    server = start(deadlines=QUICK)
    with server.connect() as connection:
        connection.sendall(GET.replace(b"/a", b"/later"))
        while not server.echo.asked:
            time.sleep(0.01)
        began = time.monotonic()
        server.in_reactor(server.listening.stop, 0.3)
        assert time.monotonic() - began < 2
    server.echo.go.set()


@pytest.mark.needs("curl")
def test_curl_is_told_that_its_body_is_too_large(server: Server, tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(b"b" * (limits.BODY + 1))
    for how in ([], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect:"]):
        command = ["curl", "-sS", *how, "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", f"@{big}"]
        run = subprocess.run([*command, server.url], capture_output=True, text=True, timeout=20)
        assert run.stdout == "413", (how, run.stderr)


def test_damaged_requests_leave_no_trace(server: Server) -> None:
    chance = random.Random(1)
    whole = post(b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n", chunked(b"hi", b"there")) + GET
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(damaged))
            other = chance.choice((b"", b"\r\n", b"\0", b":", chance.randbytes(2)))
            damaged[at : at + chance.randrange(3)] = other
        with server.connect() as connection:
            connection.sendall(damaged)
            connection.shutdown(socket.SHUT_WR)
            answers = statuses(read_all(connection))
        assert all(status in (100, 200) or 400 <= status < 432 for status in answers), (damaged, answers)
    assert statuses(server.raw(LAST)) == [200]
