"""The backups of an account."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Bytes, Count, Flag, Text


@dataclass(frozen=True)
class Backup:
    """A backup of the account."""

    filepath: Text = arg("its file with its folder")
    filename: Text = arg("its file's name")
    filesize: Text = arg("its size for people")
    filesize_bytes: Bytes = arg("its size in bytes")
    type: Text = arg("full, partial or structure")
    domain_options: Text = arg("single-domain or multi-domain")
    filedate: Count = arg("when it was made, in Unix seconds")
    complete: Flag = arg("it is whole")
    domain: Text = arg("the domain that it is of")


@action(scope="backup:read", raises=(AccountNotFound,), route=Route("listAllBackups", members, "objects"))
def list_all_backups(call: Call, _: Nothing) -> tuple[Backup, ...]:
    """Every backup of the account."""
    call.site()
    return ()


@action(scope="backup:read", raises=(AccountNotFound,), route=Route("listDailyBackups", members, "objects"))
def list_daily_backups(call: Call, _: Nothing) -> tuple[Backup, ...]:
    """The account's daily backups."""
    call.site()
    return ()


@action(scope="backup:read", raises=(AccountNotFound,), route=Route("listWeeklyBackups", members, "objects"))
def list_weekly_backups(call: Call, _: Nothing) -> tuple[Backup, ...]:
    """The account's weekly backups."""
    call.site()
    return ()


@action(scope="backup:read", raises=(AccountNotFound,), route=Route("listMonthlyBackups", members, "objects"))
def list_monthly_backups(call: Call, _: Nothing) -> tuple[Backup, ...]:
    """The account's monthly backups."""
    call.site()
    return ()
