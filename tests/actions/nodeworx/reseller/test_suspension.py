"""A reseller is suspended with all of its accounts, and who was suspended before stays so."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.errors import NotAuthenticated, NotPermitted, ResellerNotFound
from iwapi.provision.recording import Recording
from tests.helpers import World, opening, selling
from tests.routing import by_key, payload, refusal

CTRL = "/nodeworx/reseller"


pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


@pytest.fixture
def by(world: World) -> Credentials:
    """A reseller with accounts that are served, suspended by it, by the master; and one of the master."""
    by = world.reseller()
    for domain in ("served.test", "unpaid.test", "abused.test"):
        world.open(domain, by)
    world.call("suspendSiteWorxAccount", {"domain": "unpaid.test", "message": "unpaid"}, by)
    world.call("suspendSiteWorxAccount", {"domain": "abused.test", "reason": "abuse", "message": "spam"})
    world.open("master.test")
    return by


def suspend(world: World, **raw: str) -> Any:
    return world.call("suspendReseller", {"reseller_id": "2", **raw})


def unsuspend(world: World) -> Any:
    return world.call("unsuspendReseller", {"reseller_id": "2"})


def accounts(world: World) -> dict[str, tuple[tuple[str, ...], str]]:
    """The reasons and the message of each; its status, as served, follows from the reasons."""
    found = {}
    for row in world.call("listSiteWorxAccounts").accounts:
        account = world.call("getSiteWorxAccount", {"domain": row.master_domain})
        assert (account.status == "active") == (not account.remaining_reasons)
        found[row.master_domain] = account.remaining_reasons, account.inactive_msg
    return found


BEFORE = {
    "served.test": ((), ""), "unpaid.test": (("billing",), "unpaid"), "abused.test": (("abuse",), "spam"),
    "master.test": ((), ""),
}  # fmt: skip
DURING = {
    "served.test": (("reseller",), ""), "unpaid.test": (("billing", "reseller"), "unpaid"),
    "abused.test": (("abuse", "reseller"), "spam"), "master.test": ((), ""),
}  # fmt: skip


@pytest.mark.parametrize("how", ["typed", "edit", "route"])
def test_all_of_its_accounts_go_with_it_and_who_was_suspended_before_stays_so(
    world: World, by: Credentials, driver: Recording, how: str
) -> None:
    def change(status: str) -> None:
        if how == "route":
            payload(world, by_key(world), f"{CTRL}/edit", reseller_id="2", status=status)
        elif how == "edit":
            world.call("editReseller", {"reseller_id": "2", "status": status})
        else:
            assert (unsuspend(world) if status == "active" else suspend(world)).status == status

    assert accounts(world) == BEFORE
    for _ in range(2):
        for _ in range(2):
            change("inactive")
            assert accounts(world) == DURING
        assert {want.domain: want.state for want in driver.has.values()} == {
            "served.test": "inactive", "unpaid.test": "inactive", "abused.test": "inactive",
            "master.test": "active",
        }  # fmt: skip
        for _ in range(2):
            change("active")
            assert accounts(world) == BEFORE
        assert [want.domain for want in driver.has.values() if want.state == "active"] == [
            "served.test", "master.test",
        ]  # fmt: skip


def test_its_message_is_told_to_it_and_to_its_accounts(world: World, by: Credentials) -> None:
    assert suspend(world, message="unpaid invoice").inactive_msg == "unpaid invoice"
    assert accounts(world)["served.test"] == (("reseller",), "unpaid invoice")
    versions = world.rows("select id, generation from account order by id")
    assert suspend(world, message="unpaid invoice").inactive_msg == "unpaid invoice"
    world.call("editReseller", {"reseller_id": "2", "status": "inactive"})  # as it is
    assert world.rows("select id, generation from account order by id") == versions
    assert suspend(world, message="still unpaid").inactive_msg == "still unpaid"
    assert accounts(world)["served.test"] == (("reseller",), "still unpaid")
    assert accounts(world)["unpaid.test"] == (("billing", "reseller"), "unpaid")
    assert unsuspend(world).inactive_msg == ""
    assert accounts(world) == BEFORE


def test_it_cannot_log_in_call_or_create_until_that_is_lifted(world: World, by: Credentials) -> None:
    session = Credentials(session=world.call("/nodeworx/index/getSession", by=by).token, address="192.0.2.9")
    suspend(world)
    new = opening("new.test")
    for refused in (by, session):
        assert type(world.refused("createSiteWorxAccount", new, refused)) is NotAuthenticated
    unsuspend(world)
    assert type(world.refused("ping", by=session)) is NotAuthenticated  # it ended
    assert world.call("createSiteWorxAccount", new, by).status == "active"


def test_a_call_of_its_own_that_waited_meanwhile_is_refused(world: World, by: Credentials) -> None:
    """Who may is looked at once more in the transaction: no account of a suspended reseller is served."""
    asked = [world.asked("suspendReseller", {"reseller_id": "2"}, dataclasses.replace(by, apikey=None,
             local="tester"), "cli")]  # fmt: skip
    for number in range(30):
        raw = opening(f"shop{number}.test", uniqname=f"shop{number}")
        asked.insert(number % 7, world.asked("createSiteWorxAccount", raw, by, "soap"))
    world.outcomes(*asked)
    living = world.rows("select reasons from account where owner = 2")
    assert {"reseller" in reasons.split() for (reasons,) in living} == {True}
    unsuspend(world)
    assert world.value("select count(*) from suspension where reason = 'reseller'") == 0


def test_nobody_lifts_the_reason_reseller_but_with_the_reseller(world: World, by: Credentials) -> None:
    suspend(world)
    for name, raw in (
        ("unsuspendSiteWorxAccount", {"domain": "unpaid.test"}),
        ("editSiteWorxAccount", {"domain": "unpaid.test", "status": "1"}),
    ):
        account = world.call(name, raw)
        assert (account.status, account.remaining_reasons) == ("inactive", ("reseller",))
    told = refusal(world, by_key(world), "/nodeworx/siteworx/unsuspend", domain="unpaid.test")
    assert told[1:] == ["Account unpaid.test remains suspended: reseller."]
    unsuspend(world)
    assert accounts(world)["unpaid.test"] == ((), "")


def test_what_begins_and_ends_meanwhile_holds(world: World, by: Credentials) -> None:
    suspend(world)
    world.call("suspendSiteWorxAccount", {"domain": "served.test", "reason": "quota"})
    world.call("unsuspendSiteWorxAccount", {"domain": "abused.test", "reason": "abuse"})
    unsuspend(world)
    assert accounts(world) == {
        **BEFORE, "served.test": (("quota",), ""), "abused.test": ((), ""),
    }  # fmt: skip


@pytest.mark.parametrize("when", ["suspended while closed", "unsuspended while closed", "not touched"])
def test_an_account_that_is_restored_has_the_reasons_of_now(world: World, by: Credentials, when: str) -> None:
    which = {"domain": "abused.test"}
    if when != "suspended while closed":
        suspend(world, message="gone")
    world.call("deleteSiteWorxAccount", which)
    if when == "suspended while closed":
        suspend(world, message="gone")
    elif when == "unsuspended while closed":
        unsuspend(world)
    world.call("restoreSiteWorxAccount", which)
    reasons = ("abuse",) if when == "unsuspended while closed" else ("abuse", "reseller")
    assert accounts(world)["abused.test"] == (reasons, "spam")


def test_a_new_reseller_may_be_suspended_from_its_first_moment(world: World) -> None:
    made = world.call("createReseller", selling("late@example.com", status="inactive"))
    assert made.status == "inactive"
    assert world.call("unsuspendReseller", {"reseller_id": str(made.reseller_id)}).status == "active"


def test_a_service_that_fails_is_called_again_and_the_call_says_that_it_goes_on(
    world: World, by: Credentials, driver: Recording
) -> None:
    driver.fail(1)
    error = world.refused("suspendReseller", {"reseller_id": "2"})
    assert error.code == "PENDING"
    assert accounts(world) == DURING  # which the host reads
    world.clock.forward(60)
    world.sweep()
    assert {want.state for want in driver.has.values() if want.domain != "master.test"} == {"inactive"}
    assert world.rows("select * from job where finished is null") == []


def test_both_need_their_scope_and_are_not_a_reseller_s(world: World, by: Credentials) -> None:
    for name in ("unsuspendReseller", "suspendReseller"):
        for caller in (by, world.scoped_key("resellers:edit", "accounts:suspend", "accounts:restrict")):
            assert type(world.refused(name, {"reseller_id": "2"}, caller)) is NotPermitted
        for nobody in ("1", "99"):
            assert type(world.refused(name, {"reseller_id": nobody})) is ResellerNotFound
        world.call(name, {"reseller_id": "2"}, world.scoped_key("resellers:suspend"))
