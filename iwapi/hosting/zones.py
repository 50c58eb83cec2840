"""The answers of a zone: what a question about one of its names gets.

No packets and no reactor here: questions and answers are values. Names that no record has are answered by
wildcards as RFC 4592 says; an alias is followed as far as its zone goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

from iwapi.hosting.directory import Directory, Zones
from iwapi.store.served import ServedRecord, ServedZone

_IN = 1
_REFRESH, _RETRY, _EXPIRE = 10_800, 3_600, 604_800  # seconds; only a secondary server would read them
_MOST_LABELS = 10  # of a zone's name; this and the others bound what one question costs
_MOST_ALIASES = 8
_MOST_HOSTS = 10
_MOST_BESIDE = 20
_HOST_NAME = re.compile(r"[a-z0-9_.-]+", re.ASCII)
_RECORD_NAME = re.compile(r"[a-z0-9_*.-]+", re.ASCII)
_STRANGE_LABELS = re.compile(r".*[^a-z0-9_*.-][^.]*\.", re.ASCII | re.DOTALL)
_MAIL_ADDRESS = re.compile(r"([a-z0-9_+-]{1,63})@([a-z0-9.-]+)", re.ASCII | re.IGNORECASE)


class Kind(IntEnum):
    """The record types that zones have, and the numbers of questions that are treated apart."""

    A = 1
    NS = 2
    CNAME = 5
    SOA = 6
    MX = 15
    TXT = 16
    AAAA = 28
    SRV = 33
    TKEY = 249  # the first of those that ask the server to do something: keys, transfers
    ANY = 255
    CAA = 257


_LEADING = frozenset({Kind.A, Kind.AAAA, Kind.CNAME})


class Code(IntEnum):
    """How an answer went."""

    OK = 0
    FORMAT_ERROR = 1
    SERVER_FAILURE = 2
    NO_SUCH_NAME = 3
    NOT_IMPLEMENTED = 4
    REFUSED = 5
    BAD_VERSION = 16


@dataclass(frozen=True)
class Names:
    """What all zones have in common: name servers, the hostmaster's mail address, times to live in seconds.

    Raises ValueError when the hostmaster's address cannot be written in an SOA record.
    """

    servers: tuple[str, ...]
    hostmaster: str
    ttl: int = 3_600
    negative_ttl: int = 300

    def __post_init__(self) -> None:
        if not self.servers:
            raise ValueError("a zone needs a name server")
        if not _MAIL_ADDRESS.fullmatch(self.hostmaster):
            raise ValueError("the hostmaster must be a mail address without a dot before its @")

    @classmethod
    def of(cls, hostname: str, servers: Iterable[str] = (), hostmaster: str = "", ttl: int = 3_600) -> Names:
        """The settings as given; what is empty is named after the host."""
        hostname = hostname.lower()
        return cls(
            tuple(server.lower().rstrip(".") for server in servers) or (f"ns1.{hostname}", f"ns2.{hostname}"),
            hostmaster or f"hostmaster@{hostname}",
            ttl,
        )


@dataclass(frozen=True)
class Question:
    """`name` is lower case, without the final dot; `kind` and `family` are the numbers of type and class."""

    name: str
    kind: int
    family: int = _IN


@dataclass(frozen=True)
class Record:
    """`value` is written as in a zone file, names without their final dots."""

    name: str
    kind: Kind
    ttl: int
    value: str


@dataclass(frozen=True)
class Answer:
    code: Code
    authoritative: bool = False
    records: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()


REFUSED = Answer(Code.REFUSED)


def answer(question: Question, directory: Directory, names: Names) -> Answer:
    """What the server says to a question."""
    if question.family != _IN or Kind.TKEY <= question.kind < Kind.ANY:
        return REFUSED
    with directory.zones() as zones:
        zone = zone_of(zones, question.name)
        return REFUSED if zone is None else _Search(zones, zone, names).answer(question.name, question.kind)


def zone_of(zones: Zones, name: str) -> ServedZone | None:
    """The zone that a name is in: the one with the longest domain, if any."""
    labels = name.split(".")[-_MOST_LABELS:]
    above = [".".join(labels[first:]) for first in range(len(labels))]
    known = [domain for domain in above if _HOST_NAME.fullmatch(domain)]
    return zones.zone(known) if known else None


@dataclass(frozen=True)
class _Search:
    """Looks for the answer to one question in the zone that it is about."""

    zones: Zones
    zone: ServedZone
    names: Names

    def answer(self, name: str, asked: int) -> Answer:
        aliases: list[Record] = []
        for _ in range(_MOST_ALIASES):
            here = self._records_at(name)
            # To ANY one kind of record is a full answer (RFC 8482): the rest would only help to flood others.
            kind = here[0].kind if here and asked == Kind.ANY else asked
            found = _alike(record for record in here or () if record.kind == kind)
            if found:
                return Answer(Code.OK, True, (*aliases, *found), additional=self._addresses_beside(found))
            alias = next((record for record in here or () if record.kind == Kind.CNAME), None)
            if alias is None:
                code = Code.NO_SUCH_NAME if here is None else Code.OK
                soa = self._soa(min(self.names.ttl, self.names.negative_ttl))
                return Answer(code, True, tuple(aliases), authority=(soa,))
            if alias in aliases:
                break
            aliases.append(alias)
            name = alias.value
            if not self._is_in_zone(name):
                break
        return Answer(Code.OK, True, tuple(aliases))

    def _records_at(self, name: str) -> tuple[Record, ...] | None:
        """The records that a name has, its own or a wildcard's; None where there is no such name."""
        if own := self._own_records(name):
            return own
        closest = self._closest(name)
        if closest == name:
            return ()
        synthesized = self._own_records(f"*.{closest}")
        return tuple(replace(record, name=name) for record in synthesized) or None

    def _own_records(self, name: str) -> tuple[Record, ...]:
        if not _RECORD_NAME.fullmatch(name):
            return ()
        own = tuple(map(self._record, self.zones.records(self.zone, name)))
        if name == self.zone.name:
            servers = (Record(name, Kind.NS, self.names.ttl, server) for server in self.names.servers)
            return (*own, self._soa(self.names.ttl), *servers)
        if name in self.names.servers and not any(record.kind in _LEADING for record in own):
            return (*own, *self._account_addresses(name))
        return own

    def _closest(self, name: str) -> str:
        """The longest that there is of a name and those above it. A name is there when it has records, or
        when one below it has."""
        name = _STRANGE_LABELS.sub("", name)
        if self._own_records(name):
            return name
        inside = (server for server in self.names.servers if self._is_below(server))
        near = (*self.zones.neighbours(self.zone, name), *inside)
        return max((_shared(name, other) for other in near), key=len, default=self.zone.name)

    def _record(self, row: ServedRecord) -> Record:
        value = row.value if row.priority is None else f"{row.priority} {row.value}"
        return Record(row.host, Kind[row.type], self.names.ttl if row.ttl is None else row.ttl, value)

    def _account_addresses(self, name: str) -> tuple[Record, ...]:
        """Those of a name server inside the zone, which needs no address records of its own."""
        addresses = ((Kind.A, self.zone.ipv4), (Kind.AAAA, self.zone.ipv6))
        return tuple(Record(name, kind, self.names.ttl, address) for kind, address in addresses if address)

    def _addresses_beside(self, found: tuple[Record, ...]) -> tuple[Record, ...]:
        """The addresses of the servers in an answer, so far as they lie in the same zone."""
        leading = [record.value for record in found if record.kind in (Kind.MX, Kind.NS, Kind.SRV)]
        named = dict.fromkeys(value.rpartition(" ")[2] for value in leading)
        hosts = [host for host in named if host == self.zone.name or self._is_below(host)][:_MOST_HOSTS]
        if not hosts:
            return ()
        rows = tuple(map(self._record, self.zones.addresses(self.zone, hosts, _MOST_BESIDE)))
        bare = set(hosts).intersection(self.names.servers).difference(record.name for record in rows)
        return (*rows, *(record for host in hosts if host in bare for record in self._own_records(host)))

    def _is_below(self, name: str) -> bool:
        return name.endswith("." + self.zone.name)

    def _is_in_zone(self, name: str) -> bool:
        """Whether this zone answers for a name: no other that is longer does."""
        return name == self.zone.name or (self._is_below(name) and zone_of(self.zones, name) == self.zone)

    def _soa(self, ttl: int) -> Record:
        names = self.names
        mailbox = names.hostmaster.replace("@", ".")
        times = f"{self.zone.serial % 2**32} {_REFRESH} {_RETRY} {_EXPIRE} {names.negative_ttl}"
        return Record(self.zone.name, Kind.SOA, ttl, f"{names.servers[0]} {mailbox} {times}")


def _alike(records: Iterable[Record]) -> tuple[Record, ...]:
    """Records of one name and kind, which must not differ in how long they may be kept (RFC 2181)."""
    found = tuple(records)
    shortest = min((record.ttl for record in found), default=0)
    return tuple(record if record.ttl == shortest else replace(record, ttl=shortest) for record in found)


def _shared(one: str, other: str) -> str:
    """The labels that two names have in common, from the right."""
    common: list[str] = []
    for left, right in zip(reversed(one.split(".")), reversed(other.split(".")), strict=False):
        if left != right:
            break
        common.append(left)
    return ".".join(reversed(common))
