"""`/siteworx/domains/slave`: secondary domains. Each has a document root and a zone of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.actions.siteworx.domains._names import (
    Some,
    add_with_zone,
    domain_taken,
    full,
    not_there,
    one,
    remove_with_zone,
)
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.domains import Further, Secondary, docroot
from iwapi.core.nothing import Nothing
from iwapi.errors import (
    NOT_AN_OPTION,
    AccountNotFound,
    DomainNotFound,
    DomainTaken,
    LimitReached,
    Pending,
    Problem,
    refuse,
)
from iwapi.kinds import Domain, IPv4, IPv6, NewDomain

_SHOWN = 3


@dataclass(frozen=True)
class New:
    """A new secondary domain."""

    domain: NewDomain = arg("its name, without www")
    ipv4: IPv4 | None = arg("its IPv4 address: the account's, no other", default=None)
    ipv6: IPv6 | None = arg("its IPv6 address: the account's, no other", default=None)


@dataclass(frozen=True)
class Which:
    """One secondary domain."""

    domain: Domain = arg("its name")


@dataclass(frozen=True)
class Change(Which):
    """What to change of a secondary domain."""

    ipv4: IPv4 | None = arg("its IPv4 address: the account's, no other", default=None)
    ipv6: IPv6 | None = arg("its IPv6 address: the account's, no other", default=None)


def _told(account: Account, name: str) -> Secondary:
    return Secondary(
        domain=name, docroot=docroot(name), ipv4=account.master_domain_ipv4, ipv6=account.master_domain_ipv6
    )


def _sentence(done: str) -> Any:
    return lambda row: f"Secondary domain {row.domain} has been {done}."


def _addresses_wrong(account: Account, given: Mapping[str, Any]) -> Iterator[Problem]:
    for name, own in (("ipv4", account.master_domain_ipv4), ("ipv6", account.master_domain_ipv6)):
        if (address := given.get(name)) and address != own:
            yield Problem(name, address, NOT_AN_OPTION, f"the account's own, {own}" if own else "none")


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account = call.site()
    yield from domain_taken(call, account, given.get("domain"))
    yield from full(call, account, "slave")
    yield from _addresses_wrong(account, given)


def _which_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account, name = call.site(), given.get("domain")
    yield from not_there(call, account, "slave", {name: name} if name else {})
    yield from _addresses_wrong(account, given)


def _some_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account, names = call.site(), given.get("domain") or ()
    yield from not_there(call, account, "slave", {name: name for name in names})
    pointers = call.domains.of(account.siteworx_id, "pointer")
    for name in names:
        if leading := [row.name for row in pointers if row.points_to == name]:
            shown = ", ".join(leading[:_SHOWN]) + (", ..." if leading[_SHOWN:] else "")
            yield Problem("domain", name, f"Pointer domains lead to it, delete them first: {shown}")


@action(
    scope="domains:edit", writes=True, adds=True, check=_new_wrong,
    raises=(AccountNotFound, Pending, DomainTaken, LimitReached),
    route=Route("add", _sentence("added"), "sentence"),
)  # fmt: skip
def add(call: Call, wanted: New) -> Secondary:
    """Add a secondary domain: its folder with a first page, and a zone."""
    account = call.site()
    add_with_zone(call, account, Further(account.siteworx_id, "slave", wanted.domain, docroot(wanted.domain)))
    return _told(account, wanted.domain)


@action(
    scope="domains:edit", writes=True, check=_which_wrong,
    raises=(AccountNotFound, Pending, DomainNotFound),
    route=Route("edit", _sentence("changed"), "sentence"),
)  # fmt: skip
def edit(call: Call, wanted: Change) -> Secondary:
    """Confirm the addresses of a secondary domain: they are its account's, and no others can be given."""
    return _told(call.site(), wanted.domain)


@action(
    scope="domains:edit", writes=True, check=_some_wrong,
    raises=(AccountNotFound, Pending, DomainNotFound),
    route=Route("delete", _sentence("deleted"), "sentence"),
)  # fmt: skip
def delete(call: Call, which: Some) -> tuple[Secondary, ...]:
    """Delete secondary domains and their zones, all of them or none. Their files stay. Their names are free
    for the account's owner at once, and rest for others."""
    account = call.site()
    names = tuple(dict.fromkeys(which.domain))
    remove_with_zone(call, account, names)
    return tuple(_told(account, name) for name in names)


@action(
    scope="domains:read", raises=(AccountNotFound, DomainNotFound), route=Route("queryEdit", members, "map")
)
def query_edit(call: Call, which: Which) -> Secondary:
    """One secondary domain."""
    account = call.site()
    refuse(not_there(call, account, "slave", {which.domain: which.domain}))
    return _told(account, one(call, account, which.domain).name)


@action(
    scope="domains:read", raises=(AccountNotFound,), route=Route("listSecondaryDomains", members, "objects")
)
def list_secondary_domains(call: Call, _: Nothing) -> tuple[Secondary, ...]:
    """The account's secondary domains, by name."""
    account = call.site()
    return tuple(_told(account, row.name) for row in call.domains.of(account.siteworx_id, "slave"))
