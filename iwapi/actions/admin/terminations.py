"""Terminations: who closed accounts lately, and who was stopped until an administrator approves more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from iwapi.action import action, arg
from iwapi.call import Call
from iwapi.core.breaker import Terminations
from iwapi.core.nothing import Nothing
from iwapi.errors import NOT_AN_OPTION, NotPermitted, Problem
from iwapi.kinds import Who


@dataclass(frozen=True)
class Which:
    """Who closed accounts."""

    who: Who = arg("the caller, as `listTerminationBreakers` names it")


@dataclass(frozen=True)
class TerminationBreakers:
    """Everybody who is stopped, then those who closed accounts within `terminations_minutes`."""

    breakers: tuple[Terminations, ...] = arg("who closed accounts")


def _approve_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    who = given.get("who")
    if who is not None and call.breaker.of(who) is None:
        yield Problem("who", who, NOT_AN_OPTION, "one that listTerminationBreakers names")


@action("listTerminationBreakers", scope="terminations:read", service="admin")
def list_breakers(call: Call, _: Nothing) -> TerminationBreakers:
    """Who closed accounts lately, and who closes no more until an administrator approves."""
    return TerminationBreakers(breakers=call.breaker.list())


@action("approveTerminations", scope="terminations:edit", writes=True, service="admin", check=_approve_wrong)
def approve(call: Call, which: Which) -> Terminations:
    """Let somebody go on who closed so many accounts that it was stopped. What it closed so far is counted no
    more. This is for a person: with a log-in, on the admin pages or on the machine, never with a key."""
    if call.credentials.apikey is not None or call.caller.narrow:
        raise NotPermitted(what="an approval needs a log-in, not a key")
    found = call.breaker.of(which.who)
    assert found is not None
    call.about = which.who
    call.breaker.approve(which.who)
    return replace(found, terminations=0, tripped=False, date_tripped=None)
