"""One account is named in one of three ways; guards say what it is expected to be."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.errors import AccountNotFound, ExternalIdTaken, GuardFailed, InvalidInput, PackageNotFound
from iwapi.kinds import Raw
from tests.helpers import World, opening

CHANGING: dict[str, dict[str, Raw]] = {
    "deleteSiteWorxAccount": {},
    "suspendSiteWorxAccount": {},
    "unsuspendSiteWorxAccount": {},
    "changeSiteWorxPackage": {"packagetemplate": "basic"},
    "changeSiteWorxPassword": {"password": "Another-horse8"},
    "editSiteWorxAccount": {"nickname": "N"},
}
EACH = pytest.mark.parametrize("name", CHANGING)


def state(world: World) -> list[tuple[Any, ...]]:
    return world.rows("select * from account order by id") + world.rows("select * from job order by id")


@pytest.fixture
def two(world: World) -> World:
    """Two accounts, example.com known as order-1, other.test as none; and a package."""
    world.call("createPackage", {"package_name": "basic", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"})
    world.open("example.com", external_id="order-1")
    world.open("other.test")
    return world


@EACH
@pytest.mark.parametrize("by", [{"domain": "example.com"}, {"siteworx_id": "1"}, {"external_id": "order-1"}])
def test_an_account_is_named_by_its_domain_its_id_or_its_external_id(
    two: World, name: str, by: dict[str, Raw]
) -> None:
    assert two.call(name, {**CHANGING[name], **by}).siteworx_id == 1
    assert two.value("select about from audit where action = ?", name) == "example.com"


@pytest.mark.parametrize("by", [{"domain": "example.com"}, {"siteworx_id": "1"}, {"external_id": "order-1"}])
def test_it_is_read_by_each_of_them_too(two: World, by: dict[str, Raw]) -> None:
    account = two.call("getSiteWorxAccount", by)
    assert (account.siteworx_id, account.external_id, account.version) == (1, "order-1", 1)


@EACH
def test_it_must_be_named_and_in_one_way_only(two: World, name: str) -> None:
    before = state(two)
    error = two.refused(name, CHANGING[name])
    assert type(error) is InvalidInput
    assert "domain: This input is required" in error.message
    error = two.refused(name, {**CHANGING[name], "domain": "example.com", "siteworx_id": "1"})
    assert [problem.field for problem in error.problems] == ["siteworx_id"]
    error = two.refused(name, {**CHANGING[name], "siteworx_id": "1", "external_id": "order-1"})
    assert [problem.field for problem in error.problems] == ["external_id"]
    assert state(two) == before


@EACH
@pytest.mark.parametrize("by", [{"domain": "no.test"}, {"siteworx_id": "99"}, {"external_id": "order-2"}])
def test_one_that_is_not_there_is_told_by_the_name_that_was_given(
    two: World, name: str, by: dict[str, Raw]
) -> None:
    error = two.refused(name, {**CHANGING[name], **by, "expect_version": "7"})
    assert type(error) is AccountNotFound
    assert [(problem.field, problem.value) for problem in error.problems] == [*by.items()]


@EACH
def test_a_guard_that_does_not_hold_stops_everything_and_tells_what_is(two: World, name: str) -> None:
    before = state(two)
    raw = {**CHANGING[name], "siteworx_id": "1", "expect_domain": "other.test", "expect_version": "2"}
    error = two.refused(name, raw)
    assert type(error) is GuardFailed
    assert [str(problem) for problem in error.problems] == [
        "expect_domain: other.test The account's main domain is example.com",
        "expect_version: 2 The account's version is 1",
    ]
    assert state(two) == before


@EACH
def test_guards_that_hold_let_it_happen(two: World, name: str) -> None:
    guards: dict[str, Raw] = {"expect_domain": "example.com", "expect_version": "1"}
    assert two.call(name, {**CHANGING[name], **guards, "external_id": "order-1"}).siteworx_id == 1


def test_a_guard_is_named_beside_what_else_is_wrong(two: World) -> None:
    raw: dict[str, Raw] = {"domain": "example.com", "packagetemplate": "gold", "expect_version": "9"}
    error = two.refused("changeSiteWorxPackage", raw)
    assert type(error) is InvalidInput
    assert {problem.code for problem in error.problems} == {PackageNotFound.code, GuardFailed.code}


@pytest.mark.parametrize("by", [{"domain": "example.com"}, {"siteworx_id": "1"}, {"external_id": "order-1"}])
def test_to_close_an_account_again_answers_the_same_however_it_is_named(
    two: World, by: dict[str, Raw]
) -> None:
    raw: dict[str, Raw] = {**by, "expect_version": "1", "expect_domain": "example.com"}
    assert two.call("deleteSiteWorxAccount", raw) == two.call("deleteSiteWorxAccount", raw)
    assert type(two.refused("deleteSiteWorxAccount", {**by, "expect_domain": "b.test"})) is GuardFailed


def test_an_external_id_is_one_account_s_among_those_of_its_owner(two: World) -> None:
    error = two.refused("createSiteWorxAccount", opening("c.test", external_id="order-1"))
    assert type(error) is ExternalIdTaken
    assert "external_id: order-1 The account example.com has this external id" in error.message
    error = two.refused("createSiteWorxAccount", opening("example.com", external_id="order-1"))
    assert {problem.code for problem in error.problems} == {"EXTERNAL_ID_TAKEN", "DOMAIN_TAKEN"}
    error = two.refused("editSiteWorxAccount", {"domain": "other.test", "new_external_id": "order-1"})
    assert type(error) is ExternalIdTaken


def test_an_account_gets_another_external_id(two: World) -> None:
    same = two.call("editSiteWorxAccount", {"external_id": "order-1", "new_external_id": "order-1"})
    assert same.external_id == "order-1"
    two.call("editSiteWorxAccount", {"external_id": "order-1", "new_external_id": "order-2"})
    assert two.call("getSiteWorxAccount", {"external_id": "order-2"}).master_domain == "example.com"
    two.call("editSiteWorxAccount", {"domain": "other.test", "new_external_id": "order-1"})
    assert two.call("getSiteWorxAccount", {"external_id": "order-1"}).master_domain == "other.test"


def test_the_external_id_of_a_closed_account_is_free(two: World) -> None:
    two.call("deleteSiteWorxAccount", {"external_id": "order-1"})
    two.open("new.test", external_id="order-1")
    assert two.call("getSiteWorxAccount", {"external_id": "order-1"}).master_domain == "new.test"
    assert two.call("deleteSiteWorxAccount", {"siteworx_id": "1"}).master_domain == "example.com"


def test_owners_may_use_the_same_external_id_and_each_finds_its_own(two: World) -> None:
    reseller = two.reseller()
    theirs = two.open("theirs.test", reseller, external_id="order-1")
    two.open("more.test", reseller, external_id="order-9")
    by: dict[str, Raw] = {"external_id": "order-1"}
    assert two.call("getSiteWorxAccount", by, reseller) == theirs
    assert two.call("getSiteWorxAccount", by).master_domain == "example.com"
    assert type(two.refused("getSiteWorxAccount", {"external_id": "order-9"})) is AccountNotFound
    for named in ({"siteworx_id": "1"}, {"siteworx_id": "2"}):
        assert type(two.refused("getSiteWorxAccount", named, reseller)) is AccountNotFound


def test_the_master_sets_one_that_is_unique_for_the_account_s_owner(two: World) -> None:
    reseller = two.reseller()
    two.open("a.test", reseller, external_id="a")
    two.open("b.test", reseller)
    set_ = {"domain": "b.test", "new_external_id": "order-1"}
    assert two.call("editSiteWorxAccount", set_).external_id == "order-1"
    error = two.refused("editSiteWorxAccount", {"domain": "b.test", "new_external_id": "a"})
    assert type(error) is ExternalIdTaken
