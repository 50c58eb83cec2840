"""What services that read the store are shown: accounts that are built and living, as they are wanted now."""

from __future__ import annotations

from iwapi.provision.recording import Recording
from iwapi.store.served import Served, by_domain
from tests.helpers import IPV6, SHARED, World


def served(world: World, domain: str = "example.com") -> Served | None:
    with world.panel.database.snapshot() as tx:
        return by_domain(tx, domain)


def test_an_account_is_served_from_its_building_to_its_closing(world: World, cheap_passwords: None) -> None:
    opened = world.open()
    found = served(world)
    assert found is not None
    assert (found.account_id, found.domain, found.active) == (opened.siteworx_id, "example.com", True)
    assert (found.ipv4, found.ipv6) == (SHARED, IPV6)
    world.call("suspendSiteWorxAccount", {"domain": "example.com"})
    suspended = served(world)
    assert suspended is not None
    assert suspended.active is False
    assert suspended.serial > found.serial
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert served(world) is None
    assert served(world, "nowhere.test") is None


def test_an_account_that_was_never_built_is_not_served(
    world: World, driver: Recording, cheap_passwords: None
) -> None:
    driver.fail(2)
    world.outcome("createSiteWorxAccount", {
        "master_domain": "example.com", "email": "a@b.test", "password": "Correct-horse7", "OPT_STORAGE": "1",
        "OPT_BANDWIDTH": "1",
    })  # fmt: skip
    assert world.rows("select state, applied from account") == [("active", 0)]
    assert served(world) is None
    world.clock.forward(2)
    world.sweep()
    assert served(world) is not None


def test_a_suspension_counts_from_its_own_commit_not_from_what_services_made_of_it(
    world: World, driver: Recording, cheap_passwords: None
) -> None:
    world.open()
    driver.fail(1)
    world.outcome("suspendSiteWorxAccount", {"domain": "example.com"})
    found = served(world)
    assert found is not None
    assert found.active is False
