"""Suspend and unsuspend accounts, one or several in a call: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.siteworx._checks import change_wrong
from iwapi.actions.nodeworx.siteworx._reasons import lifted, may, may_lift, remains, standing, suspended
from iwapi.actions.nodeworx.siteworx._shared import (
    CHANGES,
    GUARDED,
    ByDomain,
    Guarded,
    about_several,
    one,
    sentence,
    several_wrong,
)
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.suspension import BILLING, GivenReason, Intent
from iwapi.kinds import Moment, Name, Reason

_WHICH = "the reason; any but billing needs the scope accounts:restrict"


@dataclass(frozen=True)
class Lifting(Guarded):
    """An account, and which reason of its suspension is to be lifted."""

    reason: GivenReason = arg(_WHICH, default=BILLING)
    at: Moment | None = arg("when; at once where absent or past", default=None)


@dataclass(frozen=True)
class Suspension(Guarded):
    """An account, and why it is to be suspended."""

    reason: GivenReason = arg(_WHICH, default=BILLING)
    message: Reason = arg("why, in words; shown to the caller and in the panel", default="")
    at: Moment | None = arg("when; at once where absent or past", default=None)


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


def _later(call: Call, at: datetime | None) -> int | None:
    """When it is to be done, where that is not now."""
    due = int(at.timestamp()) if at is not None else 0
    return due if due > call.now else None


@action("suspendSiteWorxAccount", scope="accounts:suspend", writes=True, check=change_wrong, raises=GUARDED)
def suspend(call: Call, wanted: Suspension) -> Account:
    """Stop an account's pages, they answer 503, and every change by its own log-ins; data and DNS stay.

    Reasons stack: it is served again when each was lifted. To suspend it for one that it has changes the
    message only. With `at` it stays as it is until then; a later call for that reason takes the place of the
    one before, listJobs shows what waits, cancelJob takes it back.
    """
    account = one(call, wanted)
    due = _later(call, wanted.at)
    if due is None:
        return standing(call, account, suspended(call, account, wanted.reason, wanted.message))
    may(call, wanted.reason)
    call.schedule(account, Intent("suspend", wanted.reason, wanted.message, call.caller.master), due)
    return account


@action("unsuspendSiteWorxAccount", scope="accounts:suspend", writes=True, check=change_wrong, raises=GUARDED)
def unsuspend(call: Call, wanted: Lifting) -> Account:
    """Lift one reason of an account's suspension; one that is not there is lifted already. It is served again
    when no `remaining_reasons` are left. What the master began, only the master lifts. `at` is as in
    suspendSiteWorxAccount."""
    account = one(call, wanted)
    due = _later(call, wanted.at)
    if due is None:
        return standing(call, account, lifted(call, account, wanted.reason))
    may_lift(call, account, wanted.reason)
    call.schedule(account, Intent("lift", wanted.reason, "", call.caller.master), due)
    return account


def _each(call: Call, named: ByDomain | ByUser, do: Callable[[Account], bool]) -> tuple[Account, ...]:
    """Do it to the accounts that are named; `several_wrong` has looked whether they are there."""
    if isinstance(named, ByDomain):
        found = map(call.accounts.by_domain, dict.fromkeys(named.domain))
    else:
        found = map(call.accounts.by_uniqname, dict.fromkeys(named.user))
    now = tuple(standing(call, account, do(account)) for account in found if account is not None)
    call.about = about_several(now)
    return now


def _suspend(call: Call, named: ByDomain | ByUser, message: str) -> tuple[Account, ...]:
    return _each(call, named, lambda account: suspended(call, account, BILLING, message))


def _unsuspend(call: Call, named: ByDomain | ByUser) -> tuple[Account, ...]:
    return _each(call, named, lambda account: lifted(call, account, BILLING))


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("suspend", sentence("suspended"), "sentence"),
)  # fmt: skip
def suspend_several(call: Call, which: SuspendByDomain) -> tuple[Account, ...]:
    """Suspend accounts for the reason billing: their pages answer 503; their data and their DNS stay.

    To suspend one again changes the message and nothing else.
    """
    return _suspend(call, which, which.message)


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("unsuspend", sentence("unsuspended"), "sentence", but=remains),
)  # fmt: skip
def unsuspend_several(call: Call, which: ByDomain) -> tuple[Account, ...]:
    """Lift the reason billing. An account that has another one stays suspended: `route` names it with status
    11, though the reason is lifted."""
    return _unsuspend(call, which)


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("suspendByUser", sentence("suspended"), "sentence"),
)  # fmt: skip
def suspend_by_user(call: Call, which: SuspendByUser) -> tuple[Account, ...]:
    """The same as suspend, of accounts named by their Unix names."""
    return _suspend(call, which, which.message)


@action(
    scope="accounts:suspend", writes=True, check=several_wrong, raises=CHANGES,
    route=Route("unsuspendByUser", sentence("unsuspended"), "sentence", but=remains),
)  # fmt: skip
def unsuspend_by_user(call: Call, which: ByUser) -> tuple[Account, ...]:
    """The same as unsuspend, of accounts named by their Unix names."""
    return _unsuspend(call, which)
