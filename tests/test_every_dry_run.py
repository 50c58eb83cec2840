"""Every changing action: its dry run says what the call then does, tells a change exactly when there is one,
and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from iwapi.action import Action
from iwapi.asked import Asked, Credentials
from iwapi.core.permissions import RESELLER
from iwapi.provision.recording import Recording
from tests.dryruns import foretold, told_difference
from tests.helpers import config, open_world
from tests.sitenames import own_user
from tests.test_every_action import CATALOGUE, example, furnish, inside, reseller_3, tried

WRITING = pytest.mark.parametrize(
    "action", [item for item in CATALOGUE.actions if item.writes], ids=lambda action: action.path
)
_MOST_INPUTS = 60
_ELSEWHERE = ("cancelJob", "open_link")
"""Actions that need what is not here: test_preview.py has it."""


@WRITING
def test_it_says_what_the_call_then_does_and_tells_a_change_exactly_when_there_is_one(
    state: Path, action: Action, cheap_passwords: None
) -> None:
    driver = Recording()
    world = open_world(state, [driver], config(max_accounts=9))
    world.reseller("taken@example.com")
    furnish(world)
    some, made = tried(action), example(action.input)
    assert isinstance(made, dict)
    calls = [(raw, inside(action, at)) for at, raw in enumerate([*some, made])]
    if len(calls) > _MOST_INPUTS:
        calls = calls[:: len(calls) // _MOST_INPUTS + 1]
    full, own = reseller_3(world), None
    if full and action.scope in RESELLER:
        calls.append((some[0], full))
    if action.controller.startswith("/siteworx/") and (own := own_user(world)):
        calls.append((some[0], Credentials(session=own, address="192.0.2.9")))
    succeeded = 0
    for raw, by in calls:
        one = foretold(world, Asked(action, raw, by, "pages", "the-request"), driver)
        told_difference(one)
        if one.real.error is None:
            succeeded += 1
            world.clock.forward(400)
            world.sweep()
            furnish(world)
    world.panel.close()
    assert succeeded or {action.name, action.run.__name__} & {*_ELSEWHERE}
