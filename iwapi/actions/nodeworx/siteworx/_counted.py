"""Counting who closes accounts or removes their data, and stopping who does so too often."""

from __future__ import annotations

from iwapi.call import Call
from iwapi.core.breaker import APPROVAL_PAGE, approval_command
from iwapi.errors import InvalidInput, NeedsApproval, Problem


def count(call: Call, ending: int) -> None:
    """Count the accounts that the caller ends, and stop it where that is too much. Who runs commands on the
    machine itself is an administrator, who is there to approve."""
    most, who = call.server.terminations_most, call.caller.counted
    if not most or not ending or call.caller.at_hand:
        return
    if ending > most:
        allowed = f"up to {most}, the setting terminations_most"
        raise InvalidInput(Problem("domain", str(ending), "More accounts than one call may close", allowed))
    tripped, counted = call.breaker.tripped(who), call.breaker.count(who)
    if tripped is not None or counted + ending > most:
        raise NeedsApproval(
            count=counted if tripped is None else tripped, who=who, minutes=call.server.terminations_minutes,
            page=APPROVAL_PAGE, command=approval_command(who),
        )  # fmt: skip
    call.breaker.add(who, ending)
    if counted + ending == most:
        call.breaker.trip(who, most)
