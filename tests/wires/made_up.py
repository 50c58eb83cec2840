"""A made-up catalogue for the tests of typed SOAP: every kind, many, optional, nested, any answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from iwapi.action import Catalogue, action
from iwapi.errors import DomainTaken, ServerFull
from iwapi.kinds import (
    Address,
    Bytes,
    Count,
    Cursor,
    Domain,
    Email,
    Flag,
    Gigabytes,
    Id,
    IPv4,
    IPv6,
    Megabytes,
    Moment,
    Name,
    NewDomain,
    NewPassword,
    Nickname,
    PageSize,
    Reason,
    Seconds,
    Secret,
    Text,
    UnixName,
    choice,
)  # fmt: skip
from iwapi.shape import arg
from iwapi.wires.services import typed_services

Strength = Annotated[str, choice("strength", "weak", "very strong")]


@dataclass(frozen=True)
class Nothing:
    pass


@dataclass(frozen=True)
class Place:
    """Where a thing is."""

    address: Address = arg("its address")
    note: Text | None = arg("about it", default=None)
    ports: tuple[Count, ...] = arg("its ports", default=())


@dataclass(frozen=True)
class Sizes:
    OPT_STORAGE: Megabytes = arg("disk space")
    OPT_BANDWIDTH: Gigabytes | None = arg("traffic", default=None)
    OPT_SSL: Flag | None = arg("may have certificates", default=None)


@dataclass(frozen=True)
class Thing(Sizes):
    """A thing."""

    id: Id = arg("its id")
    domain: Domain = arg("its domain")
    uniqname: UnixName = arg("its Unix name")
    nickname: Nickname = arg("its name for people")
    email: Email | None = arg("its contact", default=None)
    strength: Strength = arg("how strong")
    active: Flag = arg("it works")
    made: Moment = arg("when it was made")
    gone: Moment | None = arg("when it went", default=None)
    used: Bytes = arg("bytes used")
    secret: Secret | None = arg("its secret", default=None)
    aliases: tuple[Domain, ...] = arg("other domains", default=())
    place: Place = arg("where it is")
    others: tuple[Place, ...] = arg("where else it is", default=())
    former: Place | None = arg("where it was", default=None)


@dataclass(frozen=True)
class NewThing(Sizes):
    domain: NewDomain = arg("its domain")
    uniqname: UnixName | None = arg("its Unix name", default=None)
    nickname: Nickname | None = arg("its name for people", default=None)
    email: Email = arg("its contact")
    password: NewPassword = arg("its password")
    ipv4: IPv4 | None = arg("its address", default=None)
    ipv6: IPv6 | None = arg("its address", default=None)
    strength: Strength | None = arg("how strong", default=None)
    until: Moment | None = arg("when it goes", default=None)
    wait: Seconds = arg("how long to wait", default=20)
    why: Reason = arg("why", default="")
    label: Name | None = arg("a label", default=None)
    aliases: tuple[Domain, ...] = arg("other domains", default=())
    place: Place | None = arg("where it is", default=None)
    others: tuple[Place, ...] = arg("where else it is", default=())


@dataclass(frozen=True)
class Paging:
    after: Cursor | None = arg("the place in the list", default=None)
    limit: PageSize = arg("how many", default=100)


@dataclass(frozen=True)
class Which:
    domains: tuple[Domain, ...] = arg("which things")


@action("createThing", scope="things", writes=True, raises=(DomainTaken, ServerFull))
def create(call: Any, wanted: NewThing) -> Thing:
    """Make a thing & return it."""
    raise NotImplementedError


@action("listThings", scope="things")
def list_things(call: Any, wanted: Paging) -> Iterator[Thing]:
    """Things, one after the other."""
    raise NotImplementedError


@action("listNames", scope="things")
def list_names(call: Any, wanted: Nothing) -> tuple[Name, ...]:
    """The names of all things."""
    raise NotImplementedError


@action("findThing", scope="things")
def find(call: Any, wanted: Which) -> Thing | None:
    """One of them, if there is one."""
    raise NotImplementedError


@action("deleteThing", scope="things", writes=True)
def delete(call: Any, wanted: Which) -> Text:
    """Delete things; the answer is a sentence."""
    raise NotImplementedError


@action("countThings", scope="things")
def count(call: Any, wanted: Nothing) -> Count:
    """How many there are."""
    raise NotImplementedError


@action("makeSecret", scope="admin", writes=True, service="admin")
def make_secret(call: Any, wanted: Nothing) -> Secret:
    """A new secret."""
    raise NotImplementedError


CATALOGUE = Catalogue((create, list_things, list_names, find, delete, count, make_secret))
SERVICES = typed_services(CATALOGUE)
BILLING = SERVICES["billing"]
ADMIN = SERVICES["admin"]
