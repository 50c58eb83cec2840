"""`/siteworx/mysql/perms`: rights on databases. This server has no database service, so there are none."""

from __future__ import annotations

from iwapi.action import Route, action
from iwapi.actions._members import Entry, members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound


@action(scope="mysql:read", raises=(AccountNotFound,), route=Route("listAvailablePerms", members, "objects"))
def list_available_perms(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The rights that a database user may be given."""
    call.site()
    return ()
