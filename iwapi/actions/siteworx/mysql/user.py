"""`/siteworx/mysql/user`: users of databases. This server has no database service, so there are none."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Count, Text


@dataclass(frozen=True)
class DatabaseUser:
    """A user of databases."""

    name: Text = arg("its name without the prefix")
    fqun: Text = arg("its whole name")
    databases: Count = arg("how many databases it may use")


@action(scope="mysql:read", raises=(AccountNotFound,), route=Route("listMysqlUsers", members, "objects"))
def list_mysql_users(call: Call, _: Nothing) -> tuple[DatabaseUser, ...]:
    """The account's database users."""
    call.site()
    return ()
