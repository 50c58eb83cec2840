"""`/siteworx/backup/schedule`: backups by the clock. This server makes none yet."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Count, Text


@dataclass(frozen=True)
class Scheduled:
    """A backup that is made by the clock."""

    id: Count = arg("its id")
    frequency: Text = arg("weekly or monthly")
    type: Text = arg("full, partial or structure")
    location: Text = arg("where it is kept")
    email_address: Text = arg("who is told")
    rotate: Count = arg("how many are kept")
    hour: Count = arg("at which hour")


@action(scope="backup:read", raises=(AccountNotFound,), route=Route("listScheduled", members, "objects"))
def list_scheduled(call: Call, _: Nothing) -> tuple[Scheduled, ...]:
    """The account's scheduled backups."""
    call.site()
    return ()
