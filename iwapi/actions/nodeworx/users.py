"""`/nodeworx/users`: the NodeWorx user that a caller is."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.accounts import Status
from iwapi.core.nothing import Nothing
from iwapi.core.permissions import perms_of
from iwapi.kinds import Email, Flag, Id, Nickname, Text


@dataclass(frozen=True)
class WorkingUser:
    """A NodeWorx user."""

    userid: Id = arg("the user's id")
    nickname: Nickname = arg("its name for people")
    email: Email = arg("the e-mail address of its log-in")
    ismaster: Flag = arg("it reaches every account of the server")
    status: Status = arg("inactive is suspended")
    perms: tuple[Text, ...] = arg("what the caller may do, in InterWorx's words and so far as it is offered")


@dataclass(frozen=True)
class Kind:
    """What kind of NodeWorx user a caller is."""

    reseller: Flag = arg("it is a reseller: it reaches its own accounts only")


def _caller(call: Call) -> WorkingUser:
    user = call.users.by_id(call.owner)
    assert user is not None
    return WorkingUser(
        userid=user.id, nickname=user.nickname, email=user.email, ismaster=user.master,
        status="active" if user.active else "inactive", perms=perms_of(call.caller.scopes),
    )  # fmt: skip


@action(scope="users:read", route=Route("listWorkingUser", members, "map"))
def list_working_user(call: Call, _: Nothing) -> WorkingUser:
    """The user that calls, and what this key or log-in of it may do."""
    return _caller(call)


@action(scope="users:read", route=Route("listMasterUser", members, "map"))
def list_master_user(call: Call, _: Nothing) -> WorkingUser:
    """The user whose accounts the caller acts on: the caller itself."""
    return _caller(call)


@action(scope="users:read", route=Route("isReseller", lambda kind: kind.reseller, "flag"))
def is_reseller(call: Call, _: Nothing) -> Kind:
    """Whether the caller is a reseller."""
    return Kind(reseller=not call.caller.master)
