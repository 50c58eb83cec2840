"""The limits that the accounts of a reseller share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.core import limits
from iwapi.core.resellers import given_name
from iwapi.errors import ApiError, InvalidInput, LimitReached, ProvisioningFailed
from iwapi.kinds import UNLIMITED, Raw
from iwapi.provision.recording import Recording
from iwapi.store.shares import adrift
from tests.helpers import World, opening, selling
from tests.routing import key_of, route

SMALL = {"OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def reseller(world: World, email: str = "reseller@example.com", **raw: Raw) -> tuple[str, Credentials]:
    """Its id and its key; it may have 10 MB, 10 GB and 3 accounts."""
    made = world.call("createReseller", selling(email, RSL_OPT_SITEWORX_ACCOUNTS="3") | raw)
    key = world.call("generateApiKey", {"nodeworx_id": str(made.reseller_id)}).apikey
    return str(made.reseller_id), Credentials(apikey=key, address="198.51.100.7")


def given(world: World, reseller_id: str) -> dict[str, int]:
    """The sums that are not 0, by option."""
    now = world.call("getReseller", {"reseller_id": reseller_id})
    sums = {name: getattr(now, given_name(name)) for name in limits.ACCOUNT.numbers}
    return {name: value for name, value in sums.items() if value}


def told(error: ApiError) -> list[tuple[str, str, str]]:
    return [(problem.field, problem.value, problem.allowed) for problem in error.problems]


def refused(world: World, by: Credentials, domain: str = "b.test", **raw: str) -> ApiError:
    return world.refused("createSiteWorxAccount", opening(domain, **{**SMALL, **raw}), by)


def package(world: World, by: Credentials, name: str, **raw: str) -> None:
    world.call("createPackage", {"package_name": name, **SMALL, **raw}, by)


def test_what_accounts_are_given_is_added_up_and_taken_back(world: World) -> None:
    which, by = reseller(world, RSL_OPT_EMAIL_BOXES="9")
    package(world, by, "basic", OPT_STORAGE="3", OPT_EMAIL_BOXES="2")
    world.open("a.test", by, **SMALL, OPT_EMAIL_BOXES="4")
    world.call(
        "createSiteWorxAccount",
        {"master_domain": "b.test", "email": "me@example.com", "password": "Correct-horse7",
         "packagetemplate": "basic", "OPT_BANDWIDTH": "2"},
        by,
    )  # fmt: skip
    assert given(world, which) == {"OPT_STORAGE": 4, "OPT_BANDWIDTH": 3, "OPT_EMAIL_BOXES": 6}
    world.call("editSiteWorxAccount", {"domain": "a.test", "OPT_STORAGE": "5", "nickname": "A"}, by)
    assert given(world, which) == {"OPT_STORAGE": 8, "OPT_BANDWIDTH": 3, "OPT_EMAIL_BOXES": 6}
    world.call("changeSiteWorxPackage", {"domain": "a.test", "packagetemplate": "basic"}, by)
    assert given(world, which) == {"OPT_STORAGE": 6, "OPT_BANDWIDTH": 3, "OPT_EMAIL_BOXES": 4}
    world.call("suspendSiteWorxAccount", {"domain": "a.test"}, by)
    assert given(world, which) == {"OPT_STORAGE": 6, "OPT_BANDWIDTH": 3, "OPT_EMAIL_BOXES": 4}
    for _ in range(2):  # a repeat takes nothing back twice
        world.call("deleteSiteWorxAccount", {"domain": "a.test"}, by)
    assert given(world, which) == {"OPT_STORAGE": 3, "OPT_BANDWIDTH": 2, "OPT_EMAIL_BOXES": 2}
    world.clock.forward(365 * 86400)
    world.sweep()  # purges the first
    assert given(world, which) == {"OPT_STORAGE": 3, "OPT_BANDWIDTH": 2, "OPT_EMAIL_BOXES": 2}
    assert world.call("getReseller", {"reseller_id": which}).accounts == 1


def test_an_account_that_is_undone_takes_nothing(world: World, driver: Recording) -> None:
    which, by = reseller(world)
    driver.fail(1)
    assert type(refused(world, by)) is ProvisioningFailed
    assert given(world, which) == {}
    assert world.call("getReseller", {"reseller_id": which}).accounts == 0


def test_a_new_account_gets_no_more_than_is_left(world: World) -> None:
    which, by = reseller(world, RSL_OPT_FTP_ACCOUNTS="2")
    world.open("a.test", by, OPT_STORAGE="7", OPT_BANDWIDTH="10", OPT_FTP_ACCOUNTS="1")
    error = refused(world, by, OPT_STORAGE="4", OPT_FTP_ACCOUNTS="2", OPT_SUBDOMAINS="1")
    assert type(error) is LimitReached
    assert told(error) == [
        ("OPT_STORAGE", "4", "up to 3"), ("OPT_BANDWIDTH", "1", "up to 0"),
        ("OPT_FTP_ACCOUNTS", "2", "up to 1"), ("OPT_SUBDOMAINS", "1", "up to 0"),
    ]  # fmt: skip
    assert world.rows("select * from account where domain = 'b.test'") == []
    world.call("editReseller", {"reseller_id": which, "RSL_OPT_BANDWIDTH": "11"})
    world.open("b.test", by, OPT_STORAGE="3", OPT_BANDWIDTH="1", OPT_FTP_ACCOUNTS="1")


def test_a_package_that_is_too_big_is_named_with_what_is_left(world: World) -> None:
    _, by = reseller(world)
    package(world, by, "huge", OPT_STORAGE="11", OPT_EMAIL_BOXES="1")  # bigger than its owner: it is kept
    raw: dict[str, Raw] = {
        "master_domain": "a.test", "email": "me@example.com", "password": "Correct-horse7",
    }  # fmt: skip
    error = world.refused("createSiteWorxAccount", {**raw, "packagetemplate": "huge"}, by)
    assert type(error) is LimitReached
    assert told(error) == [
        ("packagetemplate", "huge", "OPT_STORAGE up to 10, the package has 11"),
        ("packagetemplate", "huge", "OPT_EMAIL_BOXES up to 0, the package has 1"),
    ]
    beside = {"packagetemplate": "huge", "OPT_STORAGE": "10", "OPT_EMAIL_BOXES": "0"}
    world.call("createSiteWorxAccount", {**raw, **beside}, by)
    status, text = route(
        world, key_of(by), "/nodeworx/siteworx/edit", domain="a.test", package_template="huge"
    )
    assert status == 11
    assert "package_template: huge This is more than its reseller has left (OPT_STORAGE up to 10" in text
    change = {"domain": "a.test", "packagetemplate": "huge"}
    assert type(world.refused("changeSiteWorxPackage", change, by)) is LimitReached


def test_the_number_of_accounts_is_bounded(world: World) -> None:
    which, by = reseller(world, RSL_OPT_SITEWORX_ACCOUNTS="1")
    world.open("a.test", by, **SMALL)
    error = refused(world, by)
    assert type(error) is LimitReached
    assert told(error) == [("RSL_OPT_SITEWORX_ACCOUNTS", "", "0 more")]
    world.call("deleteSiteWorxAccount", {"domain": "a.test"}, by)
    world.open("b.test", by, **SMALL)
    world.call("editReseller", {"reseller_id": which, "RSL_OPT_SITEWORX_ACCOUNTS": str(UNLIMITED)})
    world.open("c.test", by, **SMALL)


def test_limits_that_are_reached_are_named_beside_all_else_that_is_wrong(world: World) -> None:
    _, by = reseller(world)
    error = refused(world, by, OPT_STORAGE="11", OPT_BANDWIDTH="x", packagetemplate="none")
    assert type(error) is InvalidInput
    assert [(problem.field, problem.code) for problem in error.problems] == [
        ("OPT_BANDWIDTH", "INVALID_INPUT"), ("packagetemplate", "PACKAGE_NOT_FOUND"),
        ("OPT_STORAGE", "LIMIT_REACHED"),
    ]  # fmt: skip


def test_a_package_is_not_blamed_for_an_option_that_is_named_beside_it(world: World) -> None:
    _, by = reseller(world)
    package(world, by, "huge", OPT_STORAGE="11")
    error = refused(world, by, packagetemplate="huge", OPT_STORAGE="x")
    assert [problem.field for problem in error.problems] == ["OPT_STORAGE"]


def test_what_does_not_grow_is_not_checked(world: World) -> None:
    which, by = reseller(world)
    world.open("a.test", by, OPT_STORAGE="10", OPT_BANDWIDTH="10")
    world.call("editReseller", {"reseller_id": which, "RSL_OPT_STORAGE": "1", "RSL_OPT_BANDWIDTH": "1"})
    same = {"domain": "a.test", "OPT_STORAGE": "10", "OPT_BANDWIDTH": "9", "email": "new@example.com"}
    assert world.call("editSiteWorxAccount", same, by).OPT_BANDWIDTH == 9
    grown = {"domain": "a.test", "OPT_BANDWIDTH": "10"}
    assert told(world.refused("editSiteWorxAccount", grown, by)) == [("OPT_BANDWIDTH", "10", "up to 1")]


def test_the_master_too_gives_a_reseller_s_account_no_more_than_the_reseller_has(world: World) -> None:
    _, by = reseller(world)
    world.open("a.test", by, **SMALL)
    grown = {"domain": "a.test", "OPT_STORAGE": "11"}
    assert told(world.refused("editSiteWorxAccount", grown)) == [("OPT_STORAGE", "11", "up to 10")]
    world.open("master.test", OPT_STORAGE="5000", OPT_BANDWIDTH=str(UNLIMITED))  # the master's own


def test_flags_are_free(world: World) -> None:
    _, by = reseller(world)
    assert world.open("a.test", by, **SMALL, OPT_SSL="1", OPT_BACKUP="1").OPT_SSL is True


@pytest.mark.parametrize("oversold", ["OPT_STORAGE", "OPT_BANDWIDTH"])
def test_overselling_lifts_the_sum_of_that_option_alone(world: World, oversold: str) -> None:
    which, by = reseller(world, **{oversold.replace("OPT_", "RSL_OPT_OVERSELL_"): "1"})
    world.open("a.test", by, **{**SMALL, oversold: "10"})
    world.open("b.test", by, **{**SMALL, oversold: "10"})
    assert given(world, which)[oversold] == 20
    assert told(refused(world, by, "c.test", **{oversold: "11"})) == [(oversold, "11", "up to 10")]
    unlimited = refused(world, by, "c.test", **{oversold: str(UNLIMITED)})
    assert told(unlimited) == [(oversold, str(UNLIMITED), "up to 10")]
    other = {"OPT_STORAGE": "OPT_BANDWIDTH", "OPT_BANDWIDTH": "OPT_STORAGE"}[oversold]
    assert told(refused(world, by, "c.test", **{other: "9"})) == [(other, "9", "up to 8")]


def test_an_unlimited_reseller_gives_without_end(world: World) -> None:
    which, by = reseller(world, RSL_OPT_STORAGE=str(UNLIMITED))
    for domain in ("a.test", "b.test"):
        world.open(domain, by, OPT_STORAGE=str(UNLIMITED), OPT_BANDWIDTH="1")
    assert given(world, which)["OPT_STORAGE"] == UNLIMITED  # as much or more
    world.call("editReseller", {"reseller_id": which, "RSL_OPT_STORAGE": "100"})
    assert told(refused(world, by, "c.test")) == [("OPT_STORAGE", "1", "up to 0")]
    for domain in ("a.test", "b.test"):
        world.call("editSiteWorxAccount", {"domain": domain, "OPT_STORAGE": "50"}, by)
    assert given(world, which)["OPT_STORAGE"] == 100


def test_a_package_s_later_edit_leaves_accounts_and_sums_as_they_are(world: World) -> None:
    which, by = reseller(world)
    package(world, by, "basic", OPT_STORAGE="2")
    raw = {"master_domain": "a.test", "email": "me@example.com", "password": "Correct-horse7"}
    world.call("createSiteWorxAccount", {**raw, "packagetemplate": "basic"}, by)
    world.call("editPackage", {"package_name": "basic", "OPT_STORAGE": "99"}, by)
    assert given(world, which) == {"OPT_STORAGE": 2, "OPT_BANDWIDTH": 1}


def numbered(world: World, by: Credentials, number: int, **raw: str) -> Any:
    inputs: Mapping[str, Raw] = opening(f"shop{number}.test", uniqname=f"shop{number}", **{**SMALL, **raw})
    return world.asked("createSiteWorxAccount", inputs, by, "soap")


@pytest.mark.parametrize(
    ("limit", "raw"), [("RSL_OPT_SITEWORX_ACCOUNTS", {}), ("RSL_OPT_STORAGE", {"OPT_STORAGE": "5"})]
)
def test_of_fifty_at_once_one_gets_the_last_place(world: World, limit: str, raw: dict[str, str]) -> None:
    which, by = reseller(world, **{"RSL_OPT_SITEWORX_ACCOUNTS": "99", limit: "7"})
    if limit == "RSL_OPT_STORAGE":
        world.open("first.test", by, OPT_STORAGE="2", OPT_BANDWIDTH="1")
    else:
        world.call("editReseller", {"reseller_id": which, limit: "1"})
    outcomes = world.outcomes(*[numbered(world, by, number, **raw) for number in range(50)])
    errors = [type(outcome.error) for outcome in outcomes if outcome.error]
    assert errors == [LimitReached] * 49
    now = world.call("getReseller", {"reseller_id": which})
    assert now.accounts == world.value("select count(*) from account where owner = ?", int(which))
    assert now.given_storage == (7 if limit == "RSL_OPT_STORAGE" else 1)


@pytest.mark.parametrize("oversold", ["OPT_STORAGE", "OPT_BANDWIDTH"])
def test_when_overselling_ends_what_was_given_stays_and_nothing_grows(world: World, oversold: str) -> None:
    flag = oversold.replace("OPT_", "RSL_OPT_OVERSELL_")
    which, by = reseller(world, **{flag: "1"})
    for domain in ("a.test", "b.test"):
        world.open(domain, by, **{**SMALL, oversold: "8"})
    world.call("editReseller", {"reseller_id": which, flag: "0"})
    assert given(world, which)[oversold] == 16
    assert told(refused(world, by, "c.test")) == [(oversold, "1", "up to 0")]
    grown = {"domain": "a.test", oversold: "9"}
    assert told(world.refused("editSiteWorxAccount", grown, by)) == [(oversold, "9", "up to 2")]
    assert getattr(world.call("editSiteWorxAccount", {"domain": "a.test", oversold: "2"}, by), oversold) == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("oversell", ["0", "1"])
def test_of_many_who_grow_at_once_as_many_do_as_there_is_room_for(world: World, oversell: str) -> None:
    """Where it oversells too: each may then have the whole, and no more."""
    which, by = reseller(world, RSL_OPT_STORAGE="12", RSL_OPT_OVERSELL_STORAGE=oversell,
                         RSL_OPT_SITEWORX_ACCOUNTS="99", RSL_OPT_BANDWIDTH="99")  # fmt: skip
    for number in range(10):
        world.outcomes(numbered(world, by, number))
    grown = [
        world.asked("editSiteWorxAccount", {"domain": f"shop{number}.test", "OPT_STORAGE": size}, by, "soap")
        for number in range(10) for size in ("2", "13")
    ]  # fmt: skip
    errors = [outcome.error for outcome in world.outcomes(*grown)]
    assert {type(error) for error in errors[1::2]} == {LimitReached}  # 13 are more than there are at all
    grew = sum(error is None for error in errors[::2])
    assert grew == (2 if oversell == "0" else 10)
    assert given(world, which)["OPT_STORAGE"] == 10 + grew
    with world.panel.database.snapshot() as tx:
        assert adrift(tx) == ()
