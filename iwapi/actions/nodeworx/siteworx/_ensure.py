"""An account that is to be as described: opened where it is not there, changed where it differs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from iwapi.action import action, arg
from iwapi.actions.nodeworx.siteworx._checks import account_wrong, opening_wrong
from iwapi.actions.nodeworx.siteworx._described import Described, adjusted, opened
from iwapi.actions.nodeworx.siteworx._shared import changed
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.errors import (
    REQUIRED,
    AddressNotFree,
    DomainTaken,
    EmailTaken,
    LimitReached,
    NoFreeAddress,
    PackageNotFound,
    Pending,
    Problem,
    ProvisioningFailed,
    ServerFull,
    UnixNameTaken,
)
from iwapi.kinds import ExternalId, choice

_KEPT = ("master_domain", "uniqname", "master_domain_ipv4", "master_domain_ipv6")
"""What an account keeps for its whole life."""


@dataclass(frozen=True)
class Wanted(Described):
    """An account that is to be there; what is absent is as it is."""

    external_id: ExternalId = arg("what your billing system calls it, such as the number of the service")


@dataclass(frozen=True)
class Ensured:
    """The account, and what had to be done."""

    outcome: Annotated[str, choice("ensuredoutcome", "created", "updated", "unchanged")] = arg(
        "created: it was not there; updated: it differed; unchanged: nothing was done"
    )
    account: Account = arg("the account as it is now")


def _ensure_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    external_id = given.get("external_id")
    account = call.accounts.by_external_id(external_id) if external_id is not None else None
    if account is not None:
        yield from _moved(account, given)
        yield from account_wrong(call, given, account)
        return
    for problem in opening_wrong(call, given):
        yield dataclasses.replace(problem, problem=problem.problem + _adoptable(call, problem))
    if "password" not in given:
        said = f"{REQUIRED}, since there is no account of this external id and one is created"
        yield Problem("password", "", said)


def _moved(account: Account, given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wanted otherwise and never changes."""
    for name in _KEPT:
        wanted, has = given.get(name), getattr(account, name)
        if wanted is not None and wanted != has:
            said = f"The account of this external id has {has or 'none'}, and that stays as it is"
            yield Problem(name, wanted, said)


def _adoptable(call: Call, problem: Problem) -> str:
    """What helps where the domain is that of an account of the caller's own under another external id."""
    holder = call.accounts.by_domain(problem.value) if problem.code == DomainTaken.code else None
    if holder is None or holder.nodeworx_id != call.owner:
        return ""
    has = f"the external id {holder.external_id}" if holder.external_id else "no external id"
    return (
        f", and the account that has it has {has}. If it is the one that is meant, give it this one by"
        " editSiteWorxAccount (new_external_id)"
    )


@action(
    "ensureSiteWorxAccount", scope="accounts:create", writes=True, check=_ensure_wrong,
    raises=(DomainTaken, UnixNameTaken, PackageNotFound, AddressNotFree, NoFreeAddress, ServerFull,
            LimitReached, EmailTaken, Pending, ProvisioningFailed),
)  # fmt: skip
def ensure(call: Call, wanted: Wanted) -> Ensured:
    """Have an account of this external id as described, however often this is called: where there is none it
    is created as by createSiteWorxAccount; where there is one, its e-mail, nickname, package and options are
    made those that are named. A package that is named has its limits made the account's. Domain, Unix name
    and addresses of an account never change: others are refused. The password counts only when the account is
    created. A suspended account stays suspended. To change one needs the scope accounts:edit as well."""
    account = call.accounts.by_external_id(wanted.external_id)
    if account is None:
        return Ensured(outcome="created", account=opened(call, wanted))
    call.about = account.master_domain
    if adjusted(call, account, wanted):
        call.needs("accounts:edit")
        return Ensured(outcome="updated", account=changed(call, account))
    call.finish(account.siteworx_id)
    return Ensured(outcome="unchanged", account=account)
