"""What the actions on accounts share: how one or several are named, and how a change is made real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iwapi.action import arg
from iwapi.call import Call
from iwapi.core.accounts import Account, Closed
from iwapi.errors import NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound, Pending, Problem
from iwapi.kinds import Cursor, Domain, PageSize

CHANGES = (AccountNotFound, Pending)
_LONGEST_ABOUT = 200


@dataclass(frozen=True)
class Which:
    """One account."""

    domain: Domain = arg("the account's main domain", old=("domainname", "master_domain"))


@dataclass(frozen=True)
class ByDomain:
    """Accounts."""

    domain: tuple[Domain, ...] = arg("the accounts' main domains", old=("domainname", "master_domain"))


@dataclass(frozen=True)
class Paging:
    """A part of a list."""

    after: Cursor | None = arg("the `next` of the page before; absent for the first page", default=None)
    limit: PageSize = arg("how many rows at the most", default=100)


def sentence(done: str) -> Any:
    """What `route` answers of an account that something was done to."""
    return lambda account: f"Account {account.master_domain} has been {done}."


def changed(call: Call, account: Account) -> Account:
    """Have a change made real; the account as it is then."""
    call.build(account.siteworx_id)
    return call.account(account.master_domain)


def several_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    for domain in given.get("domain") or ():
        if call.accounts.by_domain(domain) is None:
            yield Problem("domain", domain, NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound.code)
    for user in given.get("user") or ():
        if call.accounts.by_uniqname(user) is None:
            allowed = "the Unix name of one of your accounts"
            yield Problem("user", user, NOT_AN_OPTION, allowed, AccountNotFound.code)


def about_several(accounts: Sequence[Account | Closed]) -> str:
    return " ".join(account.master_domain for account in accounts)[:_LONGEST_ABOUT]
