"""Further names and zones of accounts, each owner seeing its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from iwapi.core.domains import Further
from iwapi.core.records import Data
from iwapi.provision.recording import Recording
from iwapi.store import wanted
from iwapi.store.domains import Domains
from iwapi.store.zones import Zones, place
from tests.helpers import World, opening

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def cheap(cheap_passwords: None) -> None:
    """No test here is about passwords."""


def done(world: World, work: Callable[[Any], Any]) -> Any:
    return world.panel.database.change(work)


SECOND = Further(1, "slave", "second.test", "second.test/html")
OLD = Further(1, "pointer", "old.test", "", "redirect_302", "second.test")
BLOG = Further(2, "sub", "blog.theirs.test", "theirs.test/html/blog")


@pytest.fixture
def two(world: World) -> World:
    """Account 1 of the master and account 2 of a reseller, with further names."""
    world.open()
    world.open("theirs.test", world.reseller())
    done(world, lambda tx: [Domains(tx, 1, True).add(one, 5) for one in (SECOND, OLD, BLOG)])
    return world


def test_an_owner_sees_the_names_of_its_own_accounts_and_the_master_all(two: World) -> None:
    def seen(tx: Any) -> None:
        master, reseller, other = Domains(tx, 1, True), Domains(tx, 2, False), Domains(tx, 1, False)
        assert master.all() == (OLD, SECOND, BLOG)
        assert (reseller.all(), other.all()) == ((BLOG,), (OLD, SECOND))
        assert master.of(1) == (OLD, SECOND)
        assert master.of(1, "slave") == (SECOND,)
        assert (reseller.of(1), reseller.one(1, "old.test"), master.one(1, "old.test")) == ((), None, OLD)
        assert [master.count(1, kind) for kind in ("sub", "pointer", "slave")] == [0, 1, 1]
        master.remove(OLD)
        assert master.of(1) == (SECOND,)

    done(two, seen)


def test_names_of_closed_accounts_are_nobody_s(two: World) -> None:
    two.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert done(two, lambda tx: Domains(tx, 1, True).all()) == (BLOG,)


def test_the_folders_of_an_account_s_names_are_wanted(two: World) -> None:
    want = done(two, lambda tx: wanted.want(tx, 1))
    assert want.folders == ("second.test/html",)
    assert done(two, lambda tx: wanted.raised(tx, 2, 0)).folders == ("theirs.test/html/blog",)


def test_an_account_that_is_taken_back_leaves_no_zone(world: World, driver: Recording) -> None:
    driver.fail(1)
    world.outcome("createSiteWorxAccount", opening())
    assert world.rows("select * from account") == world.rows("select * from zone") == []
    assert world.rows("select * from record") == []


def test_an_account_reaches_its_own_zones_and_records_only(two: World) -> None:
    def seen(tx: Any) -> None:
        mine, theirs = Zones(tx, 1), Zones(tx, 2)
        (zone,), (other,) = mine.list(), theirs.list()
        assert (zone.domain, other.domain) == ("example.com", "theirs.test")
        assert mine.by_id(other.zone_id) is mine.by_name("theirs.test") is None
        record = theirs.records(other.zone_id)[0]
        assert mine.record(record.record_id) is None
        assert mine.records(other.zone_id) == mine.beside(other.zone_id, "theirs.test") == ()
        mine.remove("theirs.test")
        assert theirs.record(record.record_id) == record

    done(two, seen)


def test_the_id_of_a_deleted_record_is_not_given_again(two: World) -> None:
    def write(tx: Any) -> None:
        zones = Zones(tx, 1)
        (zone,) = zones.list()
        first = zones.add(zone.zone_id, Data("a.example.com", "A", "192.0.2.9"))
        zones.delete([first])
        assert zones.add(zone.zone_id, Data("a.example.com", "A", "192.0.2.9")).record_id > first.record_id

    done(two, write)


def test_a_name_stands_directly_before_those_below_it() -> None:
    names = ["com", "a.com", "x.a.com", "*.x.a.com", "y.a.com", "a-b.com", "_a.com", "b.com"]
    in_order = sorted(names, key=place)
    for name in names:
        at = in_order.index(name)
        below = [other for other in names if other.endswith("." + name)]
        assert sorted(in_order[at + 1 : at + 1 + len(below)]) == sorted(below)
