"""Names that are free or taken: of every kind, above and below, of one owner and of others, or at rest."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core.domains import Further
from iwapi.store.accounts import LIVING
from iwapi.store.domains import Domains
from iwapi.store.names import Names
from tests.helpers import World

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def cheap(cheap_passwords: None) -> None:
    """No test here is about passwords."""


MASTER, OTHER = 1, 2


@pytest.fixture
def held(world: World) -> World:
    """The master's example.com with a name of each kind, and another owner's other.test."""
    world.open()
    world.reseller()
    for kind, name in (("sub", "deep.blog.example.com"), ("slave", "second.test"), ("pointer", "old.test")):
        add(world, kind, name)
    return world


def add(world: World, kind: Any, name: str) -> None:
    def write(tx: Any) -> None:
        account = tx.value(f"select max(id) from account where {LIVING}")
        Domains(tx, MASTER, True).add(Further(account, kind, name), 0)

    world.panel.database.change(write)


def taken(
    world: World, domain: str, owner: int = MASTER, sub: bool = False, account_id: int | None = None
) -> bool:
    with world.panel.database.snapshot() as tx:
        names = Names(tx, owner, int(world.clock()), account_id)
        return names.subdomain_taken(domain) if sub else names.domain_taken(domain)


@pytest.mark.parametrize(
    ("domain", "by_owner", "by_other"),
    [
        ("example.com", True, True), ("second.test", True, True), ("old.test", True, True),
        ("deep.blog.example.com", True, True), ("free.test", False, False),
        ("shop.example.com", False, True), ("a.second.test", False, True), ("a.old.test", False, True),
        ("a.deep.blog.example.com", False, True),
        ("blog.example.com", True, True),  # its zone would hide the subdomain below it
        ("test", False, True), ("xsecond.test", False, False), ("second.test.example", False, False),
    ],
)  # fmt: skip
def test_every_name_of_an_account_is_taken_and_for_others_what_is_above_and_below(
    held: World, domain: str, by_owner: bool, by_other: bool
) -> None:
    assert (taken(held, domain), taken(held, domain, OTHER)) == (by_owner, by_other)


def test_a_subdomain_hides_nothing_so_one_below_it_is_no_hindrance(held: World) -> None:
    assert not taken(held, "blog.example.com", sub=True)
    assert taken(held, "deep.blog.example.com", sub=True)
    assert taken(held, "blog.example.com", OTHER, sub=True)


def test_names_of_a_closed_account_are_free_for_its_owner_and_rest_for_others(held: World) -> None:
    held.call("deleteSiteWorxAccount", {"domain": "example.com"})
    names = ("example.com", "second.test", "old.test", "deep.blog.example.com")
    assert [(taken(held, name), taken(held, name, OTHER)) for name in names] == [(False, True)] * 4
    held.clock.forward(31 * 86400)
    assert not any(taken(held, name, OTHER) for name in names)


def test_below_a_name_that_rests_for_another_owner_nothing_is_free(held: World) -> None:
    held.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert taken(held, "shop.example.com", OTHER)
    assert taken(held, "a.b.old.test", OTHER)
    assert not taken(held, "shop.example.com")
    held.clock.forward(31 * 86400)
    assert not taken(held, "shop.example.com", OTHER)


def test_above_a_name_that_rests_for_another_owner_nothing_is_free(held: World) -> None:
    held.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert taken(held, "blog.example.com", OTHER)  # deep.blog.example.com rests
    assert not taken(held, "blog.example.com")
    held.clock.forward(31 * 86400)
    assert not taken(held, "blog.example.com", OTHER)


def test_what_rests_is_free_for_its_owner_and_for_users_of_the_account_that_had_it(held: World) -> None:
    held.open("neighbour.test")
    neighbour = held.value("select id from account where domain = 'neighbour.test'")
    held.call("deleteSiteWorxAccount", {"domain": "example.com"})
    names = ("example.com", "second.test", "shop.old.test", "blog.example.com")
    for name in names:
        assert (taken(held, name), taken(held, name, account_id=neighbour)) == (False, True), name
    held.open()  # the same domain again: what the one before had rests for it
    again = held.value("select max(id) from account")
    for name in names[1:]:
        assert (taken(held, name, account_id=again), taken(held, name, account_id=neighbour)) == (False, True)


def test_to_users_of_an_account_the_owner_s_other_accounts_are_strangers(held: World) -> None:
    held.open("neighbour.test")
    held.open("zone.example.com")
    ids = {name: held.value(f"select id from account where domain = '{name}'")
           for name in ("example.com", "neighbour.test", "zone.example.com")}  # fmt: skip
    for name, free_for in (
        ("mail.example.com", {"example.com"}),
        ("a.second.test", {"example.com"}),
        ("a.zone.example.com", {"zone.example.com"}),  # the closest name above decides
        ("free.test", set(ids)),
    ):
        assert {who for who in ids if not taken(held, name, account_id=ids[who])} == free_for, name
    assert not taken(held, "mail.example.com")  # their owner is bound by neither


def test_a_zone_between_a_name_and_its_domain_is_found(held: World) -> None:
    held.open("zone.example.com")
    with held.panel.database.snapshot() as tx:
        names = Names(tx, MASTER, 0)
        assert names.zone_between("a.b.zone.example.com", "example.com") == "zone.example.com"
        assert names.zone_between("zone.example.com", "example.com") == "zone.example.com"
        assert names.zone_between("a.example.com", "example.com") is None
        assert names.zone_between("example.com", "example.com") is None
        assert names.zone_between("a.b.c.example.com", "example.com") is None


def test_two_living_accounts_cannot_hold_one_name_whatever_the_code_does(held: World) -> None:
    held.open("b.test")
    for table, columns, values in (
        ("zone", "account_id, name, place", "max(id), 'example.com', 'com example'"),
        ("domain", "account_id, kind, name, reversed, created", "max(id), 'slave', 'second.test', 'x', 0"),
    ):
        sql = f"insert into {table} ({columns}) select {values} from account"
        with pytest.raises(Exception, match=r"UNIQUE|unique"):
            held.panel.database.change(lambda tx, sql=sql: tx.run(sql))


def test_an_account_is_opened_where_no_name_is_and_refused_where_one_is(held: World) -> None:
    for name in ("second.test", "old.test", "deep.blog.example.com", "blog.example.com"):
        error = held.refused("createSiteWorxAccount", {**_opening(), "master_domain": name})
        assert error.code == "DOMAIN_TAKEN", name
    held.open("shop.example.com")


def _opening() -> dict[str, str]:
    return {"email": "a@b.test", "password": "Correct-horse7", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
