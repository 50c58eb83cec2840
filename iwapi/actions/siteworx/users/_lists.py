"""Who logs in to an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.actions.siteworx.users._reach import within_reach
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.siteusers import SiteUser, own
from iwapi.errors import NOT_AN_OPTION, AccountNotFound, Problem, UserNotFound
from iwapi.kinds import Email


@dataclass(frozen=True)
class Which:
    """One user."""

    user: Email = arg("the user's e-mail address")


def _label(user: SiteUser) -> list[str]:
    return [user.email, f"{user.nickname} ({user.email})"]


def _row(user: SiteUser) -> dict[str, Any]:
    return {
        "global_uid": f"sw{user.userid}", "email": user.email, "nickname": user.nickname, "language": "en-us",
        "user_status": user.status, "type": "master" if user.ismaster else "slave",
    }  # fmt: skip


def _all(call: Call) -> tuple[SiteUser, ...]:
    account = call.site()
    return (own(account), *call.site_users(account).list())


@action(scope="siteusers:read", raises=(AccountNotFound,), route=Route("listUsers", _row, "maps"))
def list_users(call: Call, _: Nothing) -> tuple[SiteUser, ...]:
    """The account's users: its own log-in, then the further ones."""
    return _all(call)


@action(scope="siteusers:read", raises=(AccountNotFound,), route=Route("list", _label, "lists"))
def list_labels(call: Call, _: Nothing) -> tuple[SiteUser, ...]:
    """The e-mail addresses and names of the account's users."""
    return _all(call)


@action(scope="siteusers:read", raises=(AccountNotFound,), route=Route("listEditable", _label, "lists"))
def list_editable(call: Call, _: Nothing) -> tuple[SiteUser, ...]:
    """The users that the caller may change: further ones who may do no more than it."""
    return within_reach(call)


@action(scope="siteusers:read", raises=(AccountNotFound,), route=Route("listDeletable", _label, "lists"))
def list_deletable(call: Call, _: Nothing) -> tuple[SiteUser, ...]:
    """The users that the caller may delete: further ones who may do no more than it."""
    return within_reach(call)


@action(scope="site:read", raises=(AccountNotFound,), route=Route("listMasterUser", members, "map"))
def list_master_user(call: Call, _: Nothing) -> SiteUser:
    """The account's own log-in."""
    return own(call.site())


@action(scope="site:read", raises=(AccountNotFound,), route=Route("listWorkingUser", members, "map"))
def list_working_user(call: Call, _: Nothing) -> SiteUser:
    """The user that calls; the account's own log-in, where who calls is above the account."""
    account, user_id = call.site(), call.caller.site_user
    user = call.site_users(account).by_id(user_id) if user_id is not None else None
    return user or own(account)


@action(
    scope="siteusers:read", raises=(AccountNotFound, UserNotFound),
    route=Route("queryEdit", members, "map"),
)  # fmt: skip
def query_edit(call: Call, which: Which) -> SiteUser:
    """One user of the account."""
    for user in _all(call):
        if user.email.lower() == which.user.lower():
            return user
    raise UserNotFound(Problem("user", which.user, NOT_AN_OPTION, code=UserNotFound.code))
