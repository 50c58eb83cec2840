"""The answers of a zone: what a question about one of its names gets.

No packets and no reactor here: questions and answers are values. Names that no record has are answered by
wildcards as RFC 4592 says; an alias is followed as far as its zone goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from iwapi.hosting.directory import Directory, Zones
from iwapi.hosting.messages import INTERNET, Answer, Code, Kind, Question, Record
from iwapi.kinds.names import MAX_LABELS
from iwapi.store.served import ServedRecord, ServedZone

_REFRESH, _RETRY, _EXPIRE = 10_800, 3_600, 604_800  # seconds; only a secondary server would read them
_MOST_ALIASES = 8  # these bound what one question costs, as the labels of a zone do
_MOST_HOSTS = 10
_MOST_BESIDE = 20
_HOST_NAME = re.compile(r"[a-z0-9_.-]+", re.ASCII)
_RECORD_NAME = re.compile(r"[a-z0-9_*.-]+", re.ASCII)
_STRANGE_LABELS = re.compile(r"\A.*[^a-z0-9_*.-][^.]*\.", re.ASCII | re.DOTALL)
_MAIL_ADDRESS = re.compile(r"([a-z0-9_+-]{1,63})@([a-z0-9.-]+)", re.ASCII | re.IGNORECASE)
_TYPES = {kind.value: kind.name for kind in Kind}


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


REFUSED = Answer(Code.REFUSED)


def answer(question: Question, directory: Directory, names: Names) -> Answer:
    """What the server says to a question."""
    if question.family != INTERNET or Kind.TKEY <= question.kind < Kind.ANY:
        return REFUSED
    return directory.read(partial(_answer, question.name, _TYPES.get(question.kind, ""), names))


def _answer(name: str, kind: str, names: Names, zones: Zones) -> Answer:
    found = zone_of(zones, name, kind)
    if found is None:
        return REFUSED
    zone, rows = found
    return _Search(zones, zone, names, kind).answer(name, rows)


def zone_of(zones: Zones, name: str, kind: str) -> tuple[ServedZone, Sequence[ServedRecord]] | None:
    """The zone that a name is in, the one with the longest domain, and what it has of the name: records of
    the kind that is asked for, or an alias."""
    labels = name.split(".")[-MAX_LABELS:]
    above = [".".join(labels[first:]) for first in range(len(labels))]
    if not _HOST_NAME.fullmatch(above[0]):
        above = [domain for domain in above if _HOST_NAME.fullmatch(domain)]
    if not above:
        return None
    found = zones.zone(above, name, kind)
    # A label with a space in it stands where two labels would.
    return found if found is None or _RECORD_NAME.fullmatch(name) else (found[0], ())


@dataclass(slots=True)
class _Search:
    """Looks for the answer to one question in the zone that it is about. `kind` is the type's name."""

    zones: Zones
    zone: ServedZone
    names: Names
    kind: str

    def answer(self, name: str, rows: Sequence[ServedRecord]) -> Answer:
        """The answer for a name, of which the zone has these records of the kind, or an alias."""
        aliases: list[Record] = []
        while True:
            found = self._of_kind(name, rows)
            if not found and not rows:
                stand_in = self._stand_in(name)
                if stand_in is None:
                    return self._denied(Code.NO_SUCH_NAME, aliases)
                rows = stand_in
                found = self._of_kind(name, rows)
            if found:
                return Answer(Code.OK, True, (*aliases, *found), additional=self._addresses_beside(found))
            alias = next((row for row in rows if row.type == "CNAME"), None)
            if alias is None:
                return self._denied(Code.OK, aliases)
            aliases.append(self._record(name, alias))
            name = alias.value
            known = any(record.name == name for record in aliases)
            behind = self._behind(name) if not known and len(aliases) < _MOST_ALIASES else None
            if behind is None:
                return Answer(Code.OK, True, tuple(aliases))
            rows = behind

    def _denied(self, code: Code, aliases: list[Record]) -> Answer:
        soa = self._soa(min(self.names.ttl, self.names.negative_ttl))
        return Answer(code, True, tuple(aliases), authority=(soa,))

    def _behind(self, name: str) -> Sequence[ServedRecord] | None:
        """What there is of the name behind an alias; None where this zone does not answer for it."""
        if name != self.zone.name and not self._is_below(name):
            return None
        found = zone_of(self.zones, name, self.kind)
        return found[1] if found is not None and found[0].zone_id == self.zone.zone_id else None

    def _of_kind(self, name: str, rows: Sequence[ServedRecord]) -> tuple[Record, ...]:
        """The records that are asked for."""
        if self.kind == "ANY":
            return self._of_any_kind(name, rows)
        found = tuple(self._record(name, row) for row in rows if row.type == self.kind)
        if found:
            return found if len(found) == 1 else _kept_equally_long(found)
        return () if rows else tuple(self._derived(name, self.kind))

    def _of_any_kind(self, name: str, rows: Sequence[ServedRecord]) -> tuple[Record, ...]:
        """The records of one kind: to ANY that is a full answer (RFC 8482), and the rest would only help to
        flood others."""
        if not rows and _RECORD_NAME.fullmatch(name):
            rows = self.zones.records(self.zone, name)
        if rows:
            alike = tuple(self._record(name, row) for row in rows if row.type == rows[0].type)
            return _kept_equally_long(alike)
        derived = (tuple(self._derived(name, kind)) for kind in ("SOA", "A", "AAAA"))
        return next((found for found in derived if found), ())

    def _derived(self, name: str, kind: str) -> Iterator[Record]:
        """The records that follow from the settings: SOA and NS, and addresses of a name server inside the
        zone, which are the account's where it has none of the kind."""
        ttl = self.names.ttl
        if name == self.zone.name and kind == "SOA":
            yield self._soa(ttl)
        elif name == self.zone.name and kind == "NS":
            yield from (Record(name, Kind.NS, ttl, server) for server in self.names.servers)
        elif name in self.names.servers and kind in ("A", "AAAA"):
            address = self.zone.ipv4 if kind == "A" else self.zone.ipv6
            if address is not None:
                yield Record(name, Kind[kind], ttl, address)

    def _stand_in(self, name: str) -> Sequence[ServedRecord] | None:
        """A wildcard's records for a name that is not there; nothing for one that is, without records of the
        kind; None where there is no such name."""
        closest = self._closest(name)
        if closest == name:
            return ()
        return self.zones.records(self.zone, f"*.{closest}") or None

    def _closest(self, name: str) -> str:
        """The longest that there is of a name and those above it. A name is there when it has records, or
        when one below it has."""
        known = name if _RECORD_NAME.fullmatch(name) else _STRANGE_LABELS.sub("", name)
        labels, most = known.split("."), self.zone.name.count(".") + 1
        for other in (*self.zones.neighbours(self.zone, known), *self.names.servers):
            most = max(most, _in_common(labels, other.split(".")))
        return ".".join(labels[-most:])

    def _record(self, name: str, row: ServedRecord) -> Record:
        value = row.value if row.priority is None else f"{row.priority} {row.value}"
        return Record(name, Kind[row.type], self.names.ttl if row.ttl is None else row.ttl, value)

    def _addresses_beside(self, found: tuple[Record, ...]) -> tuple[Record, ...]:
        """The addresses of the servers in an answer, so far as they lie in the same zone."""
        if found[0].kind not in (Kind.MX, Kind.NS, Kind.SRV):
            return ()
        named = dict.fromkeys(record.value.rpartition(" ")[2] for record in found)
        hosts = [host for host in named if host == self.zone.name or self._is_below(host)][:_MOST_HOSTS]
        rows = self.zones.addresses(self.zone, hosts, _MOST_BESIDE) if hosts else ()
        known = {(row.host, row.type) for row in rows}
        bare = [(host, kind) for host in hosts for kind in ("A", "AAAA") if (host, kind) not in known]
        derived = (record for host, kind in bare for record in self._derived(host, kind))
        return (*(self._record(row.host, row) for row in rows), *derived)

    def _is_below(self, name: str) -> bool:
        return name.endswith("." + self.zone.name)

    def _soa(self, ttl: int) -> Record:
        names = self.names
        mailbox = names.hostmaster.replace("@", ".")
        times = f"{self.zone.serial % 2**32} {_REFRESH} {_RETRY} {_EXPIRE} {names.negative_ttl}"
        return Record(self.zone.name, Kind.SOA, ttl, f"{names.servers[0]} {mailbox} {times}")


def _kept_equally_long(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """Records of one name and kind, which must not differ in how long they may be kept (RFC 2181)."""
    shortest = min(record.ttl for record in records)
    return tuple(record if record.ttl == shortest else replace(record, ttl=shortest) for record in records)


def _in_common(one: list[str], other: list[str]) -> int:
    """How many labels two names share, from the right."""
    at = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        at += 1
    return at
