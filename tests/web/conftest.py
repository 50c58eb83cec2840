"""A server that really listens, on loopback, with a handler that tells what it was asked."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from twisted.internet import reactor

from iwapi.web.http import Answer, Request, Response
from iwapi.web.limits import Deadlines
from iwapi.web.serve import Listener, Listening, serve
from tests.reactor import in_reactor, no_traceback

__all__ = ["in_reactor", "no_traceback"]

QUICK = Deadlines(head=0.4, body=0.6, idle=0.8, stall=0.8, linger=0.3)


@dataclass
class Echo:
    """Answers with what it was asked, and keeps the paths whose answers were sent.

    On `/later` another thread answers, when `go` is set, on `/never` nobody. `/big` has a body that clogs a
    connection, `/huge` one that no socket takes at once; `/bug` fails, `/broken` has a header that none may
    have.
    """

    asked: list[Request] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: Request, answer: Answer) -> None:
        self.asked.append(request)
        if request.path == "/bug":
            raise RuntimeError("a secret detail")
        if request.path == "/later":
            threading.Thread(target=lambda: self.go.wait(10) and answer(self._told(request))).start()
        elif request.path == "/never":
            pass
        elif request.path == "/close":
            answer(Response(400, b"closing", close=True, sent=self._sent(request)))
        elif request.path == "/broken":
            answer(Response(200, headers=(("X", "a secret\r\nY: b"),), sent=self._sent(request)))
        elif request.path == "/big":
            answer(Response(200, b"x" * 2_000_000))
        elif request.path == "/huge":
            answer(Response(200, b"x" * 20_000_000, sent=self._sent(request)))
        else:
            answer(self._told(request))

    def _sent(self, request: Request) -> Callable[[], None]:
        return lambda: self.sent.append(request.path)

    def _told(self, request: Request) -> Response:
        told = {
            "method": request.method, "path": request.path, "query": request.query, "host": request.host,
            "body": request.body.decode("latin-1"), "headers": dict(request.headers),
            "address": request.address, "secure": request.secure, "id": request.id,
        }  # fmt: skip
        return Response(200, json.dumps(told).encode(), "application/json", sent=self._sent(request))


@dataclass(frozen=True)
class Server:
    """A listening server and its handler."""

    echo: Echo
    listening: Listening
    in_reactor: Callable[..., Any]

    @property
    def port(self) -> int:
        return self.listening.addresses[0][0][1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def raw(self, request: bytes) -> bytes:
        """All that the server says to these bytes until it closes; the client keeps its side open."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_all(connection)


def read_all(connection: socket.socket | ssl.SSLSocket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


def statuses(answers: bytes) -> list[int]:
    """The statuses of answers that follow each other."""
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


@pytest.fixture
def start(in_reactor: Callable[..., Any], no_traceback: list[str]) -> Iterator[Callable[..., Server]]:
    """Starts a server; what `serve` takes may be given."""
    started: list[Listening] = []

    def start(most_connections: int = 100, certificate: Any = None, **more: Any) -> Server:
        echo = Echo()
        listeners = [Listener(echo, [("127.0.0.1", 0)], certificate)]
        listening = in_reactor(lambda: serve(reactor, listeners, most_connections, **more))
        started.append(listening)
        return Server(echo, listening, in_reactor)

    yield start
    for listening in started:
        in_reactor(listening.stop, 0.1)


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    return start(deadlines=QUICK)
