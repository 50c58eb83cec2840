"""Suspensions and their ends that wait for their time: seen, replaced, cancelled, and made exactly once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.errors import NotPermitted
from iwapi.provision.recording import Recording
from tests.helpers import LOCAL, START, World, open_world

DOMAIN = {"domain": "example.com"}
HOUR = 3600


pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def at(seconds: int) -> str:
    return datetime.fromtimestamp(START + seconds, UTC).isoformat()


def suspend(world: World, seconds: int, by: Credentials = LOCAL, **raw: str) -> Any:
    return world.call("suspendSiteWorxAccount", {**DOMAIN, "at": at(seconds), **raw}, by)


def lift(world: World, seconds: int, by: Credentials = LOCAL, **raw: str) -> Any:
    return world.call("unsuspendSiteWorxAccount", {**DOMAIN, "at": at(seconds), **raw}, by)


def later(world: World, seconds: int) -> Any:
    """The account, when the sweep came by that much later."""
    world.clock.forward(seconds)
    world.sweep()
    return world.call("getSiteWorxAccount", DOMAIN)


def jobs(world: World) -> list[tuple[str, str | None]]:
    """What was scheduled, and how it ended."""
    rows = world.rows("select wish, outcome from job where due is not null order by id")
    return [("{do} {reason}".format(**json.loads(wish)), outcome) for wish, outcome in rows]


def test_it_is_made_when_its_time_comes_and_changes_nothing_before(world: World) -> None:
    world.open()
    before = world.call("getSiteWorxAccount", DOMAIN)
    assert suspend(world, HOUR, reason="abuse", message="spam") == before
    assert later(world, HOUR - 1) == before
    assert jobs(world) == [("suspend abuse", None)]
    after = later(world, 1)
    assert (after.status, after.remaining_reasons, after.inactive_msg) == ("inactive", ("abuse",), "spam")
    assert after.version == before.version + 1
    assert jobs(world) == [("suspend abuse", "done")]
    assert world.value("select by_master from suspension") == 1
    assert later(world, HOUR) == after  # once


def test_the_end_of_a_suspension_too(world: World) -> None:
    world.open()
    world.call("suspendSiteWorxAccount", {**DOMAIN, "message": "for an hour"})
    world.call("suspendSiteWorxAccount", {**DOMAIN, "reason": "quota"})
    assert lift(world, HOUR).remaining_reasons == ("billing", "quota")
    assert later(world, HOUR).remaining_reasons == ("quota",)
    assert jobs(world) == [("lift billing", "done")]


@pytest.mark.parametrize("seconds", [-HOUR, 0])
def test_a_time_that_is_over_is_now(world: World, seconds: int) -> None:
    world.open()
    assert suspend(world, seconds).status == "inactive"
    assert lift(world, seconds).status == "active"
    assert jobs(world) == []


def test_what_is_scheduled_is_seen_among_the_jobs(world: World) -> None:
    by = world.reseller()
    world.open("example.com", by)
    suspend(world, HOUR, by)
    (job,) = [job for job in world.call("listJobs", by=by).jobs if job.due is not None]
    assert (job.domain, job.state, job.due.timestamp()) == ("example.com", "scheduled", START + HOUR)
    assert job.action == "suspendSiteWorxAccount"
    assert world.call("getJob", {"job": str(job.job)}, by) == job
    later(world, HOUR)
    assert world.call("getJob", {"job": str(job.job)}, by).state == "done"


def test_one_that_is_cancelled_is_not_made(world: World) -> None:
    world.open()
    suspend(world, HOUR)
    job = world.value("select id from job where due is not null")
    world.call("cancelJob", {"job": str(job)})
    assert later(world, HOUR).status == "active"
    assert jobs(world) == [("suspend billing", "cancelled")]


def test_a_second_of_its_kind_and_reason_replaces_the_first_and_no_other(world: World) -> None:
    world.open()
    suspend(world, HOUR, message="first")
    suspend(world, HOUR, reason="quota", message="full")
    lift(world, 9 * HOUR)
    suspend(world, 2 * HOUR, message="second")
    suspend(world, 2 * HOUR, message="second")  # a repeat is the same one
    assert jobs(world) == [
        ("suspend billing", "replaced"), ("suspend quota", None), ("lift billing", None),
        ("suspend billing", None),
    ]  # fmt: skip
    assert later(world, HOUR).remaining_reasons == ("quota",)
    after = later(world, HOUR)
    assert (after.remaining_reasons, after.inactive_msg) == (("billing", "quota"), "second")
    assert later(world, 7 * HOUR).remaining_reasons == ("quota",)


def test_what_was_done_by_hand_meanwhile_is_done_and_the_schedule_stands(world: World) -> None:
    world.open()
    lift(world, HOUR)
    suspend(world, 2 * HOUR, message="scheduled")
    world.call("suspendSiteWorxAccount", {**DOMAIN, "message": "by hand"})
    world.call("unsuspendSiteWorxAccount", DOMAIN)
    before = world.call("getSiteWorxAccount", DOMAIN)
    assert later(world, HOUR) == before  # the reason is gone: nothing is done
    world.call("suspendSiteWorxAccount", {**DOMAIN, "message": "by hand"})
    assert later(world, HOUR).inactive_msg == "scheduled"
    assert jobs(world) == [("lift billing", "done"), ("suspend billing", "done")]


def test_with_its_account_closed_it_is_cancelled(world: World) -> None:
    world.open()
    suspend(world, HOUR)
    lift(world, HOUR)
    world.call("deleteSiteWorxAccount", DOMAIN)
    assert jobs(world) == [("suspend billing", "cancelled"), ("lift billing", "cancelled")]
    world.open()
    assert later(world, HOUR).status == "active"


def test_a_reseller_lifts_later_no_more_than_it_may_lift_then(world: World) -> None:
    by = world.reseller()
    world.open("example.com", by)
    world.call("suspendSiteWorxAccount", DOMAIN, by)
    lift(world, HOUR, by)
    world.call("suspendSiteWorxAccount", {**DOMAIN, "message": "the master's"})  # takes it over
    assert later(world, HOUR).inactive_msg == "the master's"
    assert jobs(world) == [("lift billing", "failed")]
    assert "master" in world.value("select error from job where due is not null")
    error = world.refused("unsuspendSiteWorxAccount", {**DOMAIN, "at": at(9 * HOUR)}, by)
    assert type(error) is NotPermitted
    administrator = {**DOMAIN, "at": at(9 * HOUR), "reason": "administrator"}
    assert type(world.refused("suspendSiteWorxAccount", administrator, by)) is NotPermitted
    lift(world, 9 * HOUR)
    assert later(world, 9 * HOUR).status == "active"


def test_it_is_recorded_who_made_it_and_for_which_request(world: World) -> None:
    world.open()
    suspend(world, HOUR, message="unpaid")
    later(world, HOUR)
    who, action, about, result, request_id, inputs = world.rows(
        "select who, action, about, result, request_id, inputs from audit where action like 'scheduled%'"
    )[0]
    assert (who, action, about, result) == ("engine", "scheduled suspend", "example.com", "ok")
    assert json.loads(inputs)["message"] == "unpaid"
    asked = world.value("select request_id from audit where action = 'suspendSiteWorxAccount'")
    assert request_id == asked


def test_services_are_called_for_it_and_its_job_is_done_when_they_are(
    world: World, driver: Recording
) -> None:
    world.open()
    suspend(world, HOUR)
    driver.fail(1)
    assert later(world, HOUR).status == "inactive"
    assert driver.has[1].state == "active"
    assert jobs(world) == [("suspend billing", None)]
    later(world, 60)
    assert driver.has[1].state == "inactive"
    assert jobs(world) == [("suspend billing", "done")]


def test_a_job_that_waits_for_its_time_is_none_of_building(world: World, driver: Recording) -> None:
    """Neither is it done with the next change, nor is it told of as that which goes on."""
    world.open()
    suspend(world, HOUR)
    driver.fail(1)
    now = {**DOMAIN, "reason": "quota"}
    error = world.refused("suspendSiteWorxAccount", now)
    job = world.value("select id from job where due is null and finished is null")
    assert (error.code, error.job) == ("PENDING", job)
    world.call("suspendSiteWorxAccount", now)
    assert driver.has[1].state == "inactive"
    assert jobs(world) == [("suspend billing", None)]
    assert later(world, HOUR).remaining_reasons == ("billing", "quota")


def test_a_process_that_ends_before_its_services_leaves_it_to_the_next(world: World) -> None:
    """What the sweep commits is all that the next process needs."""
    world.open()
    suspend(world, HOUR)
    world.clock.forward(HOUR)
    (building,) = world.panel.engine._due().make()  # and then the process is killed
    assert building.generation == world.value("select generation from account")
    state, clock, driver = world.panel.state, world.clock, Recording()
    world.panel.database.change(lambda tx: tx.run("update account set lease_by = '1:2:gone'"))
    other = open_world(state, [driver], clock=clock)
    other.sweep()
    assert driver.has[1].state == "inactive"
    assert jobs(world) == [("suspend billing", "done")]
    other.panel.close()


def test_of_several_processes_one_makes_it(world: World) -> None:
    world.open()
    for reason in ("billing", "quota", "abuse"):
        suspend(world, HOUR, reason=reason)
    others = [open_world(world.panel.state, [Recording()], clock=world.clock) for _ in range(2)]
    version = world.call("getSiteWorxAccount", DOMAIN).version
    world.clock.forward(HOUR)
    made = [len(one.panel.engine._due().make()) for one in (*others, world)]
    assert sum(made) == 3
    for one in (*others, world):
        one.sweep()
    assert world.value("select count(*) from audit where action like 'scheduled%'") == 3
    assert world.call("getSiteWorxAccount", DOMAIN).version == version + 3
    for other in others:
        other.panel.close()


def test_what_the_master_scheduled_a_reseller_does_not_replace(world: World) -> None:
    by = world.reseller()
    world.open("example.com", by)
    suspend(world, HOUR, reason="abuse", message="spam")
    later_on = {**DOMAIN, "at": at(9 * HOUR), "reason": "abuse"}
    error = world.refused("suspendSiteWorxAccount", later_on, by)
    assert type(error) is NotPermitted
    assert "replace what the master administrator scheduled" in error.message
    suspend(world, 2 * HOUR, by)  # another reason, which it may schedule
    suspend(world, HOUR + 1, reason="abuse", message="spam")  # the master itself
    assert jobs(world) == [("suspend abuse", "replaced"), ("suspend billing", None), ("suspend abuse", None)]
    assert later(world, HOUR + 1).remaining_reasons == ("abuse",)


@pytest.mark.parametrize("closed_for", [HOUR, 2 * HOUR])
def test_to_close_and_restore_is_no_way_around_what_the_master_scheduled(
    world: World, closed_for: int
) -> None:
    """Whether its time comes while the account is closed or after that."""
    by = world.reseller()
    world.open("example.com", by)
    suspend(world, 2 * HOUR, reason="abuse", message="spam")
    suspend(world, 2 * HOUR, by)
    world.call("deleteSiteWorxAccount", DOMAIN, by)
    world.clock.forward(closed_for)
    world.sweep()
    world.call("restoreSiteWorxAccount", DOMAIN, by)
    after = later(world, 2 * HOUR - closed_for)
    assert (after.status, after.remaining_reasons, after.inactive_msg) == ("inactive", ("abuse",), "spam")
    assert jobs(world) == [("suspend abuse", "done"), ("suspend billing", "cancelled")]
    assert world.value("select by_master from suspension") == 1


def test_what_the_master_scheduled_of_an_account_that_is_gone_ends_as_failed(world: World) -> None:
    by = world.reseller()
    world.open("example.com", by)
    suspend(world, 30 * 24 * HOUR, reason="abuse")
    world.call("deleteSiteWorxAccount", DOMAIN, by)
    for _ in range(3):
        world.clock.forward(15 * 24 * HOUR)
        world.sweep()
    assert world.rows("select 1 from account") == []
    assert jobs(world) == [("suspend abuse", "failed")]


def test_what_a_reseller_scheduled_is_not_done_while_it_is_suspended(world: World) -> None:
    by = world.reseller()
    account = world.open("example.com", by)
    world.call("suspendSiteWorxAccount", DOMAIN, by)
    lift(world, HOUR, by)
    suspend(world, HOUR, reason="abuse")
    which = {"reseller_id": str(account.nodeworx_id)}
    world.call("suspendReseller", which)
    assert later(world, HOUR).remaining_reasons == ("billing", "abuse", "reseller")
    assert jobs(world) == [("lift billing", "failed"), ("suspend abuse", "done")]
    error = world.value("select error from job where outcome = 'failed'")
    assert error == "the reseller who scheduled it is suspended"


@pytest.mark.parametrize(
    ("reason", "lacking", "scopes"),
    [("billing", "accounts:suspend", ()), ("abuse", "accounts:restrict", ("accounts:suspend",))],
)
def test_who_cancels_needs_the_scope_of_what_it_cancels(
    world: World, reason: str, lacking: str, scopes: tuple[str, ...]
) -> None:
    world.open()
    suspend(world, HOUR, reason=reason)
    job = {"job": str(world.value("select id from job where due is not null"))}
    error = world.refused("cancelJob", job, world.scoped_key("jobs:cancel", *scopes))
    assert type(error) is NotPermitted
    assert lacking in error.message
    assert jobs(world) == [(f"suspend {reason}", None)]
    world.call("cancelJob", job, world.scoped_key("jobs:cancel", *scopes, lacking))
    assert jobs(world) == [(f"suspend {reason}", "cancelled")]
