"""Exactly once: a repeat is the call before it, whatever the wire, whoever died meanwhile."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from iwapi.asked import Asked, Outcome
from iwapi.core.server import DAY
from iwapi.core.want import Want
from iwapi.errors import (
    AlreadyDone,
    ApiError,
    DomainTaken,
    DryRun,
    IdempotencyMismatch,
    InvalidInput,
    NotPermitted,
    Pending,
    ProvisioningFailed,
)
from iwapi.provision.recording import Recording
from tests.helpers import LOCAL, World, opening

KEY = {"idempotency_key": "order-1234"}
NOW = {"wait_seconds": "0"}


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def accounts(world: World) -> int:
    return int(world.value("select count(*) from account"))


def records(world: World) -> int:
    return int(world.value("select count(*) from idempotency"))


class Hang:
    """Holds a driver inside `ensure` until it is let go; it may fail then."""

    def __init__(self, driver: Recording, error: Exception | None = None) -> None:
        self.entered, self.go = threading.Event(), threading.Event()
        self.error = error
        self.calls = 0
        real = driver.ensure

        def ensure(want: Want) -> None:
            self.calls += 1
            self.entered.set()
            assert self.go.wait(20)
            if self.error is not None:
                error, self.error = self.error, None
                raise error
            real(want)

        driver.ensure = ensure  # type: ignore[method-assign]


def begin(world: World, *asked: Asked) -> Callable[[], list[Outcome]]:
    """Make calls; what is returned waits for their answers."""
    found: list[list[Outcome]] = [[] for _ in asked]
    left = threading.Semaphore(0)

    def reply(at: int) -> Callable[[Outcome], None]:
        def take(outcome: Outcome) -> None:
            found[at].append(outcome)
            left.release()

        return take

    for at, one in enumerate(asked):
        world.panel.dispatch(one, reply(at))

    def wait() -> list[Outcome]:
        for _ in asked:
            assert left.acquire(timeout=20), "a call was never answered"
        return [outcome for (outcome,) in found]

    return wait


def create(
    world: World, domain: str = "example.com", by: Any = LOCAL, wire: str = "cli", **options: str
) -> Asked:
    return world.asked("createSiteWorxAccount", opening(domain), by, wire, options=options)


def test_a_repeat_with_the_key_gets_the_first_answer_on_any_wire(world: World) -> None:
    by = world.key()
    first = world.call("createSiteWorxAccount", opening(), by, options=KEY)
    world.call("editSiteWorxAccount", {"domain": "example.com", "nickname": "changed since"}, by)
    for wire, strict in (("soap", True), ("xmlrpc", True), ("route", False)):
        raw = opening() | {"master_domain": "WWW.Example.com"}  # the same, said otherwise
        assert world.call("createSiteWorxAccount", raw, by, wire=wire, strict=strict, options=KEY) == first
    assert accounts(world) == 1


def test_the_first_answer_is_kept_for_thirty_days(world: World) -> None:
    first = world.call("createSiteWorxAccount", opening(), options=KEY)
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    world.clock.forward(30 * DAY - 1)
    assert world.call("createSiteWorxAccount", opening(), options=KEY) == first
    world.clock.forward(1)
    assert world.call("createSiteWorxAccount", opening(), options=KEY).siteworx_id != first.siteworx_id


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("createSiteWorxAccount", opening("other.test")),
        ("createSiteWorxAccount", opening(password="Another-horse8")),
        ("deleteSiteWorxAccount", {"domain": "example.com"}),
    ],
)
def test_the_key_of_another_call_is_refused_and_nothing_is_done(
    world: World, name: str, raw: dict[str, str]
) -> None:
    world.call("createSiteWorxAccount", opening(), options=KEY)
    error = world.refused(name, raw, options=KEY)
    assert type(error) is IdempotencyMismatch
    assert "createSiteWorxAccount" in error.text
    assert world.rows("select domain, state from account") == [("example.com", "active")]


def test_a_key_is_its_owners(world: World) -> None:
    one, other = world.reseller("one@example.com"), world.reseller("other@example.com")
    first = world.call("createSiteWorxAccount", opening("one.test"), one, options=KEY)
    second = world.call("createSiteWorxAccount", opening("other.test"), other, options=KEY)
    assert first.siteworx_id != second.siteworx_id
    assert world.call("createSiteWorxAccount", opening("one.test"), one, options=KEY) == first


def test_what_failed_runs_again(world: World) -> None:
    world.open()
    assert type(world.refused("createSiteWorxAccount", opening(), world.key(), options=KEY)) is DomainTaken
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert world.call("createSiteWorxAccount", opening(), world.key(), options=KEY)


def test_who_may_not_do_it_does_not_get_the_answer(world: World) -> None:
    world.call("createSiteWorxAccount", opening(), options=KEY)
    weak = world.scoped_key("accounts:read")
    assert type(world.refused("createSiteWorxAccount", opening(), weak, options=KEY)) is NotPermitted


def test_an_answer_with_a_secret_is_not_kept(world: World) -> None:
    first = world.call("generateApiKey", options=KEY)
    error = world.refused("generateApiKey", options=KEY)
    assert type(error) is AlreadyDone
    assert not error.retryable
    text = str(world.rows("select * from idempotency"))
    assert first.apikey.reveal not in text
    assert first.apikey.reveal.splitlines()[1] not in text
    assert "(key" in error.text or "id" in error.text
    assert world.value("select count(*) from api_key") == 1


def test_no_input_can_be_read_from_a_record(world: World) -> None:
    world.call("createSiteWorxAccount", opening(), options=KEY)
    assert opening()["password"] not in str(world.rows("select * from idempotency"))


@pytest.mark.parametrize("key", ["short", "with space in it", "x" * 129, "newline\nin-it"])
def test_a_key_that_is_none_is_named_with_the_other_problems(world: World, key: str) -> None:
    error = world.refused("createSiteWorxAccount", opening(email="x"), options={"idempotency_key": key})
    assert type(error) is InvalidInput
    assert {problem.field for problem in error.problems} == {"idempotency_key", "email"}


@pytest.mark.parametrize("options", [KEY, {}])
def test_a_repeat_joins_the_first_while_that_is_built(
    world: World, driver: Recording, options: dict[str, str]
) -> None:
    hang = Hang(driver)
    first = begin(world, create(world, **options))
    assert hang.entered.wait(10)
    repeats = begin(world, *[create(world, **options) for _ in range(5)])
    world.settle()
    hang.go.set()
    answers = [outcome.answer for outcome in (*first(), *repeats())]
    assert len({answer.siteworx_id for answer in answers}) == 1
    assert (accounts(world), hang.calls) == (1, 1)


@pytest.mark.parametrize("options", [KEY, {}])
def test_what_is_undone_may_be_repeated(world: World, driver: Recording, options: dict[str, str]) -> None:
    driver.fail(1)
    assert type(world.refused("createSiteWorxAccount", opening(), options=options)) is ProvisioningFailed
    assert (accounts(world), records(world)) == (0, 0)
    assert world.call("createSiteWorxAccount", opening(), options=options)


def test_an_identical_add_without_a_key_is_the_repeat_of_one_that_was_not_heard(world: World) -> None:
    by = world.key()
    world.hears = False
    first = world.call("createSiteWorxAccount", opening(), by)
    world.hears = True
    assert world.call("createSiteWorxAccount", opening(), by) == first
    assert type(world.refused("createSiteWorxAccount", opening(), by)) is DomainTaken  # it was heard now
    assert records(world) == 0


def test_without_a_key_another_content_or_caller_is_no_repeat(world: World) -> None:
    world.hears = False
    by = world.key()
    world.call("createSiteWorxAccount", opening(), by)
    assert type(world.refused("createSiteWorxAccount", opening(nickname="x"), by)) is DomainTaken
    assert type(world.refused("createSiteWorxAccount", opening(), LOCAL)) is DomainTaken


def test_a_delete_in_between_ends_what_was_not_heard(world: World) -> None:
    world.hears = False
    first = world.call("createSiteWorxAccount", opening())
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    second = world.call("createSiteWorxAccount", opening())
    assert second.siteworx_id != first.siteworx_id


def test_another_account_of_the_name_is_not_told_as_the_one_that_was_not_heard(world: World) -> None:
    world.hears = False
    by = world.key()
    world.call("createSiteWorxAccount", opening(), by)
    world.call("deleteSiteWorxAccount", {"domain": "example.com"}, by)
    world.call("createSiteWorxAccount", opening(nickname="another"), by)
    assert type(world.refused("createSiteWorxAccount", opening(), by)) is DomainTaken


def test_an_add_that_needs_no_building_is_protected_too(world: World) -> None:
    raw = {"package_name": "basic", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
    world.hears = False
    first = world.call("createPackage", raw)
    assert world.call("createPackage", raw) == first
    world.call("deletePackage", {"package_name": "basic"})
    assert world.call("createPackage", raw).id != first.id


def keyed(name: str, **options: str) -> dict[str, str]:
    return {"idempotency_key": name, **options}


def test_a_call_that_joins_a_job_does_not_take_it_from_the_call_that_began_it(
    world: World, driver: Recording
) -> None:
    hang = Hang(driver, OSError("no space left on device"))
    raw = opening(external_id="1")
    first = begin(world, world.asked("createSiteWorxAccount", raw, LOCAL, "cli", options=keyed("the-first")))
    assert hang.entered.wait(10)
    second = begin(
        world, world.asked("ensureSiteWorxAccount", raw, LOCAL, "cli", options=keyed("the-second"))
    )
    world.settle()
    repeat = world.refused("createSiteWorxAccount", raw, options=keyed("the-first", wait_seconds="0"))
    assert type(repeat) is Pending  # and so it is not undone any more
    hang.go.set()
    assert type(first()[0].error) is Pending
    assert type(second()[0].error) is Pending
    world.clock.forward(1)
    world.sweep()
    assert world.call("createSiteWorxAccount", raw, options=keyed("the-first")).siteworx_id == 1
    assert world.call("ensureSiteWorxAccount", raw, options=keyed("the-second")).account.siteworx_id == 1


def test_what_was_done_to_an_account_that_is_undone_is_undone_with_it(
    world: World, driver: Recording
) -> None:
    hang = Hang(driver, OSError("no space left on device"))
    first = begin(world, create(world, **keyed("the-first")))
    assert hang.entered.wait(10)
    inside = dataclasses.replace(LOCAL, domain="example.com")
    user = {"email": "a@b.example", "nickname": "n", "password": "Another-horse8"}
    later = {"domain": "example.com", "reason": "abuse", "at": "2099-01-01T00:00:00Z"}
    others = begin(
        world,
        world.asked("/siteworx/users/add", user, inside, "cli", options=keyed("the-second")),
        world.asked("suspendSiteWorxAccount", later, LOCAL, "cli", options=keyed("the-third")),
    )
    world.settle()
    hang.go.set()
    assert {type(outcome.error) for outcome in (*first(), *others())} == {ProvisioningFailed}
    assert (accounts(world), records(world)) == (0, 0)
    assert world.value("select count(*) from job where finished is null") == 0
    world.call("createSiteWorxAccount", opening(), options=keyed("the-first"))
    world.call("/siteworx/users/add", user, inside, options=keyed("the-second"))
    world.call("suspendSiteWorxAccount", later, options=keyed("the-third"))
    assert world.value("select count(*) from site_user") == 1
    assert world.value("select count(*) from job where due is not null and finished is null") == 1


def test_a_change_that_waited_and_was_cancelled_may_be_made_again(world: World) -> None:
    world.open()
    later = {"domain": "example.com", "at": "2099-01-01T00:00:00Z"}
    for _ in range(2):
        world.call("suspendSiteWorxAccount", later, options=KEY)
        job = world.value("select id from job where due is not null and finished is null")
        world.call("cancelJob", {"job": str(job)})


def test_what_was_deleted_is_not_told_as_the_answer_of_a_like_call(world: World) -> None:
    raw = {"package_name": "gold", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
    by = world.key()
    world.hears = False
    world.call("createPackage", raw, by)
    world.call("deletePackage", {"package_name": "gold"}, by)
    world.hears = True
    world.call("createPackage", raw | {"OPT_STORAGE": "2"}, by)
    assert world.refused("createPackage", raw, by).code == "PACKAGE_NAME_TAKEN"


def test_what_was_added_in_a_closed_account_is_not_told_in_the_one_after_it(world: World) -> None:
    world.open()
    inside = dataclasses.replace(world.key(), domain="example.com")
    user = {"email": "a@b.example", "nickname": "n", "password": "Another-horse8"}
    world.hears = False
    world.call("/siteworx/users/add", user, inside)
    world.hears = True
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    world.open()
    world.call("/siteworx/users/add", user, inside)
    assert world.value("select count(*) from site_user") == 2


def test_a_dns_record_is_protected_without_a_key(world: World) -> None:
    world.open(OPT_DNS_RECORDS="1")
    inside = dataclasses.replace(world.key(), domain="example.com")
    raw = {
        "zone_id": str(world.value("select id from zone")), "host": "x.example.com", "ipaddress": "192.0.2.7",
    }  # fmt: skip
    world.hears = False
    first = world.call("/siteworx/dns/addA", raw, inside)
    world.hears = True
    assert world.call("/siteworx/dns/addA", raw, inside) == first
    assert world.refused("/siteworx/dns/addA", raw, inside)
    assert world.value("select count(*) from record where host = 'x.example.com'") == 1


def test_a_stop_answers_all_that_wait(world: World, driver: Recording) -> None:
    hang = Hang(driver)
    waits = begin(world, create(world, wait_seconds="300"))
    assert hang.entered.wait(10)
    job = str(world.value("select id from job"))
    watches = begin(
        world, world.asked("waitJob", {"job": job}, LOCAL, "cli", options={"wait_seconds": "300"})
    )
    world.panel.hurry()
    assert type(waits()[0].error) is Pending
    assert watches()[0].answer.finished is None
    hang.go.set()


def test_when_the_time_is_over_the_answer_is_pending_and_a_repeat_joins(
    world: World, driver: Recording
) -> None:
    hang = Hang(driver)
    (outcome,) = begin(world, create(world, **NOW))()
    assert isinstance(outcome.error, Pending)
    job = world.value("select id from job")
    assert (outcome.error.job, outcome.error.text) == (
        job, f"The change is still in progress (job {job}), repeat this call.",
    )  # fmt: skip
    again = begin(world, create(world, **NOW), create(world))
    hang.go.set()
    impatient, patient = again()
    assert isinstance(impatient.error, Pending) or impatient.answer
    assert patient.answer.siteworx_id == 1
    assert accounts(world) == 1


def test_pending_is_no_answer_that_is_kept(world: World, driver: Recording) -> None:
    hang = Hang(driver)
    assert type(world.refused("createSiteWorxAccount", opening(), options=KEY | NOW)) is Pending
    hang.go.set()
    assert world.call("createSiteWorxAccount", opening(), options=KEY).master_domain == "example.com"


def test_after_pending_a_new_account_is_not_undone_but_tried_again(world: World, driver: Recording) -> None:
    hang = Hang(driver, OSError("no space left on device"))
    assert type(world.refused("createSiteWorxAccount", opening(), options=NOW)) is Pending
    hang.go.set()
    while world.panel.engine._waiting:
        time.sleep(0.001)
    assert world.rows("select applied, tries from account") == [(0, 1)]
    world.clock.forward(1)
    world.sweep()
    assert world.rows("select applied, tries from account") == [(1, 0)]
    assert world.call("createSiteWorxAccount", opening()).siteworx_id == 1


def test_the_time_of_a_call_is_longer_than_its_service_takes(world: World, driver: Recording) -> None:
    hang = Hang(driver)
    wait = begin(world, create(world, wait_seconds="20"))
    assert hang.entered.wait(10)
    hang.go.set()
    assert wait()[0].answer.master_domain == "example.com"
    assert world.rows("select told from job") == [(None,)]


@pytest.mark.parametrize("seconds", ["-1", "301", "1e1", ""])
def test_a_time_that_is_none_is_refused(world: World, seconds: str) -> None:
    error: ApiError = world.refused("createSiteWorxAccount", opening(), options={"wait_seconds": seconds})
    assert {problem.field for problem in error.problems} == {"wait_seconds"}


def test_a_dry_run_changes_nothing_and_keeps_no_record(world: World, driver: Recording) -> None:
    error = world.refused("createSiteWorxAccount", opening(), options=KEY | {"dry_run": "1"})
    assert type(error) is DryRun
    assert (accounts(world), records(world), driver.asked) == (0, 0, [])
    assert world.value("select result from audit") == "DRY_RUN"
    assert world.call("createSiteWorxAccount", opening(), options=KEY)
