"""Lists of accounts, in the columns and shapes of InterWorx."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from iwapi.action import Route, action, arg
from iwapi.actions._details import PROPERTIES, as_map, details
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.accounts import AccountRow, Details, Listed
from iwapi.core.domains import docroot
from iwapi.core.nothing import Nothing
from iwapi.core.usage import gigabytes, percent
from iwapi.errors import NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound, Problem, refuse
from iwapi.kinds import Domain, Name, choice

Property = Annotated[str, choice("accountproperty", *PROPERTIES)]


@dataclass(frozen=True)
class Query:
    """Which accounts, and what of them."""

    domain: tuple[Domain, ...] = arg("main domains; all accounts when absent", default=())
    unixuser: Name | None = arg("the Unix name of an account", default=None)
    account_data: tuple[Property, ...] = arg("the properties to tell; all when absent", default=())


@dataclass(frozen=True)
class Queried(Details):
    """An account, and the properties of it that were asked for."""

    account_data: tuple[Property, ...] = arg("the properties; all where none is named")


@action(
    scope="accounts:read", raises=(AccountNotFound,),
    route=Route("querySiteworxAccounts", lambda of: as_map(of, of.account_data), "maps"),
)  # fmt: skip
def query_siteworx_accounts(call: Call, which: Query) -> tuple[Queried, ...]:
    """Accounts with their limits and their use: those that are named, or all."""
    found = call.usage.details() if not (which.domain or which.unixuser) else _named(call, which)
    return tuple(Queried(**vars(one), account_data=which.account_data) for one in found)


def _named(call: Call, which: Query) -> list[Details]:
    refuse(_query_wrong(call, which))
    named = [call.accounts.by_domain(domain) for domain in dict.fromkeys(which.domain)]
    if not which.domain and which.unixuser is not None:
        named = [call.accounts.by_uniqname(which.unixuser)]
    return [details(call, account) for account in named if account is not None]


def _query_wrong(call: Call, which: Query) -> Iterator[Problem]:
    """A domain or Unix name that is none of the caller's, or the name of another account than the domain."""
    for domain in which.domain:
        if call.accounts.by_domain(domain) is None:
            yield Problem("domain", domain, NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound.code)
    if which.unixuser is None:
        return
    account = call.accounts.by_uniqname(which.unixuser)
    if account is None or (which.domain and set(which.domain) != {account.master_domain}):
        allowed = "the Unix name of one of your accounts"
        yield Problem("unixuser", which.unixuser, NOT_AN_OPTION, allowed, AccountNotFound.code)


def _listed(call: Call, of: Details, domain: str | None = None) -> Listed:
    """The row of an account's main domain, or of a secondary one."""
    account, usage = of.account, of.usage
    name = domain or account.master_domain
    home = f"{call.server.homes}/{account.uniqname}"
    return Listed(
        siteworx_id=account.siteworx_id, uniqname=account.uniqname, date_created=account.date_created,
        status=account.status, nodeworx_id=account.nodeworx_id, package_id=account.package_id or 0,
        nickname=account.nickname, email=account.email, user_type="master",
        domain=name, domain_type="slave" if domain else "master",
        storage=usage.storage_used, storage_pct=percent(usage.storage_used, usage.storage),
        bandwidth=gigabytes(usage.bandwidth_bytes),
        bandwidth_pct=percent(usage.bandwidth_used, usage.bandwidth),
        max_bandwidth=account.OPT_BANDWIDTH, max_storage=usage.storage, is_favorite=False, php_version="",
        homedir=home, domainroot=f"{home}/{name}", docroot=f"{home}/{docroot(name)}",
    )  # fmt: skip


@action(scope="accounts:read", route=Route("listAccounts", members, "objects"))
def list_accounts(call: Call, _: Nothing) -> tuple[Listed, ...]:
    """Every account of the caller with its use, oldest first."""
    return tuple(_listed(call, of) for of in call.usage.details())


@action(scope="accounts:read", route=Route("listDomainAccounts", members, "objects"))
def list_domain_accounts(call: Call, _: Nothing) -> tuple[Listed, ...]:
    """Every main and secondary domain of the caller's accounts, each with its account's use."""
    secondary = defaultdict[int, list[str]](list)
    for further in call.domains.all():
        if further.kind == "slave":
            secondary[further.account_id].append(further.name)
    return tuple(
        _listed(call, of, domain) for of in call.usage.details()
        for domain in (None, *secondary[of.account.siteworx_id])
    )  # fmt: skip


@action(
    scope="accounts:read",
    route=Route(
        "listSiteworxAccounts",
        lambda row: {"id": row.siteworx_id, "status": row.status, "domain": row.master_domain},
        "maps",
    ),
)
def list_siteworx_accounts(call: Call, _: Nothing) -> tuple[AccountRow, ...]:
    """The id, status and main domain of every account of the caller, oldest first."""
    return call.accounts.all()


@action(
    scope="accounts:read",
    route=Route("listMasterDomains", lambda row: [row.master_domain, row.master_domain], "lists"),
)
def list_master_domains(call: Call, _: Nothing) -> tuple[AccountRow, ...]:
    """The main domain of every account of the caller, oldest first."""
    return call.accounts.all()
