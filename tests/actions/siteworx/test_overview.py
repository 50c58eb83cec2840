"""The account that a call acts inside, by whichever way in."""

from __future__ import annotations

from typing import Any

import pytest

import iwapi
from iwapi.actions._details import PROPERTIES
from iwapi.core.usage import MB
from iwapi.kinds import UNLIMITED
from tests.actions.nodeworx.siteworx.test_reports import used
from tests.helpers import World
from tests.routing import by_key, inside, payload, refusal, route, site_user

OVERVIEW = "/siteworx/overview/"


@pytest.fixture
def ways(world: World) -> list[Any]:
    """Ways into a.test: the administrator's key, its reseller's key, and its own log-in."""
    world.panel.dispatch.password_login = True
    reseller = world.reseller()
    world.open("a.test", reseller, OPT_STORAGE="100")
    world.open("b.test")
    used(world, "a.test", 33 * MB, 0)
    return [
        inside("a.test", world.key()), inside("WWW.A.test", reseller), site_user("me@example.com", "a.test"),
    ]  # fmt: skip


def test_every_way_in_leads_to_the_same_account(world: World, ways: list[Any]) -> None:
    for first in ways:
        assert payload(world, first, OVERVIEW + "listVersion") == {"version": iwapi.__version__}
        assert payload(world, first, OVERVIEW + "listMasterDomain") == "a.test"
        assert payload(world, first, OVERVIEW + "listWorkingDomain") == "a.test"
        assert payload(world, first, OVERVIEW + "listAvailableDiskSpace") == {
            "storage": 100, "storage_used": 33, "storage_free": 67,
        }  # fmt: skip
        details = payload(world, first, OVERVIEW + "listAccountDetails")
        assert list(details) == list(PROPERTIES)
        assert details == payload(
            world, ways[0], "/nodeworx/siteworx/querySiteworxAccountDetails", domain="a.test"
        )


def test_space_without_a_limit_stays_without_and_none_is_left_where_it_is_used_up(world: World) -> None:
    world.open("a.test", OPT_STORAGE=str(UNLIMITED))
    world.open("b.test", OPT_STORAGE="3")
    used(world, "a.test", 5 * MB, 0)
    used(world, "b.test", 5 * MB, 0)
    told = [
        payload(world, inside(domain, world.key()), OVERVIEW + "listAvailableDiskSpace")
        for domain in ("a.test", "b.test")
    ]
    assert told == [
        {"storage": UNLIMITED, "storage_used": 5, "storage_free": UNLIMITED},
        {"storage": 3, "storage_used": 5, "storage_free": 0},
    ]


def test_without_an_account_there_is_nothing_to_act_inside(world: World, ways: list[Any]) -> None:
    action = OVERVIEW + "listAccountDetails"
    assert refusal(world, by_key(world), action)[1].startswith("domain: (nothing) This input is required")
    for domain in ("nowhere.test", "b.test"):  # b.test is not the reseller's
        first = {**ways[1], "domain": domain}
        assert refusal(world, first, action)[1].startswith(f"domain: {domain} This is not a valid option")
    assert route(world, site_user("me@example.com", "nowhere.test"), action)[0] == 401


def test_the_account_s_own_log_in_reaches_that_account_and_nothing_of_the_server(
    world: World, ways: list[Any]
) -> None:
    own = ways[2]
    for path in ("/nodeworx/siteworx/listAccounts", "/nodeworx/packages/listPackages",
                 "/nodeworx/users/listWorkingUser", "/nodeworx/overview/listVersion"):  # fmt: skip
        (line,) = refusal(world, own, path)
        assert line.startswith("This key or user may not do this")
