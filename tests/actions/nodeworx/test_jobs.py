"""Jobs: what services do is told by its number, can be waited for, and is taken back while it can be."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from iwapi.asked import Credentials, Outcome
from iwapi.core.server import DAY
from iwapi.core.times import moment
from iwapi.errors import (
    AccountNotFound,
    JobNotFound,
    NotCancellable,
    NotPermitted,
    Pending,
    ProvisioningFailed,
)
from iwapi.kinds import Raw
from iwapi.provision.recording import Recording
from iwapi.store.shares import adrift
from tests.helpers import DEDICATED, LOCAL, START, World, open_world, opening

AT_ONCE = {"wait_seconds": "0"}
WHICH = {"domain": "example.com"}
pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def stuck(world: World, driver: Recording, **raw: Raw) -> int:
    """Open an account that services fail to build and to undo; its job."""
    driver.fail(2)
    error = world.refused("createSiteWorxAccount", opening(**raw))
    assert type(error) is Pending
    assert error.job is not None
    return error.job


def job(world: World, number: int, by: Credentials = LOCAL) -> Any:
    return world.call("getJob", {"job": str(number)}, by)


def begin(
    world: World, name: str, raw: Mapping[str, Raw], wait: int = 20
) -> tuple[threading.Event, list[Outcome]]:
    """Make a call and do not wait for it."""
    ended, outcomes = threading.Event(), []

    def reply(outcome: Outcome) -> None:
        outcomes.append(outcome)
        ended.set()

    options = {"wait_seconds": str(wait)}
    world.panel.dispatch(world.asked(name, raw, LOCAL, "cli", options=options), reply)
    return ended, outcomes


def idle(world: World) -> None:
    """Wait until no account is being built."""
    until = time.monotonic() + 20
    while world.panel.engine._waiting and time.monotonic() < until:
        time.sleep(0.005)
    world.settle()


def sound(world: World) -> bool:
    """Whether what is kept as a number is what counting gives."""
    living = world.value("select count(*) from account where state in ('active', 'inactive')")
    with world.panel.database.snapshot() as tx:
        return bool(world.value("select sum(accounts) from nodeworx_user") == living and not adrift(tx))


# What is told.


def test_a_change_that_was_carried_out_tells_of_its_services(state: Path) -> None:
    web, mail = Recording("web"), Recording("mail", ("web",))
    world = open_world(state, [mail, web])
    web.delay = 0.05
    opened = world.open()
    world.clock.forward(5)
    found = job(world, 1)
    assert (found.siteworx_id, found.domain, found.action, found.state, found.attempts) == (
        opened.siteworx_id, "example.com", "createSiteWorxAccount", "done", 1,
    )  # fmt: skip
    assert found.created == found.finished == moment(START)
    assert (found.due, found.next_try, found.error) == (None, None, None)
    assert [(step.service, step.state, step.since) for step in found.steps] == [
        ("web", "done", moment(START)), ("mail", "done", moment(START)),
    ]  # fmt: skip
    assert found.steps[0].took >= 50 > found.steps[1].took
    assert world.rows("select request_id from audit where action = 'built active'") == [(found.request_id,)]
    world.panel.close()


def test_pending_names_the_job_which_says_what_failed_and_when_it_is_tried_again(state: Path) -> None:
    web, mail = Recording("web"), Recording("mail", ("web",))
    world = open_world(state, [web, mail])
    world.open()
    mail.fail(1)
    error = world.refused("suspendSiteWorxAccount", WHICH)
    assert type(error) is Pending
    found = job(world, error.job or 0)
    assert (found.state, found.attempts, found.finished) == ("waiting", 1, None)
    assert found.error == "mail: It failed (OSError)"  # what the error quotes is for the log
    assert found.next_try == moment(START + 1)
    assert [(step.service, step.state, step.error) for step in found.steps] == [
        ("web", "done", None), ("mail", "failed", "It failed (OSError)"),
    ]  # fmt: skip
    world.clock.forward(1)
    world.sweep()
    found = job(world, error.job or 0)
    assert (found.state, found.attempts, found.error, found.next_try) == ("done", 2, None, None)
    assert [step.state for step in found.steps] == ["done", "done"]
    world.panel.close()


def test_services_that_were_not_reached_wait(state: Path) -> None:
    web, mail = Recording("web"), Recording("mail", ("web",))
    world = open_world(state, [web, mail])
    world.open()
    web.fail(1)
    error = world.refused("suspendSiteWorxAccount", WHICH)
    assert [(step.service, step.state, step.took) for step in job(world, error.job or 0).steps][1:] == [
        ("mail", "waiting", None)
    ]
    world.panel.close()


def test_a_new_account_that_failed_is_told_as_undone(state: Path) -> None:
    web, mail = Recording("web"), Recording("mail", ("web",))
    world = open_world(state, [web, mail])
    mail.fail(1)
    assert type(world.refused("createSiteWorxAccount", opening())) is ProvisioningFailed
    found = job(world, 1)
    assert (found.state, found.error, found.attempts) == ("undone", "mail: It failed (OSError)", 1)
    assert [(step.service, step.state) for step in found.steps] == [("web", "undone"), ("mail", "failed")]
    world.panel.close()


def test_the_later_changes_of_an_account_that_was_undone_end_with_it(world: World, driver: Recording) -> None:
    gate = driver.hang()
    driver.fail(1)
    created, _ = begin(world, "createSiteWorxAccount", opening())
    assert gate.entered.wait(10)
    edited, edit = begin(world, "editSiteWorxAccount", {**WHICH, "nickname": "x"})
    world.settle()
    gate.go.set()
    assert created.wait(10)
    assert edited.wait(10)
    assert type(edit[0].error) is ProvisioningFailed
    assert [one.state for one in world.call("listJobs").jobs] == ["undone", "undone"]


def test_a_slow_service_is_named_to_every_process_while_it_is_called(state: Path, driver: Recording) -> None:
    world = open_world(state, [driver])
    world.open()
    gate = driver.hang()
    error = world.refused("suspendSiteWorxAccount", WHICH, options=AT_ONCE)
    assert type(error) is Pending
    assert gate.entered.wait(10)
    world.clock.forward(60)  # it began before
    other = open_world(state, [Recording()])
    until = time.monotonic() + 10
    while not job(other, error.job or 0).steps and time.monotonic() < until:
        time.sleep(0.02)
    found = job(other, error.job or 0)
    assert (found.state, found.attempts) == ("running", 0)
    assert [(step.service, step.state, step.since, step.took) for step in found.steps] == [
        ("recording", "running", moment(START), None)
    ]
    gate.go.set()
    idle(world)
    found = job(other, error.job or 0)
    assert (found.state, [step.state for step in found.steps]) == ("done", ["done"])
    assert found.steps[0].took >= 1000
    other.panel.close()
    world.panel.close()


def test_a_service_whose_process_is_lost_is_not_told_to_run(world: World) -> None:
    world.open()
    world.panel.database.change(
        lambda tx: tx.run(
            "update job set finished = null, outcome = null,"
            ' steps = \'[{"service":"recording","state":"running","since":1}]\''
        )
    )
    found = job(world, 1)
    assert (found.state, found.steps[0].state) == ("waiting", "waiting")


def test_another_s_job_is_answered_like_one_that_there_is_not(world: World, driver: Recording) -> None:
    one, other = world.reseller("one@example.com"), world.reseller("other@example.com")
    world.open("one.test", one, OPT_STORAGE="1", OPT_BANDWIDTH="1")
    number = world.value("select max(id) from job")
    assert job(world, number, one).domain == "one.test"
    assert job(world, number).domain == "one.test"  # the master's too
    for name in ("getJob", "waitJob", "cancelJob"):
        theirs, nobody_s = (
            world.refused(name, {"job": str(asked)}, other) for asked in (number, number + 100)
        )
        assert type(theirs) is type(nobody_s) is JobNotFound
        assert theirs.message.replace(str(number), "") == nobody_s.message.replace(str(number + 100), "")
    assert world.call("listJobs", {"domain": "one.test"}, other).jobs == ()
    assert len(world.call("listJobs", {"domain": "one.test"}, one).jobs) == 1


def test_a_user_of_an_account_has_no_jobs(world: World) -> None:
    world.open()
    for name in ("getJob", "listJobs", "cancelJob"):
        raw = {} if name == "listJobs" else {"job": "1"}
        assert type(world.refused(name, raw, world.scoped_key("accounts:read"))) is NotPermitted


# Lists.


def numbers(world: World, **raw: Raw) -> list[int]:
    return [one.job for one in world.call("listJobs", raw).jobs]


def test_the_list_has_the_newest_first_a_page_at_a_time(world: World) -> None:
    for number in range(5):
        world.open(f"n{number}.test")
    first = world.call("listJobs", {"limit": "2"})
    assert [one.job for one in first.jobs] == [5, 4]
    second = world.call("listJobs", {"limit": "2", "after": first.next})
    third = world.call("listJobs", {"limit": "2", "after": second.next})
    assert [one.job for one in (*second.jobs, *third.jobs)] == [3, 2, 1]
    assert third.next is None


def test_the_list_tells_those_that_are_asked_for(world: World, driver: Recording) -> None:
    opened = world.open("done.test")
    driver.fail(1)
    world.refused("createSiteWorxAccount", opening("undone.test"))
    waits = stuck(world, driver, domain="waits.test")
    gate = driver.hang()
    runs = world.refused("suspendSiteWorxAccount", {"domain": "done.test"}, options=AT_ONCE).job
    assert gate.entered.wait(10)
    assert (waits, runs) == (3, 4)
    assert numbers(world) == [4, 3, 2, 1]
    assert numbers(world, open_only="1") == [4, 3]
    assert numbers(world, job_state="running") == [4]
    assert numbers(world, job_state="waiting") == [3]
    assert numbers(world, job_state="done") == [1]
    assert numbers(world, job_state="undone") == [2]
    assert numbers(world, job_state="cancelled") == []
    assert numbers(world, siteworx_id=str(opened.siteworx_id)) == [4, 1]
    assert numbers(world, siteworx_id=str(opened.siteworx_id), open_only="1") == [4]
    assert numbers(world, domain="undone.test") == [2]  # whose account is gone
    gate.go.set()
    idle(world)


# Waiting.


def test_who_waits_is_answered_when_the_job_is_finished(world: World, driver: Recording) -> None:
    world.open()
    gate = driver.hang()
    error = world.refused("suspendSiteWorxAccount", WHICH, options=AT_ONCE)
    ended, outcomes = begin(world, "waitJob", {"job": str(error.job)})
    assert gate.entered.wait(10)
    assert not ended.wait(0.5)
    gate.go.set()
    assert ended.wait(10)
    assert outcomes[0].answer.state == "done"


def test_who_waits_is_told_how_it_stands_when_the_time_is_over_and_nothing_is_tried_earlier(
    world: World, driver: Recording
) -> None:
    number = stuck(world, driver)
    asked = len(driver.asked)
    began = time.monotonic()
    found = world.call("waitJob", {"job": str(number)}, options={"wait_seconds": "1"})
    assert 0.9 < time.monotonic() - began < 10
    assert (found.state, found.attempts) == ("waiting", 1)
    assert world.call("waitJob", {"job": str(number)}, options=AT_ONCE) == found
    assert len(driver.asked) == asked
    world.clock.forward(1)
    world.sweep()
    assert world.call("waitJob", {"job": str(number)}).state == "done"


def test_nobody_waits_for_what_waits_for_its_time(world: World) -> None:
    world.open()
    world.call("suspendSiteWorxAccount", {**WHICH, "at": moment(START + 3600).isoformat()})
    number = world.value("select max(id) from job")
    began = time.monotonic()
    found = world.call("waitJob", {"job": str(number)})
    assert time.monotonic() - began < 5
    assert (found.state, found.due) == ("scheduled", moment(START + 3600))
    assert numbers(world, job_state="scheduled") == numbers(world, open_only="1") == [number]


# Cancelling.


def test_a_change_that_waits_for_its_time_is_cancelled_and_not_made(world: World) -> None:
    world.open()
    world.call("suspendSiteWorxAccount", {**WHICH, "at": moment(START + 60).isoformat()})
    number = str(world.value("select max(id) from job"))
    cancelled = world.call("cancelJob", {"job": number})
    assert (cancelled.state, cancelled.finished) == ("cancelled", moment(START))
    world.clock.forward(61)
    world.sweep()
    assert world.call("getSiteWorxAccount", WHICH).status == "active"
    assert world.call("cancelJob", {"job": number}) == cancelled  # repeated


def test_a_reseller_does_not_cancel_what_the_master_scheduled(world: World) -> None:
    reseller = world.reseller()
    world.open("sold.test", reseller, OPT_STORAGE="1", OPT_BANDWIDTH="1")
    later = {"domain": "sold.test", "at": moment(START + 60).isoformat()}
    world.call("suspendSiteWorxAccount", later)
    number = str(world.value("select max(id) from job"))
    error = world.refused("cancelJob", {"job": number}, reseller)
    assert type(error) is NotCancellable
    assert "the master administrator scheduled it" in error.text
    assert world.call("cancelJob", {"job": number}).state == "cancelled"


def test_a_new_account_that_was_never_built_is_taken_back_as_if_it_had_never_been(
    world: World, driver: Recording
) -> None:
    before = world.value("select sum(accounts) from nodeworx_user")
    number = stuck(world, driver, uniqname="exa", master_domain_ipv4=DEDICATED[0])
    driver.has[1] = driver.has.get(1) or None  # type: ignore[assignment]  # what a failed try left there
    cancelled = world.call("cancelJob", {"job": str(number)})
    assert (cancelled.job, cancelled.state) == (number, "cancelled")
    assert driver.has == {}
    for table in ("account", "applied", "zone", "domain", "resting_name"):
        assert world.rows(f"select * from {table}") == [], table
    assert world.value("select sum(accounts) from nodeworx_user") == before
    assert sound(world)
    assert type(world.refused("getSiteWorxAccount", WHICH)) is AccountNotFound
    assert world.call("cancelJob", {"job": str(number)}).state == "cancelled"  # repeated
    assert world.call("listJobs", {"open_only": "1"}).jobs == ()
    world.open(uniqname="exa", master_domain_ipv4=DEDICATED[0])  # every name of it is free


def test_a_repeat_of_a_creation_that_was_cancelled_runs_again(world: World, driver: Recording) -> None:
    key = {"idempotency_key": "order-1-create"}
    driver.fail(2)
    error = world.refused("createSiteWorxAccount", opening(), options=key)
    assert type(error) is Pending
    world.call("cancelJob", {"job": str(error.job)})
    opened = world.call("createSiteWorxAccount", opening(), options=key)
    assert opened.siteworx_id != job(world, error.job or 0).siteworx_id
    assert world.call("createSiteWorxAccount", opening(), options=key) == opened
    assert world.value("select count(*) from account") == 1


def test_what_is_cancelled_while_a_service_builds_it_is_no_success_for_who_opened_it(
    world: World, driver: Recording
) -> None:
    gate = driver.hang()
    created, create = begin(world, "createSiteWorxAccount", opening())
    assert gate.entered.wait(10)
    cancelled, cancel = begin(world, "cancelJob", {"job": "1"})
    world.settle()
    assert job(world, 1).state == "cancelled"
    again = world.refused("cancelJob", {"job": "1"}, options=AT_ONCE)  # services are not done yet
    assert type(again) is Pending
    gate.go.set()
    assert created.wait(10)
    assert cancelled.wait(10)
    assert type(create[0].error) is ProvisioningFailed
    assert cancel[0].answer.state == "cancelled"
    idle(world)
    assert driver.has == {}
    assert world.rows("select * from account") == []
    assert sound(world)
    assert job(world, 1).state == "cancelled"
    assert job(world, again.job or 0).state == "done"


@pytest.mark.parametrize("undo", [0, 1])
def test_what_is_cancelled_while_its_building_fails_leaves_nothing(
    world: World, driver: Recording, undo: int
) -> None:
    """Whether the undo of the failure works or fails as well."""
    gate = driver.hang()
    driver.fail(1 + undo)
    created, create = begin(world, "createSiteWorxAccount", opening())
    assert gate.entered.wait(10)
    cancelled, cancel = begin(world, "cancelJob", {"job": "1"})
    world.settle()
    gate.go.set()
    assert created.wait(10)
    assert cancelled.wait(10)
    assert create[0].error is not None
    world.clock.forward(60)
    world.sweep()
    assert cancel[0].error is None or type(cancel[0].error) is Pending
    assert driver.has == {}
    assert world.rows("select * from account") == []
    assert [state for (state,) in world.rows("select outcome from job order by id")] == ["cancelled", "done"]
    assert sound(world)


def test_removing_what_was_cancelled_is_tried_until_it_is_done(world: World, driver: Recording) -> None:
    number = stuck(world, driver, uniqname="exa")
    driver.fail(1)
    error = world.refused("cancelJob", {"job": str(number)})
    assert type(error) is Pending
    assert job(world, error.job or 0).error == "recording: It failed (OSError)"
    assert sound(world)
    again = world.refused("createSiteWorxAccount", opening(uniqname="exa"))
    assert (type(again), again.job) == (Pending, error.job)  # a service may have that name still
    world.open(uniqname="exb")
    driver.fail(1)
    world.clock.forward(1)
    world.sweep()
    world.clock.forward(2)
    world.sweep()
    assert job(world, error.job or 0).state == "done"
    assert world.rows("select uniqname from account") == [("exb",)]
    assert world.call("cancelJob", {"job": str(number)}).state == "cancelled"


def test_what_is_finished_or_changes_an_account_that_exists_is_not_cancelled(
    world: World, driver: Recording
) -> None:
    world.open()
    error = world.refused("cancelJob", {"job": "1"})
    assert type(error) is NotCancellable
    assert error.text == "This job cannot be cancelled: it is finished: done."
    driver.fail(1)
    pending = world.refused("suspendSiteWorxAccount", WHICH)
    error = world.refused("cancelJob", {"job": str(pending.job)})
    assert type(error) is NotCancellable
    assert error.text == "This job cannot be cancelled: it changes an account that exists."
    assert job(world, pending.job or 0).state == "waiting"


def test_a_change_of_an_account_that_is_not_built_is_not_cancelled_by_itself(
    world: World, driver: Recording
) -> None:
    stuck(world, driver)
    driver.fail(1)
    pending = world.refused("editSiteWorxAccount", {**WHICH, "nickname": "x"})
    assert type(world.refused("cancelJob", {"job": str(pending.job)})) is NotCancellable
    assert world.call("cancelJob", {"job": "1"}).state == "cancelled"
    assert job(world, pending.job or 0).state == "cancelled"  # with its account
    assert world.rows("select * from account") == []


# Forgetting.


def test_finished_jobs_and_old_records_are_forgotten_after_30_days_and_not_before(world: World) -> None:
    world.call("createSiteWorxAccount", opening(), options={"idempotency_key": "order-1-create"})
    world.open("b.test")
    world.clock.forward(30 * DAY - 1)
    world.open("c.test")
    world.sweep()
    assert numbers(world) == [3, 2, 1]
    world.clock.forward(61)
    world.sweep()
    assert numbers(world) == [3]
    assert world.rows("select * from idempotency where name = 'order-1-create'") == []


def test_an_open_job_is_never_forgotten(world: World, driver: Recording) -> None:
    number = stuck(world, driver)
    world.panel.database.change(lambda tx: tx.run("update account set next_try = 4000000000"))
    world.open("b.test")
    world.clock.forward(60 * DAY)
    world.sweep()
    assert number in numbers(world)


def test_a_number_is_never_given_twice(world: World) -> None:
    world.open()
    world.clock.forward(60 * DAY)
    world.sweep()
    world.open("b.test")
    assert len(numbers(world, domain="example.com")) + len(numbers(world, domain="b.test")) == 2
    assert world.value("select max(id) from job") == 2


def test_who_takes_a_new_account_back_needs_the_scope_to_open_one(world: World, driver: Recording) -> None:
    which = {"job": str(stuck(world, driver))}
    error = world.refused("cancelJob", which, world.scoped_key("jobs:cancel"))
    assert type(error) is NotPermitted
    assert "accounts:create" in error.message
    assert world.value("select state from account") == "active"
    by = world.scoped_key("jobs:cancel", "accounts:create")
    assert world.call("cancelJob", which, by).state == "cancelled"
