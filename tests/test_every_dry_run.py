"""Every changing action: its dry run says what the call then does, tells a change exactly when there is one,
and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from iwapi.action import Action
from iwapi.asked import Asked, Credentials
from iwapi.core.permissions import RESELLER
from iwapi.kinds import Raw
from iwapi.provision.recording import Recording
from tests.dryruns import foretold, told_difference
from tests.helpers import World, config, open_world
from tests.sitenames import own_user
from tests.test_every_action import CATALOGUE, example, furnish, inside, reseller_3, tried

WRITING = pytest.mark.parametrize(
    "action", [item for item in CATALOGUE.actions if item.writes], ids=lambda action: action.path
)
_MOST_INPUTS, _SOME_INPUTS = 60, 12
_ELSEWHERE = ("approveTerminations", "cancelJob", "open_link")
"""Actions that need what is not here: test_preview.py has it."""


def close_one(world: World) -> int:
    """The id of an account that is closed."""
    account: int = world.open("closed.test", uniqname="closed").siteworx_id
    world.call("deleteSiteWorxAccount", {"domain": "closed.test"})
    return account


@WRITING
def test_it_says_what_the_call_then_does_and_tells_a_change_exactly_when_there_is_one(
    state: Path, action: Action, cheap_passwords: None
) -> None:
    assert walk(state, action, _MOST_INPUTS) or {action.name, action.run.__name__} & {*_ELSEWHERE}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "store", [pytest.param("postgres", marks=pytest.mark.needs("postgres"))], indirect=True
)
@WRITING
def test_it_does_so_on_postgresql(store: str, state: Path, action: Action, cheap_passwords: None) -> None:
    walk(state, action, _SOME_INPUTS)


def walk(state: Path, action: Action, most: int) -> int:
    """Foretell and make calls with inputs good and bad by several callers; how many succeeded."""
    driver = Recording()
    world = open_world(state, [driver], config(max_accounts=9))
    world.reseller("taken@example.com")
    furnish(world)
    some, made = tried(action), example(action.input)
    assert isinstance(made, dict)
    raws: list[dict[str, Raw]] = [*some, made, {"siteworx_id": str(close_one(world))}]
    calls = [(raw, inside(action, at)) for at, raw in enumerate(raws)]
    if len(calls) > most:
        calls = [*calls[:: len(calls) // most + 1], calls[-1]]
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
    return succeeded
