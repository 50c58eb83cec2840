"""The administrator: e-mail and password, and the sessions of the pages."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import action, arg
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.sessions import new_token, token_mac
from iwapi.errors import EmailTaken, NotPermitted, Problem
from iwapi.kinds import Email, Flag, Id, NewPassword, Secret


@dataclass(frozen=True)
class Administrator:
    """A NodeWorx user."""

    nodeworx_id: Id = arg("the user's id")
    email: Email = arg("the e-mail address of its log-in")
    master: Flag = arg("it reaches every account of the server")


@dataclass(frozen=True)
class Change:
    """What to change; what is absent stays as it is."""

    email: Email | None = arg("a new e-mail address for the log-in", default=None)
    password: NewPassword | None = arg("a new password", default=None)


@dataclass(frozen=True)
class Session:
    """A session of the pages."""

    token: Secret = arg("what the cookie holds")


@action("editAdministrator", scope="users:edit", writes=True, service="admin", raises=(EmailTaken,))
def edit(call: Call, wanted: Change) -> Administrator:
    """Change the caller's own e-mail address or password. Its API key stays as it is; sessions end when the
    password changes."""
    call.wants_whole()
    if wanted.email is not None:
        holder = call.users.by_email(wanted.email)
        if holder is not None and holder.id != call.owner:
            raise EmailTaken(Problem("email", wanted.email, "This e-mail address is already in use"))
        call.users.set_email(call.owner, wanted.email)
    if wanted.password is not None:
        call.users.set_password(call.owner, wanted.password)
    user = call.users.by_id(call.owner)
    assert user is not None
    call.about = user.email
    return Administrator(nodeworx_id=user.id, email=user.email, master=user.master)


@action(scope="sessions:edit", writes=True, service="admin")
def log_in(call: Call, _: Nothing) -> Session:
    """Begin a session of the pages. The log-in itself is the call's credentials; an account's own log-in gets
    a session of that account, not of who sells it."""
    if not call.credentials.by_password:
        raise NotPermitted(what="a session begins with an e-mail address and a password")
    token = new_token(call.random)
    call.sessions.add(
        token_mac(call.pepper, token), "page", call.owner, call.credentials.address, call.caller.site
    )
    return Session(token=token)


@action(scope="sessions:edit", writes=True, service="admin")
def log_out(call: Call, _: Nothing) -> Nothing:
    """End the caller's session."""
    if call.credentials.session is not None:
        call.sessions.end(token_mac(call.pepper, call.credentials.session))
    return Nothing()
