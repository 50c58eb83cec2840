"""Wanted state becomes real: what fails is undone or tried again, what a crash left is finished or undone."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from iwapi.asked import Asked, Outcome
from iwapi.core.server import DAY
from iwapi.core.want import Want
from iwapi.errors import ApiError, OutcomeUnknown, Pending, ProvisioningFailed
from iwapi.processes import is_alive, process_of
from iwapi.provision.recording import Recording
from iwapi.store import audit, jobs
from iwapi.store.jobs import Building
from tests.helpers import DEDICATED, LOCAL, Clock, World, config, open_world, opening, rows

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def account(world: World) -> tuple[Any, ...]:
    """State, generation, applied, lease, tries of the one account."""
    (found,) = world.rows("select state, generation, applied, lease_by, tries from account")
    return found


def job_outcomes(world: World) -> list[tuple[Any, ...]]:
    return world.rows("select action, outcome from job order by id")


def counted(world: World) -> bool:
    living = world.value("select count(*) from account where state in ('active', 'inactive')")
    return bool(world.value("select sum(accounts) from nodeworx_user") == living)


def test_an_account_is_built_before_its_answer(world: World, driver: Recording) -> None:
    opened = world.open()
    assert driver.asked == [("ensure", opened.siteworx_id, "active")]
    assert account(world) == ("active", 1, 1, None, 0)
    assert job_outcomes(world) == [("createSiteWorxAccount", "done")]
    assert [row[0] for row in world.rows("select action from audit")] == [
        "createSiteWorxAccount",
        "built active",
    ]


def test_a_change_that_no_service_needs_calls_none(world: World, driver: Recording) -> None:
    world.open()
    before = list(driver.asked)
    world.call("editSiteWorxAccount", {"domain": "example.com", "nickname": "x"})
    assert driver.asked == before
    assert account(world) == ("active", 2, 2, None, 0)
    assert len(job_outcomes(world)) == 1


def test_a_new_account_that_cannot_be_built_is_undone(home: World, state: Path) -> None:
    def fails(want: Want) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/the/place")

    (driver,) = home.panel.engine.drivers
    driver._link = fails  # type: ignore[attr-defined]  # the folder is made, then its link fails
    error = home.refused("createSiteWorxAccount", opening(uniqname="exa", master_domain_ipv4=DEDICATED[0]))
    assert type(error) is ProvisioningFailed
    assert error.text == "The account could not be set up (home); nothing is left of it. Try again."
    assert "space" not in error.message  # what happened inside is told by the log, and its kind by the job
    assert home.rows("select * from account") == []
    assert home.rows("select * from applied") == []
    assert home.value("select error from job") == "home: No space left on device"
    assert sorted(path.name for path in (state / "homes").rglob("*")) == ["accounts"]
    assert counted(home)
    del driver._link  # type: ignore[attr-defined]
    home.open(uniqname="exa", master_domain_ipv4=DEDICATED[0])  # every name of it is free


def test_the_audit_tells_of_an_undo(world: World, driver: Recording) -> None:
    driver.fail(1)
    world.refused("createSiteWorxAccount", opening())
    assert world.rows("select who, action, about, result from audit order by id") == [
        ("local:tester", "createSiteWorxAccount", "example.com", "ok"),
        ("engine", "undo", "example.com", "recording failed"),
    ]
    with world.panel.database.snapshot() as tx:
        assert audit.broken_at(tx, world.panel.pepper) is None


def test_what_was_built_before_the_failure_is_taken_away_in_reverse(state: Path) -> None:
    user, home, web = Recording("user"), Recording("home", ("user",)), Recording("web", ("home",))
    world = open_world(state, [web, home, user])
    order: list[str] = []
    for driver in (user, home, web):
        driver.absent = lambda want, name=driver.name: order.append(name)  # type: ignore[method-assign]
    web.fail(1)
    error = world.refused("createSiteWorxAccount", opening())
    assert "(web)" in error.text
    assert order == ["web", "home", "user"]
    world.panel.close()


def test_an_undo_that_fails_keeps_the_account_and_is_made_good_by_the_sweep(
    world: World, driver: Recording
) -> None:
    driver.fail(2)  # ensure, then absent
    assert type(world.refused("createSiteWorxAccount", opening())) is Pending
    assert account(world) == ("active", 1, 0, None, 1)
    assert world.rows("select outcome from job") == [(None,)]
    world.sweep()
    assert len(driver.asked) == 2  # its time has not come
    world.clock.forward(1)
    world.sweep()
    assert account(world) == ("active", 1, 1, None, 0)
    assert world.rows("select outcome from job") == [("done",)]
    assert counted(world)


def test_an_account_that_exists_is_kept_and_tried_again_later_each_time(
    world: World, driver: Recording
) -> None:
    world.open()
    driver.fail(4)
    error = world.refused("suspendSiteWorxAccount", {"domain": "example.com"})
    job = world.value("select max(id) from job")
    assert (type(error), error.text) == (
        Pending, f"The change is still in progress (job {job}), repeat this call.",
    )  # fmt: skip
    assert account(world) == ("inactive", 2, 1, None, 1)
    waited = []
    while driver.failures:
        began = world.clock.now
        asked = len(driver.asked)
        while len(driver.asked) == asked:
            world.clock.forward(1)
            world.sweep()
        waited.append(world.clock.now - began)
    assert waited == [1, 2, 5]
    assert account(world)[4] == 4
    world.clock.forward(15)
    world.sweep()
    assert account(world) == ("inactive", 2, 2, None, 0)
    assert driver.has[1].state == "inactive"
    assert job_outcomes(world)[-1] == ("suspendSiteWorxAccount", "done")


def test_a_repeat_of_the_call_tries_again_at_once(world: World, driver: Recording) -> None:
    world.open()
    driver.fail(1)
    assert type(world.refused("suspendSiteWorxAccount", {"domain": "example.com"})) is Pending
    assert world.call("suspendSiteWorxAccount", {"domain": "example.com"}).status == "inactive"
    assert driver.has[1].state == "inactive"
    assert world.rows("select * from job where finished is null") == []


class Gate:
    """Stops a driver inside `ensure` until it is let go; the verb may fail then."""

    def __init__(self, driver: Recording, failures: int = 0) -> None:
        self.entered, self.go = threading.Event(), threading.Event()
        real = driver.ensure

        def ensure(want: Want) -> None:
            nonlocal failures
            real(want)
            self.entered.set()
            assert self.go.wait(20)
            if failures:
                failures -= 1
                raise OSError("no space left on device")

        driver.ensure = ensure  # type: ignore[method-assign]


def begin(world: World, name: str, **raw: str) -> tuple[threading.Event, list[Outcome]]:
    """Make a call and do not wait for it."""
    ended, outcomes = threading.Event(), []

    def reply(outcome: Outcome) -> None:
        outcomes.append(outcome)
        ended.set()

    world.panel.dispatch(world.asked(name, raw, LOCAL, "cli"), reply)
    return ended, outcomes


def test_a_change_that_is_taken_back_while_it_is_built_does_not_stay(world: World, driver: Recording) -> None:
    """The service is where the change put it; that the wish is the old one again does not make it so."""
    world.open()
    gate = Gate(driver)
    suspended, _ = begin(world, "suspendSiteWorxAccount", domain="example.com")
    assert gate.entered.wait(10)
    lifted, answers = begin(world, "unsuspendSiteWorxAccount", domain="example.com")
    world.settle()
    gate.go.set()
    assert suspended.wait(10)
    assert lifted.wait(10)
    assert answers[0].error is None
    assert driver.has[1].state == "active"
    assert account(world) == ("active", 3, 3, None, 0)


def test_a_service_that_had_changed_when_another_failed_is_set_back_with_the_wish(state: Path) -> None:
    web, mail = Recording("web"), Recording("mail", ("web",))
    world = open_world(state, [web, mail])
    world.open()
    mail.fail(1)
    assert type(world.refused("suspendSiteWorxAccount", {"domain": "example.com"})) is Pending
    assert web.has[1].state == "inactive"
    world.call("unsuspendSiteWorxAccount", {"domain": "example.com"})
    assert (web.has[1].state, mail.has[1].state) == ("active", "active")
    world.panel.close()


def test_a_new_account_that_is_closed_while_its_building_fails_is_counted_once(
    world: World, driver: Recording
) -> None:
    gate = Gate(driver, failures=1)
    created, create = begin(world, "createSiteWorxAccount", **opening())
    assert gate.entered.wait(10)
    deleted, delete = begin(world, "deleteSiteWorxAccount", domain="example.com")
    world.settle()
    gate.go.set()
    assert created.wait(10)
    assert deleted.wait(10)
    assert type(create[0].error) is ProvisioningFailed
    assert delete[0].error is None
    assert account(world) == ("parked", 2, 2, None, 0)
    assert counted(world)
    world.clock.forward(8 * DAY)
    world.sweep()
    assert world.rows("select * from account") == []
    assert world.rows("select * from job where finished is null") == []
    assert counted(world)


def test_a_change_of_a_new_account_that_was_undone_is_not_told_as_done(
    world: World, driver: Recording
) -> None:
    gate = Gate(driver, failures=1)
    created, create = begin(world, "createSiteWorxAccount", **opening())
    assert gate.entered.wait(10)
    edited, edit = begin(world, "editSiteWorxAccount", domain="example.com", nickname="x")
    world.settle()
    gate.go.set()
    assert created.wait(10)
    assert edited.wait(10)
    assert [type(outcomes[0].error) for outcomes in (create, edit)] == [ProvisioningFailed] * 2
    assert world.rows("select * from account") == []
    assert counted(world)


def test_an_answer_that_cannot_be_given_does_not_stop_the_account(world: World, driver: Recording) -> None:
    world.open()
    (account_id,) = driver.has
    told: list[ApiError | None] = []
    ended = threading.Event()

    def breaks(_: ApiError | None) -> None:
        raise RuntimeError("the client is gone")

    gate = Gate(driver)
    world.panel.database.change(lambda tx: tx.run("update account set generation = 2, state = 'inactive'"))
    world.panel.engine.build(Building(account_id, 2, 1), breaks)
    assert gate.entered.wait(10)
    world.panel.engine.build(Building(account_id, 3, 1), lambda error: (told.append(error), ended.set()))
    world.panel.database.change(lambda tx: tx.run("update account set generation = 3, state = 'active'"))
    gate.go.set()
    assert ended.wait(10)
    assert told == [None]


def test_when_the_second_transaction_cannot_be_written_the_outcome_is_unknown_and_the_sweep_ends_it(
    world: World, driver: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may be told that nothing is left: the account is there, and it will be built."""
    settle = jobs.settle

    def full(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(jobs, "settle", full)
    error = world.refused("createSiteWorxAccount", opening())
    assert type(error) is OutcomeUnknown
    monkeypatch.setattr(jobs, "settle", settle)
    world.sweep()
    assert account(world) == ("active", 1, 1, None, 0)
    assert world.rows("select outcome from job") == [("done",)]


def test_a_sweep_that_meets_a_call_leaves_no_lease(world: World, driver: Recording) -> None:
    """Another process would wait for it as long as this one lives."""
    world.open()
    world.panel.engine.build(Building(1, 0, 0), lambda _: None)
    world.sweep()
    world.settle()
    assert account(world) == ("active", 1, 1, None, 0)


def test_purged_after_the_grace_time_and_not_before(home: World, state: Path) -> None:
    opened = home.open()
    home.call("getUsage", {"domain": "example.com"})
    page = state / "homes" / "accounts" / str(opened.siteworx_id) / "example.com" / "html" / "index.html"
    page.write_text("the customer's own")
    home.call("deleteSiteWorxAccount", {"domain": "example.com"})
    again = home.open()
    home.clock.forward(7 * DAY - 1)
    home.sweep()
    assert page.read_text() == "the customer's own"
    fresh = state / "homes" / again.uniqname / "example.com" / "html" / "index.html"
    assert fresh.read_text() != "the customer's own"
    link = state / "homes" / again.uniqname
    assert os.readlink(link) == f"accounts/{again.siteworx_id}"
    home.clock.forward(1)
    home.sweep()
    assert not page.parent.parent.parent.exists()
    assert home.rows("select id from account") == [(again.siteworx_id,)]
    assert home.rows("select account_id from storage") == [(again.siteworx_id,)]
    assert home.rows("select account_id from applied") == [(again.siteworx_id,)]
    assert os.readlink(link) == f"accounts/{again.siteworx_id}"
    assert fresh.exists()
    assert counted(home)


def test_a_purge_that_fails_is_tried_again(world: World, driver: Recording) -> None:
    world.open()
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    world.clock.forward(8 * DAY)
    driver.fail(1)
    world.sweep()
    assert account(world)[0] == "purged"
    world.clock.forward(1)
    world.sweep()
    assert world.rows("select * from account") == []
    assert world.rows("select * from job where finished is null") == []


def test_sizes_are_measured_in_turn(home: World, state: Path) -> None:
    opened = home.open()
    first = home.call("getUsage", {"domain": "example.com"}).storage_bytes
    assert 0 < first < 100_000
    (state / "homes" / opened.uniqname / "big").write_bytes(b"x" * 1_000_000)
    home.clock.forward(301)
    home.panel.engine.measure()
    assert home.call("getUsage", {"domain": "example.com"}).storage_bytes >= first + 1_000_000


def test_of_many_creates_at_once_exactly_one_wins_each_name(world: World) -> None:
    raws = [
        *[opening("same.test", uniqname=f"a{number}") for number in range(8)],
        *[opening(f"b{number}.test", uniqname="same") for number in range(8)],
        *[opening(f"c{number}.test", master_domain_ipv4=DEDICATED[1]) for number in range(8)],
    ]
    outcomes = world.outcomes(*[world.asked("createSiteWorxAccount", raw, LOCAL, "cli") for raw in raws])
    for at, code in ((0, "DOMAIN_TAKEN"), (8, "UNIX_NAME_TAKEN"), (16, "ADDRESS_NOT_FREE")):
        errors = [outcome.error for outcome in outcomes[at : at + 8]]
        assert sum(error is None for error in errors) == 1
        assert {error.code for error in errors if error} == {code}
    assert counted(world)


def test_two_processes_that_create_the_same_have_one_winner(state: Path) -> None:
    racers = [spawn(state, "create", "same.test", user=user) for user in ("one", "other")]
    answers = sorted(racer.communicate("go\n", timeout=30)[0].split()[-1] for racer in racers)
    assert answers == ["DOMAIN_TAKEN", "ok"]
    assert rows(state, "select domain, applied from account") == [("same.test", 1)]


LIFE = """
import os, sys, signal
from pathlib import Path
from iwapi.app import open_panel
from iwapi.asked import Asked, Credentials
from iwapi.config import load
from iwapi.core import passwords
from iwapi.errors import ApiError
from iwapi.kinds import Hashed
from iwapi.provision.home import Home
from iwapi.store import jobs, usage
from iwapi.store.accounts import Accounts
from iwapi.store.db import open_database

state, step, action, domain, user = Path(sys.argv[1]), *sys.argv[2:]
passwords.digest = lambda _: Hashed("argon2", "crypt")

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def dies_before(owner, name):
    setattr(owner, name, die)

def dies_after(owner, name):
    real = getattr(owner, name)
    def then(*args, **rest):
        real(*args, **rest)
        die()
    setattr(owner, name, then)

settings = load(state / "iwapi.toml", {}, required=False)
panel = open_panel(state, settings.replace(allow_reserved_domains=True))
engine = panel.engine
steps = {
    "before T1": lambda: dies_before(Accounts, "add"),
    "in T1": lambda: dies_after(jobs, "lease"),
    "between T1 and the driver": lambda: dies_before(type(engine), "_rounds"),
    "before the folder": lambda: dies_before(Home, "ensure"),
    "before the folder is moved": lambda: dies_before(os, "rename"),
    "after the folder is moved": lambda: dies_after(os, "rename"),
    "before the link is moved": lambda: dies_before(os, "replace"),
    "after the driver": lambda: dies_after(Home, "ensure"),
    "between the driver and T2": lambda: dies_before(type(engine), "_settle"),
    "in T2": lambda: dies_after(jobs, "settle"),
    "after T2": lambda: dies_after(type(engine), "_converge"),
}
if step in steps:
    steps[step]()
print("ready", flush=True)
sys.stdin.readline()
raw = {"domain": domain}
if action == "create":
    raw = {"master_domain": domain, "email": "a@b.test", "password": "Correct-horse7"}
    raw |= {"OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
try:
    panel.call(panel.catalogue.named[f"{action}SiteWorxAccount"], raw, Credentials(local=user))
    print("ok", flush=True)
except ApiError as error:
    print(error.code, flush=True)
panel.close()
"""
STEPS = [line.split('"')[1] for line in LIFE.split("\n") if '": lambda' in line]


def spawn(
    state: Path, action: str, domain: str = "example.com", dies: str = "never", user: str = "other"
) -> subprocess.Popen[str]:
    """Another process with the same state, that changes an account when it is told to, and may die of it."""
    process = subprocess.Popen(
        [sys.executable, "-c", LIFE, str(state), dies, action, domain, user],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize(
    "step", ["in T1", "between T1 and the driver", "before the folder", "between the driver and T2"]
)
def test_killed_at_any_step_of_a_delete_the_account_is_there_or_closed(state: Path, step: str) -> None:
    world = open_world(state, None, clock=Clock(time.time()))
    world.open()
    world.panel.close()
    process = spawn(state, "delete", dies=step)
    process.communicate("go\n", timeout=30)
    assert process.returncode == -signal.SIGKILL
    world = open_world(state, None, clock=Clock(time.time()))
    world.sweep()
    closed = step != "in T1"
    assert account(world) == (("parked", 2, 2, None, 0) if closed else ("active", 1, 1, None, 0))
    assert (state / "homes" / "examplec").is_symlink() != closed
    assert (state / "homes" / "accounts" / "1" / "example.com" / "html" / "index.html").exists()
    assert counted(world)
    world.panel.close()


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_a_create_there_is_the_whole_account_or_nothing(state: Path, step: str) -> None:
    process = spawn(state, "create", dies=step)
    output, _ = process.communicate("go\n", timeout=30)
    assert (process.returncode, output) == (-signal.SIGKILL, "")
    began = time.monotonic()
    world = open_world(state, None, clock=Clock(time.time()))
    world.sweep()
    assert time.monotonic() - began < 2
    homes = state / "homes"
    found = world.rows("select id, generation, applied, lease_by from account")
    if found:
        ((account_id, generation, applied, lease),) = found
        assert (generation, applied, lease) == (1, 1, None)
        assert (homes / "examplec" / "example.com" / "html" / "index.html").exists()
        assert os.readlink(homes / "examplec") == f"accounts/{account_id}"
        assert world.rows("select outcome from job") == [("done",)]
    else:
        assert sorted(path.name for path in homes.rglob("*")) == ["accounts"]
        assert world.rows("select * from job") == []
    assert bool(found) == (step not in ("before T1", "in T1"))
    assert counted(world)
    with world.panel.database.snapshot() as tx:
        assert audit.broken_at(tx, world.panel.pepper) is None
    if not found:
        world.open()
    world.panel.close()


def test_the_lease_of_a_living_process_is_waited_for_and_that_of_a_dead_one_taken(
    world: World, driver: Recording
) -> None:
    world.open()
    living = subprocess.Popen([sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert living.stdout is not None
    living.stdout.readline()
    holder = process_of(living.pid)
    assert is_alive(holder)
    world.panel.database.change(
        lambda tx: tx.run(
            "update account set state = 'inactive', reasons = 'billing', generation = 2, lease_by = ?", holder
        )
    )
    world.panel.database.change(
        lambda tx: tx.run(
            "insert into suspension (account_id, reason, message, by_master, since)"
            " values (1, 'billing', '', 0, 0)"
        )
    )
    asked = len(driver.asked)
    world.sweep()
    assert len(driver.asked) == asked
    lifted, _ = begin(world, "unsuspendSiteWorxAccount", domain="example.com")
    assert not lifted.wait(0.3)
    os.kill(living.pid, signal.SIGKILL)  # not waited for: a zombie holds nothing
    assert lifted.wait(10)
    assert not is_alive(holder)
    living.wait()
    assert driver.has[1].state == "active"
    assert account(world) == ("active", 3, 3, None, 0)


def test_a_process_is_known_by_more_than_its_number() -> None:
    name = process_of(os.getpid())
    assert is_alive(name)
    pid, started, boot = name.split(":")
    assert not is_alive(f"{pid}:1:{boot}")
    assert not is_alive(f"{pid}:{started}:another-boot")
    assert not is_alive(f"999999999:{started}:{boot}")
    assert not is_alive(process_of(999999999))


def test_a_process_that_works_beside_another_hands_accounts_over(state: Path) -> None:
    world = open_world(state, None, config())
    world.open("a.test")
    other = spawn(state, "suspend", "a.test")
    assert other.communicate("go\n", timeout=30)[0] == "ok\n"
    assert world.call("unsuspendSiteWorxAccount", {"domain": "a.test"}).status == "active"
    assert account(world) == ("active", 3, 3, None, 0)
    world.panel.close()


def test_closing_waits_for_what_is_being_built(state: Path) -> None:
    driver = Recording()
    world = open_world(state, [driver])
    gate = Gate(driver)
    ended, outcomes = begin(world, "createSiteWorxAccount", **opening())
    assert gate.entered.wait(10)
    closer = threading.Thread(target=world.panel.close)
    closer.start()
    closer.join(0.1)
    assert closer.is_alive()
    gate.go.set()
    closer.join(20)
    assert not closer.is_alive()
    assert ended.is_set()
    assert outcomes[0].error is None
    assert rows(state, "select applied from account") == [(1,)]


def test_closing_answers_every_call_that_was_accepted(state: Path) -> None:
    world = open_world(state, [Recording()])
    outcomes: list[Outcome] = []
    for number in range(40):
        asked: Asked = world.asked("createSiteWorxAccount", opening(f"a{number}.test"), LOCAL, "cli")
        world.panel.dispatch(asked, outcomes.append)
    world.panel.close()
    assert len(outcomes) == 40
    assert [outcome.error for outcome in outcomes] == [None] * 40
    assert rows(state, "select count(*) from account where applied = generation") == [(40,)]


def test_what_a_service_lost_is_built_again(home: World, state: Path) -> None:
    opened = home.open()
    shutil.rmtree(state / "homes" / "accounts" / str(opened.siteworx_id))
    home.clock.forward(301)
    home.panel.engine.measure()
    home.sweep()
    page = state / "homes" / "examplec" / "example.com" / "html" / "index.html"
    assert b"example.com" in page.read_bytes()
    assert account(home) == ("active", 2, 2, None, 0)


def test_a_lost_account_that_cannot_be_built_again_is_kept(world: World, driver: Recording) -> None:
    world.open()
    driver.has.clear()
    world.clock.forward(301)
    world.panel.engine.measure()
    driver.fail(1)
    world.sweep()
    assert account(world) == ("active", 2, 1, None, 1)


def test_a_repeated_delete_is_no_success_before_the_services_are_done(
    world: World, driver: Recording
) -> None:
    world.open()
    driver.fail(2)
    for _ in range(2):
        assert type(world.refused("deleteSiteWorxAccount", {"domain": "example.com"})) is Pending
        assert driver.has[1].state == "active"
    assert world.call("deleteSiteWorxAccount", {"domain": "example.com"}).siteworx_id == 1
    assert driver.has[1].state == "parked"


def test_when_many_accounts_are_lost_at_once_nothing_is_built(world: World, driver: Recording) -> None:
    for number in range(5):
        world.open(f"shop{number}.test")
    driver.has.clear()
    world.clock.forward(301)
    world.panel.engine.measure()
    world.sweep()
    assert driver.has == {}
