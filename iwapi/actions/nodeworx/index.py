"""`/nodeworx/index`: who am I, and a session for a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from iwapi.action import Route, action, arg
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.sessions import as_seen, new_sid, token_mac
from iwapi.errors import NotPermitted
from iwapi.kinds import Address, Email, Flag, Id, Moment, Plain, Secret, Text


@dataclass(frozen=True)
class Pong:
    """The caller, as the server knows it."""

    caller: Text = arg("what proved itself: `key:` and the key's id, or `user:` and the e-mail")
    nodeworx_id: Id = arg("the NodeWorx user whose rights it has")
    email: Email = arg("that user's e-mail address")
    master: Flag = arg("it reaches every account of the server")
    scopes: tuple[Text, ...] = arg("what it may do; `all` where it has all rights of its owner")
    hostname: Text = arg("the server's name")
    version: Text = arg("the server's version of iwapi")
    time: Moment = arg("the server's clock")


@action("ping", scope="ping")
def ping(call: Call, _: Nothing) -> Pong:
    """Prove the credentials: who the caller is, what it may do, and which server answers."""
    caller = call.caller
    return Pong(
        caller=caller.who, nodeworx_id=caller.owner, email=caller.email, master=caller.master,
        scopes=("all",) if caller.scopes is None else tuple(sorted(caller.scopes)),
        hostname=call.server.hostname, version=call.server.version, time=call.time,
    )  # fmt: skip


@dataclass(frozen=True)
class Customer:
    """Who a session is for."""

    client_ip: Address | None = arg(
        "the customer's IP address: nobody else may use the session; it is bound to none when absent",
        default=None,
    )


@dataclass(frozen=True)
class Begun:
    """A session that began."""

    token: Secret = arg("its id, 32 hex characters; it proves who holds it")


def sid(begun: Begun) -> str:
    """The id as `route` answers it."""
    return begun.token.reveal


def begin(call: Call, kind: Literal["api", "link"], account_id: int | None, wanted: Customer) -> Plain:
    """Begin a session of the caller, or of an account's own log-in; its id.

    No session begins another: it would never end. A further user of an account has no scope for one: it would
    have the rights of the account's own log-in. A session of a key that works from certain addresses only is
    for who begins it, where no customer is named; a link is a customer's anyway.
    """
    caller = call.caller
    if call.credentials.session is not None:
        raise NotPermitted(what="a session begins with a key or a log-in")
    token = new_sid(call.random)
    bound = as_seen(wanted.client_ip) if wanted.client_ip else None
    if bound is None and caller.placed and kind == "api":
        bound = call.credentials.address
    call.sessions.add(
        token_mac(call.pepper, token), kind, call.owner, call.credentials.address, account_id, bound,
        caller.scopes, caller.counted,
    )  # fmt: skip
    return token


@action(scope="sessions:edit", writes=True, route=Route("getSession", sid, "sentence"))
def get_session(call: Call, wanted: Customer) -> Begun:
    """Begin a session of the caller: for ten minutes its id stands for the log-in, as `{sessionid}`. It may
    be traded once for the caller's page, at `/nodeworx/index?sid=`, which ends it."""
    call.about = call.caller.email
    return Begun(token=begin(call, "api", call.caller.site, wanted))
