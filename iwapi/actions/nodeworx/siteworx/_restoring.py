"""Bring a closed account back, under its own names or others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from iwapi.action import action, arg
from iwapi.actions._withheld import withheld
from iwapi.actions.nodeworx.siteworx._checks import limits_wrong
from iwapi.actions.nodeworx.siteworx._closed import OneClosed, find, given_of, naming_wrong, not_there
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.closing import Revival
from iwapi.core.domains import Further
from iwapi.errors import (
    AccountNotFound,
    DomainTaken,
    LimitReached,
    NoFreeAddress,
    Pending,
    Problem,
    ServerFull,
    UnixNameTaken,
)  # fmt: skip
from iwapi.kinds import NewDomain, UnixName

_LONGEST_HOST = 253


@dataclass(frozen=True)
class Restoration(OneClosed):
    """Which closed account to bring back, and under which names."""

    master_domain: NewDomain | None = arg("another main domain for it", default=None)
    uniqname: UnixName | None = arg("another Unix name for it", default=None)


def _restored(call: Call, given: Mapping[str, Any]) -> Account | None:
    """The account that was brought back as this call wants it: the call is a repeat."""
    account_id, domain = given.get("siteworx_id"), given.get("domain")
    if account_id is None and domain is None:
        return None
    found = call.closed.restored(account_id, domain)
    if found is None or (account_id is None and call.closed.is_followed(found.siteworx_id, domain)):
        return None
    master_domain, uniqname = given.get("master_domain", domain), given.get("uniqname")
    as_wanted = master_domain in (None, found.master_domain) and uniqname in (None, found.uniqname)
    return found if as_wanted else None


def _revival(call: Call, given: Mapping[str, Any]) -> Revival | None:
    """As what the closed account comes back that is named; addresses are not chosen yet."""
    closed = find(call, given)
    if closed is None:
        return None
    account = call.closed.whole(closed.siteworx_id)
    # The master has what was a reseller's who is gone.
    owner = account.nodeworx_id if call.users.by_id(account.nodeworx_id) is not None else call.owner
    domain, uniqname = given.get("master_domain"), given.get("uniqname")
    return Revival(account, owner, domain or account.master_domain, uniqname or account.uniqname)


def _restore_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from naming_wrong(given)
    if _restored(call, given) is not None:
        return
    to = _revival(call, given)
    if to is None:
        yield from not_there(given)
        return
    names = call.names_of(to.owner)
    if names.domain_taken(to.domain):
        yield Problem("master_domain", to.domain, "Domain name already exists", code=DomainTaken.code)
    if to.domain != to.account.master_domain:
        yield from withheld(call, "master_domain", to.domain)
    if names.uniqname_taken(to.uniqname):
        yield Problem("uniqname", to.uniqname, "Unixname is already in use", code=UnixNameTaken.code)
    yield from _further_wrong(call, to)
    yield from _too_long(call, to)
    yield from limits_wrong(call, to.owner, to.account)


def _further_wrong(call: Call, to: Revival) -> Iterator[Problem]:
    """Further names that were taken meanwhile, or that its new main domain is in the way of."""
    names, own = call.names_of(to.owner), call.domains.of(to.account.siteworx_id)
    held = {one.name for one in own if one.kind != "sub"}
    for one in own:
        name = to.moved(one.name) if one.kind == "sub" else one.name
        taken = names.subdomain_taken(name) if one.kind == "sub" else names.domain_taken(name)
        if taken or (name in held if one.kind == "sub" else name == to.domain):
            yield _taken(one, name, "This name of the account is taken")
        elif one.kind == "sub" and (zone := _zone_between(call, to, name, held)) is not None:
            yield _taken(one, name, f"This name of the account belongs to the zone of {zone}")


def _zone_between(call: Call, to: Revival, name: str, held: set[str]) -> str | None:
    """A zone that would hide a subdomain from the zone of the main domain."""
    if to.domain == to.account.master_domain:
        return call.names_of(to.owner).zone_between(name, to.domain)
    own = (zone for zone in held if name.endswith("." + zone) and zone.endswith("." + to.domain))
    return next(own, None) or call.names_of(to.owner).zone_between(name, to.domain)


def _taken(one: Further, name: str, problem: str) -> Problem:
    was = f"; it was {one.name}" if name != one.name else ""
    return Problem("master_domain", name, f"{problem} ({one.kind}{was})", code=DomainTaken.code)


def _too_long(call: Call, to: Revival) -> Iterator[Problem]:
    grown = len(to.domain) - len(to.account.master_domain)
    if grown <= 0:
        return
    longest = call.closed.longest_host(to.account.siteworx_id, to.account.master_domain) + grown
    if longest > _LONGEST_HOST:
        yield Problem("master_domain", to.domain, "With this domain names of its zone are too long")


@action(
    "restoreSiteWorxAccount", scope="accounts:create", writes=True, check=_restore_wrong,
    raises=(AccountNotFound, DomainTaken, UnixNameTaken, LimitReached, NoFreeAddress, ServerFull, Pending),
)  # fmt: skip
def restore(call: Call, wanted: Restoration) -> Account:
    """Bring a closed account back until its data is removed: its names, data, domains, DNS records, users,
    limits and suspensions as they were. Another `master_domain` or `uniqname` is needed where a living
    account has the one that it had. A repeat answers the same."""
    given = given_of(wanted)
    again = _restored(call, given)
    if again is not None:
        call.about = again.master_domain
        call.finish(again.siteworx_id)
        return again
    to = _revival(call, given)
    assert to is not None
    call.about = to.domain
    if call.accounts.on_server() >= call.server.max_accounts:
        raise ServerFull(accounts=call.server.max_accounts)
    call.wait_for_change(to.account.siteworx_id)
    call.wait_for_closing(to.uniqname)
    call.restore(_with_addresses(call, to))
    call.build(to.account.siteworx_id)
    return call.account(to.domain)


def _with_addresses(call: Call, to: Revival) -> Revival:
    """With the addresses that it had, or others of the pool where it may have those no more."""
    pool, had = call.addresses_of(to.owner), to.account
    ipv4, ipv6 = had.master_domain_ipv4, had.master_domain_ipv6
    if ipv4 is not None and not pool.is_free(ipv4):
        ipv4 = pool.choose(4)
        if ipv4 is None:
            raise NoFreeAddress()
    if ipv6 is not None and not pool.is_free(ipv6):
        ipv6 = pool.choose(6)
    if ipv4 is None and ipv6 is None:
        raise NoFreeAddress()
    return replace(to, ipv4=ipv4, ipv6=ipv6)
