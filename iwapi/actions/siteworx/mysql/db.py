"""`/siteworx/mysql/db`: databases. This server has no database service, so there are none."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import Entry, members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Megabytes, Text


@dataclass(frozen=True)
class Database:
    """A database."""

    name: Text = arg("its name without the prefix")
    fqdn: Text = arg("its whole name")
    storage: Megabytes = arg("disk space used, in MB")


@action(scope="mysql:read", raises=(AccountNotFound,), route=Route("listMysqlDatabases", members, "objects"))
def list_mysql_databases(call: Call, _: Nothing) -> tuple[Database, ...]:
    """The account's databases."""
    call.site()
    return ()


@action(scope="mysql:read", raises=(AccountNotFound,), route=Route("listMysqlHost", members, "objects"))
def list_mysql_host(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The servers that hold the account's databases."""
    call.site()
    return ()
