"""What the log-in forms of the API's port show: the state of an account, or of a NodeWorx user."""

from __future__ import annotations

from iwapi.action import action
from iwapi.actions._details import details
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.sessions import token_mac
from iwapi.core.state import State, UserState
from iwapi.errors import AccountNotFound, NotPermitted


@action(scope="site:read", service="admin", raises=(AccountNotFound,))
def show_site(call: Call, _: Nothing) -> State:
    """The account that the call acts inside, and its use."""
    return _site(call)


@action(scope="users:read", service="admin")
def show_user(call: Call, _: Nothing) -> State:
    """The NodeWorx user that calls."""
    return _user(call)


@action(scope="sessions:edit", writes=True, service="admin")
def open_link(call: Call, _: Nothing) -> State:
    """Trade a link, or a session of calls, for the state of its account or user; the session ends."""
    session = call.credentials.session
    if session is None or call.credentials.browser:
        raise NotPermitted(what="only a link, or a session of calls, can be opened")
    call.sessions.end(token_mac(call.pepper, session))
    return _site(call) if call.caller.site is not None else _user(call)


def _site(call: Call) -> State:
    return State(site=details(call, call.site()))


def _user(call: Call) -> State:
    user = call.users.by_id(call.owner)
    assert user is not None
    call.about = user.email
    return State(
        user=UserState(
            nodeworx_id=user.id, email=user.email, nickname=user.nickname, active=user.active,
            reseller=None if user.master else call.resellers.by_id(user.id),
        )
    )  # fmt: skip
