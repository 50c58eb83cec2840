"""Add, change, delete, let in and keep out the further users of an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions.siteworx.users._reach import lacked
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.siteusers import MOST, Permission, SiteUser, with_login
from iwapi.errors import (
    NOT_AN_OPTION,
    AccountNotFound,
    EmailTaken,
    LimitReached,
    Pending,
    Problem,
    UserNotFound,
)
from iwapi.kinds import Email, NewPassword, Nickname

_A_USER = "the e-mail address of a further user of the account"


@dataclass(frozen=True)
class New:
    """A further user of the account."""

    email: Email = arg("the e-mail address of its log-in; no other user of the account has it")
    password: NewPassword = arg("the password of its log-in")
    nickname: Nickname | None = arg("its name for people; its e-mail address when absent", default=None)
    perms: tuple[Permission, ...] = arg("what it may do, beside logging in", default=())


@dataclass(frozen=True)
class Change:
    """What to change of a user; what is absent stays as it is."""

    user: Email = arg("the user's e-mail address")
    email: Email | None = arg("a new e-mail address for its log-in", default=None)
    password: NewPassword | None = arg("a new password for its log-in", default=None)
    nickname: Nickname | None = arg("its name for people", default=None)
    perms: tuple[Permission, ...] | None = arg("what it may do, beside logging in", default=None)


@dataclass(frozen=True)
class Some:
    """Users."""

    user: tuple[Email, ...] = arg("the users' e-mail addresses")


def _taken(call: Call, account: Account, email: str | None, but: str = "") -> Iterator[Problem]:
    if email is None or email.lower() == but.lower():
        return
    if email.lower() == account.email.lower() or call.site_users(account).by_email(email) is not None:
        yield Problem("email", email, "This e-mail address is already in use", code=EmailTaken.code)


def _perms_wrong(call: Call, account: Account, perms: Iterable[str] | None) -> Iterator[Problem]:
    for perm in lacked(call, account, with_login(perms) if perms is not None else ()):
        yield Problem("perms", perm, "This is a permission that you have not")


def _users_wrong(call: Call, account: Account, emails: Iterable[str]) -> Iterator[Problem]:
    """Users that are not there, that are the account itself, or that may do more than the caller."""
    for email in emails:
        found = call.site_users(account).by_email(email)
        if email.lower() == account.email.lower():
            yield Problem("user", email, "This is the account's own log-in: change the account", _A_USER)
        elif found is None:
            yield Problem("user", email, NOT_AN_OPTION, _A_USER, UserNotFound.code)
        elif lacked(call, account, found.perms):
            yield Problem("user", email, "This user has permissions that you have not")


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account = call.site()
    yield from _taken(call, account, given.get("email"))
    yield from _perms_wrong(call, account, given.get("perms", ()))


def _change_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account, user = call.site(), given.get("user")
    yield from _users_wrong(call, account, [user] if user else ())
    yield from _taken(call, account, given.get("email"), user or "")
    yield from _perms_wrong(call, account, given.get("perms"))


def _some_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _users_wrong(call, call.site(), given.get("user") or ())


def _sentence(done: str) -> Any:
    return lambda user: f"User {user.email} has been {done}."


@action(
    scope="siteusers:edit", writes=True, check=_new_wrong, adds=True,
    raises=(AccountNotFound, Pending, EmailTaken, LimitReached),
    route=Route("add", _sentence("added"), "sentence"),
)  # fmt: skip
def add(call: Call, wanted: New) -> SiteUser:
    """Add a user to the account. It logs in by its e-mail address, its password and the account's domain."""
    account = call.site()
    users = call.site_users(account)
    if users.count() >= MOST:
        raise LimitReached(Problem("email", wanted.email, f"An account has up to {MOST} further users"))
    user_id = users.add(
        wanted.email, wanted.nickname or wanted.email, wanted.password, with_login(wanted.perms), call.now
    )
    return _there(users.by_id(user_id))


def _there(user: SiteUser | None) -> SiteUser:
    assert user is not None
    return user


@action(
    scope="siteusers:edit", writes=True, check=_change_wrong,
    raises=(AccountNotFound, Pending, UserNotFound, EmailTaken),
    route=Route("edit", _sentence("changed"), "sentence"),
)  # fmt: skip
def edit(call: Call, wanted: Change) -> SiteUser:
    """Change a further user: its e-mail address, password, name or permissions, any of them at once."""
    users = call.site_users(call.site())
    user = _there(users.by_email(wanted.user))
    perms = with_login(wanted.perms) if wanted.perms is not None else None
    users.change(user, wanted.email, wanted.nickname, wanted.password, perms)
    return _there(users.by_id(user.userid))


@action(
    scope="siteusers:edit", writes=True, check=_some_wrong,
    raises=(AccountNotFound, Pending, UserNotFound),
    route=Route("delete", _sentence("deleted"), "sentence"),
)  # fmt: skip
def delete(call: Call, which: Some) -> tuple[SiteUser, ...]:
    """Delete further users, all of them or none: they are let in no more."""
    gone = _named(call, which)
    for user in gone:
        call.site_users(call.site()).delete(user)
    return gone


def _named(call: Call, which: Some) -> tuple[SiteUser, ...]:
    users = call.site_users(call.site())
    return tuple(_there(users.by_email(email)) for email in dict.fromkeys(map(str.lower, which.user)))


def _let_in(call: Call, which: Some, active: bool) -> tuple[SiteUser, ...]:
    for user in _named(call, which):
        call.site_users(call.site()).let_in(user, active)
    return _named(call, which)


@action(
    scope="siteusers:edit", writes=True, check=_some_wrong,
    raises=(AccountNotFound, Pending, UserNotFound),
    route=Route("activate", _sentence("activated"), "sentence"),
)  # fmt: skip
def activate(call: Call, which: Some) -> tuple[SiteUser, ...]:
    """Let further users in again."""
    return _let_in(call, which, True)


@action(
    scope="siteusers:edit", writes=True, check=_some_wrong,
    raises=(AccountNotFound, Pending, UserNotFound),
    route=Route("deactivate", _sentence("deactivated"), "sentence"),
)  # fmt: skip
def deactivate(call: Call, which: Some) -> tuple[SiteUser, ...]:
    """Let further users in no more, and keep them."""
    return _let_in(call, which, False)
