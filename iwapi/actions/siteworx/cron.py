"""`/siteworx/cron`: jobs by the clock. This server runs no programs of accounts, so there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Count, Flag, Text


@dataclass(frozen=True)
class CronJob:
    """A program that runs by the clock."""

    linenum: Count = arg("the number of its line")
    type: Text = arg("`job`")
    enabled: Flag = arg("it runs")
    minute: Text = arg("at which minutes")
    hour: Text = arg("at which hours")
    day: Text = arg("on which days of the month")
    month: Text = arg("in which months")
    dayofweek: Text = arg("on which days of the week")
    script: Text = arg("what it runs")


def _columns(job: CronJob) -> dict[str, Any]:
    return {name: value for name, value in members(job).items() if name not in ("type", "enabled")}


@action(scope="cron:read", raises=(AccountNotFound,), route=Route("list", _columns, "maps"))
def list_jobs(call: Call, _: Nothing) -> tuple[CronJob, ...]:
    """The account's cron jobs."""
    call.site()
    return ()


@action(scope="cron:read", raises=(AccountNotFound,), route=Route("queryJobs", members, "maps"))
def query_jobs(call: Call, _: Nothing) -> tuple[CronJob, ...]:
    """The account's cron jobs, and whether they run."""
    call.site()
    return ()
