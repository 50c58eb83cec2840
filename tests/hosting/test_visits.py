"""Limits, deadlines, back-pressure and byte counts of the visitors' connections."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from iwapi.hosting import visits
from tests.hosting.conftest import ACCOUNT, World, until

HEAD = b"Host: example.com\r\n"
PLAIN = b"GET /a.txt HTTP/1.1\r\n" + HEAD + b"\r\n"
LAST = b"GET /a.txt HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n"
SIZE = 50 * 1024 * 1024


def memory() -> int:
    """Bytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    monkeypatch.setattr(visits.VisitorChannel, "timeOut", 0.3)
    monkeypatch.setattr(visits.VisitorChannel, "abortTimeout", 0.3)
    monkeypatch.setattr(visits, "_STALL_SECONDS", 0.3)


# Limits


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 17_000 + b"\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 65 + b"\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 9_000 + b"\r\nY: " + b"a" * 9_000 + b"\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n" + HEAD + b"\r\n", b"400"),
        (b"GET /\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost : example.com\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\0b\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 65537\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: " + b"9" * 4_000 + b"\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: gzip\r\n\r\n", b"400"),
    ],
)
def test_a_request_beyond_the_limits_is_refused_and_the_connection_ends(
    world: World, request_bytes: bytes, status: bytes
) -> None:
    answer = world.raw(request_bytes)
    assert re.match(rb"HTTP/1\.1 (\d+) ", answer)[1] == status  # type: ignore[index]
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_small_body_is_thrown_away_and_the_connection_goes_on(world: World) -> None:
    world.write("a.txt", b"hello")
    post = b"POST /a.txt HTTP/1.1\r\n" + HEAD + b"Content-Length: 65536\r\n\r\n" + b"GET /" * 13_107 + b"x"
    answers = world.raw(post + LAST)
    assert re.findall(rb"HTTP/1\.1 (\d+) ", answers) == [b"405", b"200"]
    assert answers.endswith(b"hello")


def test_beyond_their_number_connections_are_closed_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("a.txt")
    connections = world.host.connections[0]
    monkeypatch.setattr(connections, "_most", 2)
    with world.connect() as one, world.connect():
        assert until(lambda: connections.full)
        with world.connect() as third:
            assert third.recv(1) == b""
        one.sendall(PLAIN)
        assert one.recv(65536).endswith(b"hello")
    assert until(lambda: not connections.full)
    assert world.get("/a.txt").status == 200


# Deadlines


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("drop", [b"X", b"a: b\r\n"])
def test_a_trickle_does_not_keep_a_connection(world: World, drop: bytes) -> None:
    before = time.monotonic()
    with world.connect() as connection, suppress(ConnectionError):
        connection.sendall(b"GET / HTTP/1.1\r\n")
        while time.monotonic() < before + 5:
            connection.sendall(drop)
            time.sleep(0.02)
    assert 0.2 < time.monotonic() - before < 2


@pytest.mark.usefixtures("soon")
def test_an_idle_connection_is_closed_and_each_answer_starts_the_time_anew(world: World) -> None:
    world.write("a.txt")
    before = time.monotonic()
    with world.connect() as connection:
        for _ in range(3):
            connection.sendall(PLAIN)
            assert connection.recv(65536).endswith(b"hello")
            time.sleep(0.2)
        assert connection.recv(1) == b""
    assert 0.6 < time.monotonic() - before < 2


@pytest.mark.usefixtures("soon")
def test_who_takes_nothing_of_an_answer_is_dropped_and_the_file_closed(world: World) -> None:
    with (world.docroot / "large").open("wb") as file:
        file.truncate(SIZE)
    before = len(os.listdir("/proc/self/fd"))
    with world.connect() as connection:
        connection.sendall(PLAIN.replace(b"a.txt", b"large"))
        assert until(lambda: len(os.listdir("/proc/self/fd")) > before + 2)
        assert until(lambda: len(os.listdir("/proc/self/fd")) == before + 1)


@pytest.mark.usefixtures("soon")
def test_who_takes_an_answer_slowly_gets_all_of_it(world: World) -> None:
    world.write("large", os.urandom(6_000_000))
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        connection.connect(world.host.sites[0])
        connection.sendall(LAST.replace(b"a.txt", b"large"))
        taken = bytearray()
        while chunk := connection.recv(400_000):
            taken += chunk
            time.sleep(0.02)
    assert bytes(taken).endswith((world.docroot / "large").read_bytes())


# Back-pressure


def test_a_huge_file_takes_no_memory_and_holds_up_nobody(world: World) -> None:
    content = os.urandom(1024 * 1024) * (SIZE // (1024 * 1024))
    digest = hashlib.sha256(content).digest()
    world.write("huge.bin", content)
    world.write("a.txt")
    del content
    before = memory()
    with world.connect() as slow:
        slow.sendall(LAST.replace(b"a.txt", b"huge.bin"))
        time.sleep(0.3)
        asked = time.monotonic()
        assert world.get("/a.txt").status == 200
        assert time.monotonic() - asked < 1
        assert memory() - before < 8_000_000
        head, _, rest = slow.recv(65536).partition(b"\r\n\r\n")
        assert f"Content-Length: {SIZE}".encode() in head
        seen, most, received = hashlib.sha256(rest), 0, len(rest)
        while chunk := slow.recv(65536):
            seen.update(chunk)
            received += len(chunk)
            most = max(most, memory())
    assert (received, seen.digest()) == (SIZE, digest)
    assert most - before < 8_000_000


def test_answers_do_not_pile_up_for_who_asks_and_never_reads(world: World) -> None:
    world.write("a.txt", b"x" * 60_000)
    before = memory()
    with world.connect() as connection:
        connection.settimeout(0.5)
        sent = 0
        with suppress(TimeoutError):
            while sent < 100_000_000:
                sent += connection.send(PLAIN * 1_000)
        assert sent < 50_000_000
        assert memory() - before < 20_000_000
        assert world.get("/a.txt").status == 200


def test_each_of_many_requests_sent_ahead_gets_its_answer(world: World) -> None:
    world.write("a.txt", b"x" * 60_000)
    world.write("large", b"y" * 300_000)
    ahead = (PLAIN + PLAIN.replace(b"a.txt", b"large")) * 40
    with world.connect() as connection:
        connection.sendall(ahead + LAST)
        time.sleep(0.2)
        answers = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answers.count(b"HTTP/1.1 200 ") == 81
    assert (answers.count(b"x" * 60_000), answers.count(b"y" * 300_000)) == (41, 40)


def test_a_file_that_shrinks_while_it_is_sent_ends_the_connection(world: World) -> None:
    path = world.write("large", bytes(SIZE))
    with world.connect() as connection:
        connection.sendall(PLAIN.replace(b"a.txt", b"large"))
        taken = len(connection.recv(65536))
        os.truncate(path, 1_000_000)
        taken += sum(map(len, iter(lambda: connection.recv(65536), b"")))
    assert taken < SIZE


def test_who_leaves_in_the_middle_leaves_nothing_behind(world: World) -> None:
    world.write("large", bytes(SIZE))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with world.connect() as connection:
            connection.sendall(PLAIN.replace(b"a.txt", b"large"))
            connection.recv(1000)
    assert until(lambda: len(os.listdir("/proc/self/fd")) <= before)


# Bytes


@pytest.mark.parametrize(
    "requests",
    [
        LAST,
        PLAIN * 10 + LAST,
        LAST.replace(b"GET", b"HEAD"),
        LAST.replace(b"a.txt", b"large"),
        PLAIN.replace(b"a.txt", b"large") * 3 + PLAIN * 3 + LAST,
        LAST.replace(b"a.txt", b"gone"),
        LAST.replace(b"GET", b"POST").replace(b"Connection", b"Content-Length: 5\r\nConnection") + b"12345",
    ],
)
def test_every_byte_of_requests_and_answers_counts(world: World, requests: bytes) -> None:
    world.write("a.txt")
    world.write("large", bytes(1_000_000))
    answers = world.raw(requests)
    assert world.in_reactor(world.traffic.drain) == {ACCOUNT: len(requests) + len(answers)}


def test_an_answer_that_was_not_taken_counts_as_far_as_it_was_sent(world: World) -> None:
    world.write("large", bytes(SIZE))
    with world.connect() as connection:
        connection.sendall(PLAIN.replace(b"a.txt", b"large"))
        connection.recv(1000)
    counted = world.in_reactor(world.traffic.drain)[ACCOUNT]
    assert 1000 < counted < SIZE // 2


def test_a_request_for_nobody_counts_for_nobody(world: World) -> None:
    world.write("a.txt")
    with world.connect() as connection:
        for host in (b"nobody.example", b"example.com", b"nobody.example"):
            connection.sendall(PLAIN.replace(b"example.com", host))
            answer = connection.recv(65536)
            if host == b"example.com":
                own = len(PLAIN) + len(answer)
    assert world.in_reactor(world.traffic.drain) == {ACCOUNT: own}
