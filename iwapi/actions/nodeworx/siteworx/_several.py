"""Suspend, unsuspend and close accounts, one or several in a call: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.siteworx._life import CHANGES, changed, close, sentence, status
from iwapi.call import Call
from iwapi.core.accounts import Account, Closed
from iwapi.errors import NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound, Problem
from iwapi.kinds import Domain, Name, Reason

_LONGEST_ABOUT = 200


@dataclass(frozen=True)
class ByDomain:
    """Accounts."""

    domain: tuple[Domain, ...] = arg("the accounts' main domains", old=("domainname", "master_domain"))


@dataclass(frozen=True)
class ByUser:
    """Accounts."""

    user: tuple[Name, ...] = arg("the accounts' Unix names")


@dataclass(frozen=True)
class Why:
    """Why accounts are suspended."""

    message: Reason = arg("why; shown to the caller and in the panel", default="")


@dataclass(frozen=True)
class SuspendByDomain(ByDomain, Why):
    """Accounts, and why they are suspended."""


@dataclass(frozen=True)
class SuspendByUser(ByUser, Why):
    """Accounts, and why they are suspended."""


def _wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    for domain in given.get("domain") or ():
        if call.accounts.by_domain(domain) is None:
            yield Problem("domain", domain, NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound.code)
    for user in given.get("user") or ():
        if call.accounts.by_uniqname(user) is None:
            allowed = "the Unix name of one of your accounts"
            yield Problem("user", user, NOT_AN_OPTION, allowed, AccountNotFound.code)


def _served(
    call: Call, find: Callable[[str], Account | None], names: Sequence[str], **columns: object
) -> tuple[Account, ...]:
    """The accounts of these names, with a new status; `_wrong` has looked whether they are there."""
    found = [account for name in dict.fromkeys(names) if (account := find(name)) is not None]
    for account in found:
        call.accounts.set(account, **columns)
    now = tuple(changed(call, account) for account in found)
    call.about = _about(now)
    return now


def _about(accounts: Sequence[Account | Closed]) -> str:
    return " ".join(account.master_domain for account in accounts)[:_LONGEST_ABOUT]


@action(
    scope="accounts:suspend", writes=True, check=_wrong, raises=CHANGES,
    route=Route("suspend", sentence("suspended"), "sentence"),
)  # fmt: skip
def suspend_several(call: Call, which: SuspendByDomain) -> tuple[Account, ...]:
    """Stop the pages of accounts, they answer 503; their data and their DNS stay.

    To suspend one again changes the reason and nothing else.
    """
    return _served(call, call.accounts.by_domain, which.domain, **status(False, which.message))


@action(
    scope="accounts:suspend", writes=True, check=_wrong, raises=CHANGES,
    route=Route("unsuspend", sentence("unsuspended"), "sentence"),
)  # fmt: skip
def unsuspend_several(call: Call, which: ByDomain) -> tuple[Account, ...]:
    """Serve suspended accounts again; one that is active stays as it is."""
    return _served(call, call.accounts.by_domain, which.domain, **status(True))


@action(
    scope="accounts:suspend", writes=True, check=_wrong, raises=CHANGES,
    route=Route("suspendByUser", sentence("suspended"), "sentence"),
)  # fmt: skip
def suspend_by_user(call: Call, which: SuspendByUser) -> tuple[Account, ...]:
    """Stop the pages of accounts named by their Unix names; their data and their DNS stay."""
    return _served(call, call.accounts.by_uniqname, which.user, **status(False, which.message))


@action(
    scope="accounts:suspend", writes=True, check=_wrong, raises=CHANGES,
    route=Route("unsuspendByUser", sentence("unsuspended"), "sentence"),
)  # fmt: skip
def unsuspend_by_user(call: Call, which: ByUser) -> tuple[Account, ...]:
    """Serve suspended accounts again, named by their Unix names; one that is active stays as it is."""
    return _served(call, call.accounts.by_uniqname, which.user, **status(True))


def _close_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    for problem in _wrong(call, given):
        if call.accounts.closed(problem.value) is None:
            yield problem


@action(
    scope="accounts:delete", writes=True, check=_close_wrong, raises=CHANGES,
    route=Route("delete", sentence("deleted"), "sentence"),
)  # fmt: skip
def delete_several(call: Call, which: ByDomain) -> tuple[Closed, ...]:
    """Close accounts. A repeat answers the same."""
    closed = tuple(close(call, domain) for domain in dict.fromkeys(which.domain))
    call.about = _about(closed)
    return closed
