"""A host that really listens, on loopback: rows for a store, and a home folder."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from twisted.internet import reactor

from iwapi.hosting.directory import Site, Zone
from iwapi.hosting.serve import Host, serve
from iwapi.hosting.traffic import Traffic
from iwapi.hosting.zones import Names
from tests.reactor import in_reactor, no_traceback

__all__ = ["in_reactor", "no_traceback"]

ACCOUNT = 7


@dataclass
class Rows:
    """A directory with two tables, which holds its callers to lower-case names."""

    sites: dict[str, Site] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)

    def site(self, host: str) -> Site | None:
        assert host == host.lower()
        return self.sites.get(host)

    def zone(self, domain: str) -> Zone | None:
        assert domain == domain.lower()
        return self.zones.get(domain)


@dataclass(frozen=True)
class Got:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class World:
    """A host with the site and zone of example.com."""

    host: Host
    rows: Rows
    traffic: Traffic
    home: Path
    outside: Path
    in_reactor: Callable[..., Any]

    @property
    def docroot(self) -> Path:
        return self.home / "example.com" / "html"

    def write(self, name: str, content: bytes = b"hello") -> Path:
        path = self.docroot / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def get(self, path: str, method: str = "GET", host: str = "example.com", **headers: str) -> Got:
        connection = http.client.HTTPConnection(*self.host.sites[0], timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": host, **named})
        response = connection.getresponse()
        got = Got(response.status, response.headers, response.read())
        connection.close()
        return got

    def connect(self) -> socket.socket:
        return socket.create_connection(self.host.sites[0], timeout=10)

    def raw(self, request: bytes) -> bytes:
        """All that the server says to these bytes until it closes."""
        with self.connect() as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))


def until(condition: Callable[[], object], seconds: float = 5) -> bool:
    """Whether a condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def world(tmp_path: Path, in_reactor: Callable[..., Any], no_traceback: list[str]) -> Iterator[World]:
    home, outside = tmp_path / "home", tmp_path / "outside"
    (home / "example.com" / "html").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.txt").write_bytes(b"SECRET")
    rows, traffic = Rows(), Traffic()
    rows.sites["example.com"] = Site(ACCOUNT, "active", str(home), "example.com/html")
    rows.zones["example.com"] = Zone("example.com", ("192.0.2.1", "192.0.2.2"), ("2001:db8::1",), 2026010101)
    names = Names.of("host.example.net", ["ns1.example.net", "ns2.example.net"])
    loopback = [("127.0.0.1", 0), ("::1", 0)]
    host = in_reactor(serve, reactor, rows, traffic, names, loopback, loopback)
    yield World(host, rows, traffic, home, outside, in_reactor)
    in_reactor(host.stop, 0.2)
