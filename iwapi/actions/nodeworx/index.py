"""`/nodeworx/index`: who am I."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import action, arg
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.kinds import Email, Flag, Id, Moment, Text


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
