"""Suspending for a reason and lifting it: who may, and what is told where another reason remains."""

from __future__ import annotations

from iwapi.actions.nodeworx.siteworx._shared import changed
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.suspension import ADMINISTRATOR, BILLING
from iwapi.errors import NotPermitted

RESTRICT = "accounts:restrict"
"""The scope for every reason but that of billing."""


def may(call: Call, reason: str) -> None:
    """Refuse who may not suspend for that reason, nor lift it."""
    if reason != BILLING:
        call.needs(RESTRICT)
    if reason == ADMINISTRATOR and not call.caller.master:
        raise NotPermitted(what=f"the reason {reason} is the master administrator's")


def may_lift(call: Call, account: Account, reason: str) -> None:
    """Refuse who may not lift that reason of this account."""
    may(call, reason)
    if not call.caller.master and call.suspensions(account).is_master_s(reason):
        raise NotPermitted(what=f"lift {reason}, since the master administrator suspended the account for it")


def suspended(call: Call, account: Account, reason: str, message: str) -> bool:
    """Suspend an account; whether that changed anything."""
    may(call, reason)
    return call.suspensions(account).begin(reason, message, call.caller.master, call.now)


def lifted(call: Call, account: Account, reason: str) -> bool:
    """Lift a reason; whether it was there."""
    may_lift(call, account, reason)
    return call.suspensions(account).end(reason)


def standing(call: Call, account: Account, differs: bool) -> Account:
    """The account when all that was asked of it is real."""
    if differs:
        return changed(call, account)
    call.finish(account.siteworx_id)
    return account


def remains(account: Account) -> str | None:
    """What a billing system is told that lifted a reason of an account which is not served all the same."""
    if not account.remaining_reasons:
        return None
    return f"Account {account.master_domain} remains suspended: {', '.join(account.remaining_reasons)}."
