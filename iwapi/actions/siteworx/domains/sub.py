"""`/siteworx/domains/sub`: subdomains of the main domain. Each is served, with and without `www.`, from a
folder of the main domain's document root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.actions.siteworx._zones import main_zone, no_room
from iwapi.actions.siteworx.domains._names import TAKEN, full, not_there, one
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.domains import Further, Subdomain, sub_docroot
from iwapi.core.nothing import Nothing
from iwapi.errors import (
    AccountNotFound,
    DomainNotFound,
    DomainTaken,
    LimitReached,
    Pending,
    Problem,
)
from iwapi.kinds import Prefix

_MAX_DOMAIN = 253
_RECORDS = 4  # an IPv4 and an IPv6 address, with and without www


@dataclass(frozen=True)
class New:
    """A new subdomain."""

    prefix: Prefix = arg("what stands before the main domain")


@dataclass(frozen=True)
class Some:
    """Subdomains."""

    prefix: tuple[Prefix, ...] = arg("what stands before the main domain")


def _name(account: Account, prefix: str) -> str:
    return f"{prefix}.{account.master_domain}"


def _told(account: Account, row: Further) -> Subdomain:
    prefix = row.name.removesuffix("." + account.master_domain)
    return Subdomain(prefix=prefix, domain=row.name, docroot=row.folder)


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account = call.site()
    if prefix := given.get("prefix"):
        name, names = _name(account, prefix), call.names_of(account.nodeworx_id)
        if len("www." + name) > _MAX_DOMAIN:
            yield Problem("prefix", prefix, "This name is too long")
        elif names.subdomain_taken(name):
            yield Problem("prefix", prefix, TAKEN, code=DomainTaken.code)
        elif (zone := names.zone_between(name, account.master_domain)) is not None:
            yield Problem("prefix", prefix, f"This name belongs to the zone of {zone}", code=DomainTaken.code)
    yield from full(call, account, "sub")
    yield from no_room(call, account, main_zone(call, account), _RECORDS)


def _some_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account = call.site()
    names = {prefix: _name(account, prefix) for prefix in given.get("prefix") or ()}
    yield from not_there(call, account, "sub", names, "prefix")


@action(
    scope="domains:edit", writes=True, adds=True, check=_new_wrong,
    raises=(AccountNotFound, Pending, DomainTaken, LimitReached),
    route=Route("add", lambda row: f"Subdomain {row.domain} has been added.", "sentence"),
)  # fmt: skip
def add(call: Call, wanted: New) -> Subdomain:
    """Add a subdomain: its folder with a first page, and DNS records where the zone has none of that name."""
    account = call.site()
    name = _name(account, wanted.prefix)
    folder = sub_docroot(account.master_domain, wanted.prefix)
    new = Further(account.siteworx_id, "sub", name, folder)
    call.domains.add(new, call.now)
    call.zones(account).lead_here(
        main_zone(call, account).zone_id, (name, f"www.{name}"),
        account.master_domain_ipv4, account.master_domain_ipv6,
    )  # fmt: skip
    call.build(account.siteworx_id)
    return _told(account, new)


@action(
    scope="domains:edit", writes=True, check=_some_wrong,
    raises=(AccountNotFound, Pending, DomainNotFound),
    route=Route("delete", lambda row: f"Subdomain {row.domain} has been deleted.", "sentence"),
)  # fmt: skip
def delete(call: Call, which: Some) -> tuple[Subdomain, ...]:
    """Delete subdomains, all of them or none. Their files stay; DNS records that lead to the account go."""
    account = call.site()
    gone = [one(call, account, _name(account, prefix)) for prefix in dict.fromkeys(which.prefix)]
    for row in gone:
        call.domains.remove(row)
        call.zones(account).lead_nowhere(
            main_zone(call, account).zone_id, (row.name, f"www.{row.name}"),
            account.master_domain_ipv4, account.master_domain_ipv6,
        )  # fmt: skip
    call.build(account.siteworx_id)
    return tuple(_told(account, row) for row in gone)


@action(scope="domains:read", raises=(AccountNotFound,), route=Route("listSubdomains", members, "objects"))
def list_subdomains(call: Call, _: Nothing) -> tuple[Subdomain, ...]:
    """The account's subdomains, by name."""
    account = call.site()
    return tuple(_told(account, row) for row in call.domains.of(account.siteworx_id, "sub"))
