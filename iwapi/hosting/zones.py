"""The answers of a zone: which records a domain has, and what a question about one of its names gets.

No packets and no reactor here: questions and answers are values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from iwapi.hosting.directory import Directory, Zone

_IN = 1
_REFRESH, _RETRY, _EXPIRE = 10_800, 3_600, 604_800  # seconds; only a secondary server would read them
_SERVICES = ("www", "mail", "ftp")
_MOST_LABELS = 10  # of a zone's name; bounds the look-ups that one question costs
_HOST_NAME = re.compile(r"[a-z0-9_.-]+", re.ASCII)
_MAIL_ADDRESS = re.compile(r"([a-z0-9_+-]{1,63})@([a-z0-9.-]+)", re.ASCII | re.IGNORECASE)


class Kind(IntEnum):
    """The record types that zones have, and the numbers of questions that are treated apart."""

    A = 1
    NS = 2
    SOA = 6
    MX = 15
    TXT = 16
    AAAA = 28
    TKEY = 249  # the first of those that ask the server to do something: keys, transfers
    ANY = 255


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


def zone_of(directory: Directory, name: str) -> Zone | None:
    """The zone that a name is in: the one with the longest domain, if any."""
    labels = name.split(".")[-_MOST_LABELS:]
    for first in range(len(labels)):
        domain = ".".join(labels[first:])
        if _HOST_NAME.fullmatch(domain) and (zone := directory.zone(domain)):
            return zone
    return None


def answer(question: Question, directory: Directory, names: Names) -> Answer:
    """What the server says to a question."""
    if question.family != _IN or Kind.TKEY <= question.kind < Kind.ANY:
        return REFUSED
    zone = zone_of(directory, question.name)
    if zone is None:
        return REFUSED
    here = _records_at(question.name, zone, names)
    # To ANY one kind of record is a full answer (RFC 8482): the rest would only help to flood others.
    kind = here[0].kind if here and question.kind == Kind.ANY else question.kind
    asked_for = tuple(record for record in here if record.kind == kind)
    if asked_for:
        return Answer(Code.OK, True, asked_for, additional=_addresses_beside(asked_for, zone, names))
    code = Code.OK if here or _exists(question.name, zone, names) else Code.NO_SUCH_NAME
    return Answer(code, True, authority=(_soa(zone, names, min(names.ttl, names.negative_ttl)),))


def _records_at(name: str, zone: Zone, names: Names) -> tuple[Record, ...]:
    domain = zone.domain
    if name == domain:
        return (
            *_addresses(name, zone, names),
            _soa(zone, names, names.ttl),
            *(Record(name, Kind.NS, names.ttl, server) for server in names.servers),
            Record(name, Kind.MX, names.ttl, f"10 mail.{domain}"),
            Record(name, Kind.TXT, names.ttl, "v=spf1 a mx ~all"),
        )
    return _addresses(name, zone, names) if name in _names_below(zone, names) else ()


def _names_below(zone: Zone, names: Names) -> list[str]:
    """The names of a zone under its domain: the services, and name servers that lie inside it."""
    inside = "." + zone.domain
    return [label + inside for label in _SERVICES] + [name for name in names.servers if name.endswith(inside)]


def _exists(name: str, zone: Zone, names: Names) -> bool:
    """Whether a name is there without records: it has no addresses, or only names below it."""
    return any(("." + below).endswith("." + name) for below in _names_below(zone, names))


def _addresses(name: str, zone: Zone, names: Names) -> tuple[Record, ...]:
    return (
        *(Record(name, Kind.A, names.ttl, address) for address in zone.ipv4),
        *(Record(name, Kind.AAAA, names.ttl, address) for address in zone.ipv6),
    )


def _addresses_beside(asked_for: tuple[Record, ...], zone: Zone, names: Names) -> tuple[Record, ...]:
    """The addresses of the mail or name servers in an answer, so far as they lie in the same zone."""
    hosts = [record.value.split()[-1] for record in asked_for if record.kind in (Kind.MX, Kind.NS)]
    beside = [record for host in hosts for record in _records_at(host, zone, names)]
    return tuple(record for record in beside if record.kind in (Kind.A, Kind.AAAA))


def _soa(zone: Zone, names: Names, ttl: int) -> Record:
    mailbox = names.hostmaster.replace("@", ".")
    times = f"{zone.serial % 2**32} {_REFRESH} {_RETRY} {_EXPIRE} {names.negative_ttl}"
    return Record(zone.domain, Kind.SOA, ttl, f"{names.servers[0]} {mailbox} {times}")
