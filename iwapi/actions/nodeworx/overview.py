"""`/nodeworx/overview`: the server."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.kinds import Text


@dataclass(frozen=True)
class Version:
    """What runs here."""

    version: Text = arg("the server's version of iwapi")


@action(scope="server:read", route=Route("listVersion", members, "map"))
def list_version(call: Call, _: Nothing) -> Version:
    """The version of this server."""
    return Version(version=call.server.version)
