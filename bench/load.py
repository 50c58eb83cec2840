"""Load over raw sockets: each connection sends its next request as soon as its last one is answered."""

from __future__ import annotations

import itertools
import os
import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

CONNECTIONS = 16

_TICKS = os.sysconf("SC_CLK_TCK")
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """What is sent where. Every answer begins with `good`; a datagram is one answer."""

    name: str
    at: tuple[str, int]
    requests: Iterator[bytes]
    good: bytes = b"HTTP/1.1 200 "
    datagrams: bool = False


@dataclass(frozen=True)
class Measured:
    """One run: answers a second, the server's CPU microseconds for each, the slowest 1 % in milliseconds."""

    rate: float
    cpu: float
    p99: float


@dataclass
class _Connection:
    socket: socket.socket
    sent: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.got.clear()
        self.sent = time.perf_counter()
        self.socket.sendall(request)


def measure(work: Work, pid: int, seconds: float) -> Measured:
    """Load the process `pid` for so long."""
    waits: list[float] = []
    kind = socket.SOCK_DGRAM if work.datagrams else socket.SOCK_STREAM
    with selectors.DefaultSelector() as selector:
        connections = [_Connection(socket.socket(socket.AF_INET, kind)) for _ in range(CONNECTIONS)]
        for connection in connections:
            connection.socket.connect(work.at)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        cpu, began = cpu_seconds(pid), time.perf_counter()
        for connection in connections:
            connection.send(next(work.requests))
        busy = CONNECTIONS
        while busy:
            for key, _ in selector.select(30) or _silent(work):
                connection = key.data
                if not (data := connection.socket.recv(1 << 16)):
                    raise SystemExit(f"{work.name}: the server closed a connection")
                connection.got += data
                if not work.datagrams and not _is_whole(connection.got):
                    continue
                if not connection.got.startswith(work.good):
                    raise SystemExit(f"{work.name}: {bytes(connection.got[:2000]).decode('latin-1')}")
                now = time.perf_counter()
                waits.append(now - connection.sent)
                if now - began < seconds:
                    connection.send(next(work.requests))
                else:
                    busy -= 1
        took, used = time.perf_counter() - began, cpu_seconds(pid) - cpu
    for connection in connections:
        connection.socket.close()
    waits.sort()
    return Measured(len(waits) / took, used / len(waits) * 1e6, waits[len(waits) * 99 // 100] * 1e3)


def _is_whole(answer: bytearray) -> bool:
    head = answer.find(b"\r\n\r\n")
    length = _LENGTH.search(answer, 0, head + 2) if head >= 0 else None
    return length is not None and len(answer) >= head + 4 + int(length[1])


def _silent(work: Work) -> list[tuple[selectors.SelectorKey, int]]:
    raise SystemExit(f"{work.name}: no answer within 30 seconds")


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def numbered(template: str) -> Iterator[bytes]:
    """Typed calls of a template, with a number of its own in each."""
    return (post(template % number) for number in itertools.count())


def post(body: str, path: str = "/soap/billing") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii")
