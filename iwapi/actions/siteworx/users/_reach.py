"""What a caller may do with the users of an account: none of those who may do more than itself."""

from __future__ import annotations

from collections.abc import Iterable

from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.siteusers import SiteUser, lacking


def lacked(call: Call, account: Account, perms: Iterable[str]) -> list[str]:
    """Those of the permissions that the caller has not itself."""
    user_id = call.caller.site_user
    caller = call.site_users(account).by_id(user_id) if user_id is not None else None
    return lacking(perms, call.caller.scopes, caller.perms if caller is not None else None)


def within_reach(call: Call) -> tuple[SiteUser, ...]:
    """The further users that the caller may change."""
    account = call.site()
    users = call.site_users(account).list()
    return tuple(user for user in users if not lacked(call, account, user.perms))
