"""What subdomains, pointers and secondary domains have in common: names that are free, and limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from iwapi.action import arg
from iwapi.actions._withheld import withheld
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.domains import LIMITS, DomainKind, Further
from iwapi.errors import NOT_AN_OPTION, DomainNotFound, DomainTaken, LimitReached, Problem
from iwapi.kinds import Domain

TAKEN = "Domain name already exists"
_ENOUGH = "The account has as many as it may have"


@dataclass(frozen=True)
class Some:
    """Pointer or secondary domains."""

    domain: tuple[Domain, ...] = arg("their names")


def domain_taken(call: Call, account: Account, domain: str | None) -> Iterator[Problem]:
    """Whether a domain that is to have a zone of its own is taken."""
    if domain is not None and call.names_of(account.nodeworx_id).domain_taken(domain):
        yield Problem("domain", domain, TAKEN, code=DomainTaken.code)
    yield from withheld(call, "domain", domain)


def full(call: Call, account: Account, kind: DomainKind) -> Iterator[Problem]:
    """Whether the account has as many names of a kind as it may have."""
    most = int(getattr(account, LIMITS[kind]))
    if call.domains.count(account.siteworx_id, kind) >= most:
        yield Problem(LIMITS[kind], "", _ENOUGH, f"up to {most}", LimitReached.code)


def not_there(
    call: Call, account: Account, kind: DomainKind, names: Mapping[str, str], named: str = "domain"
) -> Iterator[Problem]:
    """Names, by how they were given in the input `named`, that are none of the account's of this kind."""
    for given, name in names.items():
        found = call.domains.one(account.siteworx_id, name)
        if found is None or found.kind != kind:
            yield Problem(named, given, NOT_AN_OPTION, "one that is listed", DomainNotFound.code)


def one(call: Call, account: Account, name: str) -> Further:
    """A name of the account that is there, as was checked."""
    found = call.domains.one(account.siteworx_id, name)
    assert found is not None
    return found


def add_with_zone(call: Call, account: Account, new: Further) -> None:
    """Give the account a domain with a zone of its own."""
    call.domains.add(new, call.now)
    call.zones(account).begin(new.name, account.master_domain_ipv4, account.master_domain_ipv6)
    call.build(account.siteworx_id)


def remove_with_zone(call: Call, account: Account, names: Iterable[str]) -> None:
    """Take domains and their zones from the account. Their names are free at once for its owner."""
    until = call.now + call.server.name_rest_seconds
    for name in names:
        call.domains.remove(one(call, account, name))
        call.zones(account).remove(name)
        call.names.rest("domain", name, account.nodeworx_id, account.siteworx_id, until)
    call.build(account.siteworx_id)
