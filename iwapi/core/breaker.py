"""Callers that close so many accounts that somebody must look."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from iwapi.kinds import Count, Email, Flag, Moment, Name, Nickname, Who
from iwapi.shape import arg

APPROVAL_PATH = "/nodeworx/terminations"
APPROVAL_PAGE = f"the page Terminations ({APPROVAL_PATH}) of the admin service"


def approval_command(who: str) -> str:
    """The command that lets somebody close accounts again."""
    return f"iwapi approveTerminations --who {shlex.quote(who)}"


@dataclass(frozen=True)
class Terminations:
    """Who closed accounts lately."""

    who: Who = arg(
        "the caller: `key:` and the id of an API key, or `user:` and the id of a NodeWorx user who logged in"
    )
    key_name: Name | None = arg("the name of the key", default=None)
    email: Email | None = arg("the e-mail address of its NodeWorx user", default=None)
    nickname: Nickname | None = arg("what that user is called", default=None)
    terminations: Count = arg(
        "how many accounts it closed or purged within `terminations_minutes`, or when it was stopped"
    )
    tripped: Flag = arg("it closes no more accounts until an administrator approves")
    date_tripped: Moment | None = arg("when it was stopped", default=None)
