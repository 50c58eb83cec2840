"""Suspend and unsuspend accounts, one or several in a call: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.siteworx._checks import change_wrong
from iwapi.actions.nodeworx.siteworx._shared import (
    CHANGES,
    ByDomain,
    Which,
    about_several,
    changed,
    sentence,
    several_wrong,
)
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.kinds import Name, Reason


@dataclass(frozen=True)
class Suspension(Which):
    """Why an account is suspended."""

    reason: Reason = arg("why; shown to the caller and in the panel", old=("message",), default="")


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


def status(active: bool, reason: str = "") -> dict[str, object]:
    """The columns that say whether an account is served, and why not."""
    return {"state": "active" if active else "inactive", "inactive_msg": "" if active else reason}


@action("suspendSiteWorxAccount", scope="accounts:suspend", writes=True, check=change_wrong, raises=CHANGES)
def suspend(call: Call, wanted: Suspension) -> Account:
    """Stop an account's pages, they answer 503; its data and its DNS stay.

    To suspend it again changes the reason and nothing else.
    """
    account = call.account(wanted.domain)
    call.accounts.set(account, **status(False, wanted.reason))
    return changed(call, account)


@action("unsuspendSiteWorxAccount", scope="accounts:suspend", writes=True, raises=CHANGES)
def unsuspend(call: Call, which: Which) -> Account:
    """Serve a suspended account again; one that is active stays as it is."""
    account = call.account(which.domain)
    call.accounts.set(account, **status(True))
    return changed(call, account)


def _served(
    call: Call, find: Callable[[str], Account | None], names: Sequence[str], **columns: object
) -> tuple[Account, ...]:
    """The accounts of these names, with a new status; `_wrong` has looked whether they are there."""
    found = [account for name in dict.fromkeys(names) if (account := find(name)) is not None]
    for account in found:
        call.accounts.set(account, **columns)
    now = tuple(changed(call, account) for account in found)
    call.about = about_several(now)
    return now


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("suspend", sentence("suspended"), "sentence"),
)  # fmt: skip
def suspend_several(call: Call, which: SuspendByDomain) -> tuple[Account, ...]:
    """Stop the pages of accounts, they answer 503; their data and their DNS stay.

    To suspend one again changes the reason and nothing else.
    """
    return _served(call, call.accounts.by_domain, which.domain, **status(False, which.message))


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("unsuspend", sentence("unsuspended"), "sentence"),
)  # fmt: skip
def unsuspend_several(call: Call, which: ByDomain) -> tuple[Account, ...]:
    """Serve suspended accounts again; one that is active stays as it is."""
    return _served(call, call.accounts.by_domain, which.domain, **status(True))


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("suspendByUser", sentence("suspended"), "sentence"),
)  # fmt: skip
def suspend_by_user(call: Call, which: SuspendByUser) -> tuple[Account, ...]:
    """Stop the pages of accounts named by their Unix names; their data and their DNS stay."""
    return _served(call, call.accounts.by_uniqname, which.user, **status(False, which.message))


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("unsuspendByUser", sentence("unsuspended"), "sentence"),
)  # fmt: skip
def unsuspend_by_user(call: Call, which: ByUser) -> tuple[Account, ...]:
    """Serve suspended accounts again, named by their Unix names; one that is active stays as it is."""
    return _served(call, call.accounts.by_uniqname, which.user, **status(True))
