"""`/siteworx/domains/pointer`: domains that lead to the main domain or a secondary one. Each has a zone."""

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
from iwapi.core.domains import Further, Pointer, RedirType
from iwapi.core.nothing import Nothing
from iwapi.errors import (
    NOT_AN_OPTION,
    AccountNotFound,
    DomainNotFound,
    DomainTaken,
    LimitReached,
    Pending,
    Problem,
)
from iwapi.kinds import Domain, NewDomain


@dataclass(frozen=True)
class New:
    """A new pointer domain."""

    domain: NewDomain = arg("its name, without www")
    redir_type: RedirType = arg(
        "redirect_301 and redirect_302 send visitors to the same path of the other domain, server_alias shows"
        " its files", default="redirect_301",
    )  # fmt: skip
    points_to: Domain | None = arg(
        "the domain it leads to: the main domain, also when absent, or a secondary one", default=None
    )


def _told(row: Further) -> Pointer:
    assert row.points_to is not None
    assert row.redir_type is not None
    return Pointer(domain=row.name, points_to=row.points_to, redir_type=row.redir_type)


def _sentence(done: str) -> Any:
    return lambda row: f"Pointer domain {row.domain} has been {done}."


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account = call.site()
    yield from domain_taken(call, account, given.get("domain"))
    yield from full(call, account, "pointer")
    target = given.get("points_to")
    if target and target != account.master_domain and not _is_secondary(call, account, target):
        allowed = "the main domain or a secondary one"
        yield Problem("points_to", target, NOT_AN_OPTION, allowed, DomainNotFound.code)


def _is_secondary(call: Call, account: Account, name: str) -> bool:
    row = call.domains.one(account.siteworx_id, name)
    return row is not None and row.kind == "slave"


def _some_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    names = {name: name for name in given.get("domain") or ()}
    yield from not_there(call, call.site(), "pointer", names)


@action(
    scope="domains:edit", writes=True, adds=True, check=_new_wrong,
    raises=(AccountNotFound, Pending, DomainTaken, DomainNotFound, LimitReached),
    route=Route("add", _sentence("added"), "sentence"),
)  # fmt: skip
def add(call: Call, wanted: New) -> Pointer:
    """Add a pointer domain, with a zone of its own."""
    account = call.site()
    target = wanted.points_to or account.master_domain
    new = Further(account.siteworx_id, "pointer", wanted.domain, "", wanted.redir_type, target)
    add_with_zone(call, account, new)
    return _told(new)


@action(
    scope="domains:edit", writes=True, check=_some_wrong,
    raises=(AccountNotFound, Pending, DomainNotFound),
    route=Route("delete", _sentence("deleted"), "sentence"),
)  # fmt: skip
def delete(call: Call, which: Some) -> tuple[Pointer, ...]:
    """Delete pointer domains and their zones, all of them or none. Their names are free for the account's
    owner at once, and rest for others."""
    account = call.site()
    names = tuple(dict.fromkeys(which.domain))
    gone = tuple(_told(one(call, account, name)) for name in names)
    remove_with_zone(call, account, names)
    return gone


def _listed(call: Call) -> tuple[Pointer, ...]:
    return tuple(_told(row) for row in call.domains.of(call.site().siteworx_id, "pointer"))


@action(
    scope="domains:read", raises=(AccountNotFound,), route=Route("listPointerDomains", members, "objects")
)
def list_pointer_domains(call: Call, _: Nothing) -> tuple[Pointer, ...]:
    """The account's pointer domains, by name."""
    return _listed(call)


@action(scope="domains:read", raises=(AccountNotFound,), route=Route("list", members, "objects"))
def list_by_its_old_name(call: Call, _: Nothing) -> tuple[Pointer, ...]:
    """The account's pointer domains, by name; the earlier name of `listPointerDomains`."""
    return _listed(call)
