"""What the actions on accounts share: how one or several are named, and how a change is made real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iwapi.action import arg
from iwapi.call import Call
from iwapi.core.accounts import Account, Closed, NamedBy
from iwapi.errors import (
    NOT_AN_OPTION,
    REQUIRED,
    YOUR_ACCOUNT,
    AccountNotFound,
    GuardFailed,
    Pending,
    Problem,
    refuse,
)
from iwapi.kinds import Cursor, Domain, ExternalId, Id, PageSize, Version

CHANGES = (AccountNotFound, Pending)
GUARDED = (*CHANGES, GuardFailed)
NAMED = "The account is to be named in one way, and is named by its"
_LONGEST_ABOUT = 200
_ONE_OF_YOURS: dict[NamedBy, str] = {
    "domain": YOUR_ACCOUNT,
    "siteworx_id": "the id of one of your accounts",
    "external_id": "the external id of one of your own accounts",
}


@dataclass(frozen=True)
class Which:
    """One account."""

    domain: Domain = arg("the account's main domain", old=("domainname", "master_domain"))


@dataclass(frozen=True)
class One:
    """One account, named in one way: by its domain, its id or its external id."""

    domain: Domain | None = arg(
        "the account's main domain", old=("domainname", "master_domain"), default=None
    )
    siteworx_id: Id | None = arg("or, in place of the domain, its id", default=None)
    external_id: ExternalId | None = arg(
        "or its external id, where the account is the caller's own and not a reseller's", default=None
    )


@dataclass(frozen=True)
class Guards:
    """What a call expects of its account; where that is not so, nothing is done."""

    expect_domain: Domain | None = arg("do nothing unless this is the account's main domain", default=None)
    expect_version: Version | None = arg("do nothing unless this is the account's version", default=None)


@dataclass(frozen=True)
class Guarded(One, Guards):
    """One account, and what is expected of it."""


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


def one(call: Call, which: One) -> Account:
    """The account that a call is about: the caller's own, and as the call expects it."""
    given = _given(which)
    call.about = next((str(given[name]) for name in _ONE_OF_YOURS if name in given), "")
    refuse(one_wrong(call, given))
    account = found(call, given)
    assert account is not None
    call.about = account.master_domain
    return account


def one_or_closed(call: Call, which: One) -> Account | Closed:
    """The same; where there is none, the one of that name that was closed last and whose data is kept."""
    try:
        return one(call, which)
    except AccountNotFound:
        given = _given(which)
        closed = next((call.accounts.closed(by, given[by]) for by in _ONE_OF_YOURS if by in given), None)
        if closed is None:
            raise
        refuse(unexpected(closed, given))
        return closed


def _given(which: One) -> dict[str, Any]:
    return {name: value for name, value in vars(which).items() if value is not None}


def one_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with how one account is named, and with what is expected of it."""
    named = [name for name in _ONE_OF_YOURS if name in given]
    if not named:
        yield Problem("domain", "", f"{REQUIRED}, or siteworx_id or external_id in its place")
        return
    by, *others = named
    for name in others:
        yield Problem(name, str(given[name]), f"{NAMED} {by}")
    account = found(call, given)
    if account is not None:
        yield from unexpected(account, given)
    elif given[by] is not None:
        yield Problem(by, str(given[by]), NOT_AN_OPTION, _ONE_OF_YOURS[by], AccountNotFound.code)


def found(call: Call, given: Mapping[str, Any]) -> Account | None:
    """The caller's account that is named, if it is there."""
    domain, account_id, external_id = (given.get(name) for name in _ONE_OF_YOURS)
    if domain is not None:
        return call.accounts.by_domain(domain)
    if account_id is not None:
        return call.accounts.by_id(account_id)
    return call.accounts.by_external_id(external_id) if external_id is not None else None


def unexpected(account: Account | Closed, given: Mapping[str, Any]) -> Iterator[Problem]:
    """Where an account is not as a call expects it. One that is closed has no version to be compared."""
    domain, version = given.get("expect_domain"), given.get("expect_version")
    if domain is not None and domain != account.master_domain:
        said = f"The account's main domain is {account.master_domain}"
        yield Problem("expect_domain", domain, said, code=GuardFailed.code)
    if version is not None and isinstance(account, Account) and version != account.version:
        said = f"The account's version is {account.version}"
        yield Problem("expect_version", str(version), said, code=GuardFailed.code)


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
