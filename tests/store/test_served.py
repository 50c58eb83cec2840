"""What services that read the store are shown: accounts that are built and living, as they are wanted now."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.provision.recording import Recording
from iwapi.store import served
from iwapi.store.served import ServedSite, ServedZone
from tests.helpers import IPV6, SHARED, World

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def cheap(cheap_passwords: None) -> None:
    """No test here is about passwords."""


def site(world: World, host: str = "example.com") -> ServedSite | None:
    with world.panel.database.snapshot() as tx:
        return served.site(tx, host)


def zone(world: World, *names: str) -> ServedZone | None:
    with world.panel.database.snapshot() as tx:
        found = served.zone(tx, names or ("example.com",), "example.com", "A")
    return found[0] if found is not None else None


def add_domain(world: World, kind: str, name: str, **columns: Any) -> None:
    values = {"account_id": 1, "kind": kind, "name": name, "reversed": name, "created": 0, **columns}
    sql = f"insert into domain ({', '.join(values)}) values ({', '.join('?' for _ in values)})"
    world.panel.database.change(lambda tx: tx.run(sql, *values.values()))


def test_an_account_is_served_from_its_building_to_its_closing(world: World) -> None:
    opened = world.open()
    assert site(world) == ServedSite(opened.siteworx_id, True, "example.com/html")
    found = zone(world)
    assert found is not None
    assert (found.name, found.ipv4, found.ipv6) == ("example.com", SHARED, IPV6)
    world.call("suspendSiteWorxAccount", {"domain": "example.com"})
    suspended = zone(world)
    assert suspended is not None
    assert suspended.serial > found.serial
    assert site(world) == ServedSite(opened.siteworx_id, False, "example.com/html")
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert (site(world), zone(world)) == (None, None)
    assert (site(world, "nowhere.test"), zone(world, "nowhere.test")) == (None, None)


def test_an_account_that_was_never_built_is_not_served(world: World, driver: Recording) -> None:
    driver.fail(2)
    world.outcome("createSiteWorxAccount", {
        "master_domain": "example.com", "email": "a@b.test", "password": "Correct-horse7", "OPT_STORAGE": "1",
        "OPT_BANDWIDTH": "1",
    })  # fmt: skip
    assert world.rows("select state, applied from account") == [("active", 0)]
    add_domain(world, "slave", "b.test", folder="b.test/html")
    assert (site(world), site(world, "b.test"), zone(world)) == (None, None, None)
    world.clock.forward(2)
    world.sweep()
    assert site(world)
    assert site(world, "b.test")
    assert zone(world)


def test_a_suspension_counts_from_its_own_commit_not_from_what_services_made_of_it(
    world: World, driver: Recording
) -> None:
    world.open()
    driver.fail(1)
    world.outcome("suspendSiteWorxAccount", {"domain": "example.com"})
    found = site(world)
    assert found is not None
    assert found.active is False


def test_further_names_have_their_folder_or_another_domain_s_or_a_redirection(world: World) -> None:
    world.open()
    add_domain(world, "sub", "blog.example.com", folder="example.com/html/blog")
    add_domain(world, "slave", "b.test", folder="b.test/html")
    for redir_type in ("redirect_301", "redirect_302", "server_alias"):
        add_domain(world, "pointer", f"{redir_type}.test", redir_type=redir_type, points_to="b.test")
    assert site(world, "blog.example.com") == ServedSite(1, True, "example.com/html/blog")
    assert site(world, "b.test") == ServedSite(1, True, "b.test/html")
    assert site(world, "redirect_301.test") == ServedSite(1, True, "", "redirect_301", "b.test")
    assert site(world, "redirect_302.test") == ServedSite(1, True, "", "redirect_302", "b.test")
    assert site(world, "server_alias.test") == ServedSite(1, True, "b.test/html")
    world.call("suspendSiteWorxAccount", {"domain": "example.com"})
    for name in ("blog.example.com", "b.test", "redirect_301.test", "server_alias.test"):
        found = site(world, name)
        assert found is not None
        assert found.active is False
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert site(world, "blog.example.com") is None


def test_a_zone_of_a_closed_account_does_not_hide_the_one_that_lives(world: World) -> None:
    for _ in range(3):
        world.open()
        world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    reopened = world.open()
    found = zone(world)
    assert found is not None
    assert world.value("select account_id from zone where id = ?", found.zone_id) == reopened.siteworx_id
    assert world.value("select count(*) from zone where name = 'example.com'") == 4


def test_the_longest_of_the_names_that_have_zones_is_found(world: World) -> None:
    world.open()
    world.open("sub.example.com")
    found = zone(world, "a.sub.example.com", "sub.example.com", "example.com", "com")
    assert found is not None
    assert found.name == "sub.example.com"


def test_every_lookup_goes_by_an_index(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What strangers ask must not cost more where there are more accounts or records."""
    world.open()
    asked: list[tuple[str, tuple[object, ...]]] = []

    class Watching:
        def one(self, sql: str, *values: object) -> None:
            asked.append((sql, values))

        def all(self, sql: str, *values: object) -> list[Any]:
            asked.append((sql, values))
            return []

    tx: Any = Watching()
    served.site(tx, "a.test")
    served.zone(tx, ["a.test", "test"], "a.test", "A")
    served.records(tx, 1, "a.test")
    served.addresses(tx, 1, ["a.test", "b.test"], 9)
    served.neighbours(tx, 1, "a.test")
    assert len(asked) == 6
    for sql, values in asked:
        told = world.plan(sql, *values)
        assert "SCAN" not in told.replace("SCAN one_", ""), (sql, told)  # those are of one row
        assert "SEARCH" in told
