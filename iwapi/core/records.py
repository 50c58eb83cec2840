"""DNS zones and records as they are kept, and the rules that hold between the records of a zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from iwapi.errors import InvalidInput, LimitReached, Problem
from iwapi.kinds import Domain, Id, Octet, RecordText, Text, Ttl, Word, choice
from iwapi.shape import arg

TYPES = ("A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA")
RecordType = Annotated[str, choice("recordtype", *TYPES)]
MOST_IN_ZONE = 1000
MOST_TOGETHER = 50
"""Records of one name and type: they are sent in one message, whose names end within 16 KiB."""

_MAX_NAME = 253


@dataclass(frozen=True)
class Data:
    """A record. `host` is its whole name; `value` is as in a zone file, without quotes and final dots, and
    without the `priority` that MX and SRV records have. Without a `ttl` it has that of the settings."""

    host: str
    type: str
    value: str
    ttl: int | None = None
    priority: int | None = None


@dataclass(frozen=True)
class Record:
    """A record that is kept."""

    record_id: int
    zone_id: int
    zone: str
    data: Data


@dataclass(frozen=True)
class ZoneRow:
    """A zone of an account."""

    zone_id: Id = arg("the zone's id; never used again")
    domain: Domain = arg("its name")


@dataclass(frozen=True)
class DnsRecord:
    """A record in a list. What its type does not have is absent."""

    record_id: Id = arg("the record's id; never used again")
    zone_id: Id = arg("its zone")
    type: RecordType = arg("its type")
    host: Text = arg("its whole name, without a final dot")
    target: RecordText = arg("its value: an address, a host, or a text")
    ttl: Ttl = arg("how long others may keep it, in seconds")
    preference: Word | None = arg("MX: the lowest is tried first", default=None)
    priority: Word | None = arg("SRV: the lowest is tried first", default=None)
    weight: Word | None = arg("SRV: its share among those of the same priority", default=None)
    port: Word | None = arg("SRV: the port", default=None)
    flags: Octet | None = arg("CAA: 128 where who does not know the tag may issue nothing", default=None)
    tag: Text | None = arg("CAA: issue, issuewild or iodef", default=None)


def whole_host(text: str, zone: str, named: str = "host") -> str:
    """The whole name that a host of a zone means: one that ends with the zone's name is whole, any other is
    below it. `named` is the input. Raises `InvalidInput`."""
    name = text.removesuffix(".")
    if name == zone or name.endswith("." + zone):
        whole = name
    elif text.endswith("."):
        raise InvalidInput(Problem(named, text, "This name is outside of the zone", f"names of {zone}"))
    else:
        whole = f"{name}.{zone}" if name else zone
    return _short(whole, text, named)


def whole_target(text: str, zone: str, named: str) -> str:
    """The whole name that a record leads to: `@` is the zone, one label a name below it, any other is whole.

    `.` is no name at all."""
    if text == ".":
        return text
    name = text.removesuffix(".")
    whole = zone if name == "@" else name if "." in name else f"{name}.{zone}"
    return _short(whole, text, named)


def _short(name: str, text: str, named: str) -> str:
    if len(name) > _MAX_NAME:
        raise InvalidInput(Problem(named, text, "This name is too long", f"up to {_MAX_NAME} characters"))
    return name


def wrong_beside(new: Data, zone: str, others: Sequence[Data], named: str) -> Iterator[Problem]:
    """Why a record cannot stand in a zone beside the others of its name. `named` is the input of its name."""
    types = {other.type for other in others}
    if new.type == "CNAME" and new.host == zone:
        yield Problem(named, new.host, "The zone itself cannot be an alias")
    elif new.type == "CNAME" and types:
        yield Problem(named, new.host, "An alias cannot stand beside other records of its name")
    elif "CNAME" in types:
        yield Problem(named, new.host, "This name is an alias, which other records cannot stand beside")
    same = [other for other in others if other.type == new.type]
    if any((other.value, other.priority) == (new.value, new.priority) for other in same):
        yield Problem(named, new.host, "This record is there already")
    elif len(same) >= MOST_TOGETHER:
        allowed = f"up to {MOST_TOGETHER} records of one name and type"
        yield Problem(named, new.host, "This name has as many as it may have", allowed, LimitReached.code)
