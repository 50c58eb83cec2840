"""A host that really listens, on loopback: rows for a store, and a home folder."""

from __future__ import annotations

import bisect
import http.client
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from twisted.internet import reactor

from iwapi.hosting.directory import Answer, Site, Zones
from iwapi.hosting.serve import Host, serve
from iwapi.hosting.traffic import Traffic
from iwapi.hosting.zones import Names
from iwapi.store.served import ServedRecord, ServedZone
from tests.reactor import in_reactor, no_traceback

__all__ = ["in_reactor", "no_traceback"]

ACCOUNT = 7


@dataclass(frozen=True)
class Held:
    """A zone and its records."""

    zone: ServedZone
    records: tuple[ServedRecord, ...]

    @cached_property
    def by_host(self) -> dict[str, list[ServedRecord]]:
        hosts = dict.fromkeys(row.host for row in self.records)
        return {host: [row for row in self.records if row.host == host] for host in hosts}


def record(host: str, kind: str, value: str, ttl: int | None = None) -> ServedRecord:
    """A record written as in a zone file."""
    priority = None
    if kind in ("MX", "SRV"):
        first, _, value = value.partition(" ")
        priority = int(first)
    return ServedRecord(host, kind, value, ttl, priority)


def zone(domain: str, ipv4: Sequence[str], ipv6: Sequence[str], serial: int, *more: ServedRecord) -> Held:
    """A zone with the records that every zone begins with, and more. Its id is as good as its name."""
    addresses = [("A", address) for address in ipv4] + [("AAAA", address) for address in ipv6]
    hosts = [domain, *(f"{service}.{domain}" for service in ("www", "mail", "ftp"))]
    first = [record(host, kind, address) for host in hosts for kind, address in addresses]
    first += [record(domain, "MX", f"10 mail.{domain}"), record(domain, "TXT", "v=spf1 a mx ~all")]
    known = ServedZone(hash(domain), domain, next(iter(ipv4), None), next(iter(ipv6), None), serial)
    return Held(known, (*first, *more))


@dataclass
class Rows:
    """A directory with two tables, which holds its callers to lower-case names."""

    sites: dict[str, Site] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)

    def site(self, host: str) -> Site | None:
        assert host == host.lower()
        return self.sites.get(host)

    def read(self, work: Callable[[Zones], Answer]) -> Answer:
        return work(self)

    def zone(
        self, names: Sequence[str], host: str, kind: str
    ) -> tuple[ServedZone, Sequence[ServedRecord]] | None:
        assert all(name == name.lower() for name in names)
        for name in sorted(names, key=len, reverse=True):
            if name in self.held:
                here = self.held[name].by_host.get(host, [])
                return self.held[name].zone, [row for row in here if row.type in (kind, "CNAME")]
        return None

    def records(self, zone: ServedZone, host: str) -> Sequence[ServedRecord]:
        return self.held[zone.name].by_host.get(host, [])

    def addresses(self, zone: ServedZone, hosts: Sequence[str], most: int) -> Sequence[ServedRecord]:
        rows = [row for host in hosts for row in self.records(zone, host) if row.type in ("A", "AAAA")]
        return rows[:most]

    def neighbours(self, zone: ServedZone, host: str) -> Sequence[str]:
        places = sorted({tuple(row.host.split(".")[::-1]) for row in self.held[zone.name].records})
        at = tuple(host.split(".")[::-1])
        after = bisect.bisect_right(places, at)
        return [".".join(place[::-1]) for place in (*places[:after][-1:], *places[after:][:1])]


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
    rows.held["example.com"] = zone("example.com", ("192.0.2.1", "192.0.2.2"), ("2001:db8::1",), 2026010101)
    names = Names.of("host.example.net", ["ns1.example.net", "ns2.example.net"])
    loopback = [("127.0.0.1", 0), ("::1", 0)]
    host = in_reactor(serve, reactor, rows, traffic, names, loopback, loopback)
    yield World(host, rows, traffic, home, outside, in_reactor)
    in_reactor(host.stop, 0.2)
