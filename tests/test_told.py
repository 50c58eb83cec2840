"""What a client was told of services that fail, are slow or hang is true then, later, and after a crash.

A machine is what its services hold; it outlives the panel that drives it. Every operation is tried with every
trouble, with budgets shorter and longer than it, and with a crash or a restart before it is looked at again.
"""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from iwapi.asked import Outcome
from iwapi.core.server import DAY
from iwapi.core.want import Want
from iwapi.errors import Pending, ProvisioningFailed
from iwapi.provision.recording import Recording
from tests.helpers import LOCAL, Clock, World, open_world, opening

NAMES = ("user", "home", "web")
FAILED = OSError("no space left on device")


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


@dataclass
class Machine:
    """What each service holds, and what befalls the next calls of one of them."""

    has: dict[str, dict[int, Want]] = field(default_factory=lambda: {name: {} for name in NAMES})
    troubled: str = ""
    trouble: list[str] = field(default_factory=list)
    entered: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    crashed: bool = False

    def states(self, account_id: int) -> set[str | None]:
        """The states that the services hold it in; none where they have nothing of it."""
        wants = [held.get(account_id) for held in self.has.values()]
        return {want.state if want else None for want in wants}


class Service(Recording):
    """One service of a machine, as one panel drives it."""

    def __init__(self, machine: Machine, name: str) -> None:
        place = NAMES.index(name)
        super().__init__(name, NAMES[place - 1 : place] if place else ())
        self.has = machine.has[name]
        self._machine = machine
        self._lock = threading.Lock()

    def ensure(self, want: Want) -> None:
        self._troubled(lambda: super(Service, self).ensure(want))

    def absent(self, want: Want) -> None:
        self._troubled(lambda: super(Service, self).absent(want))

    def _troubled(self, work: Callable[[], None]) -> None:
        machine = self._machine
        mine = machine.troubled == self.name and machine.trouble
        trouble = machine.trouble.pop(0) if mine else ""
        if trouble.startswith("waits"):
            machine.entered.set()
            machine.go.wait(30)
        if machine.crashed:
            raise FAILED  # the process is gone: nothing of this reaches the machine
        if trouble == "changes, then fails":
            work()
        if trouble.endswith("fails"):
            raise FAILED
        work()


TROUBLES: dict[str, tuple[str, ...]] = {
    "fails": ("fails",),
    "fails, as does its undo": ("fails", "fails"),
    "changes, then fails": ("changes, then fails",),
    "is slow": ("waits",),
    "is slow, then fails": ("waits, fails",),
    "is slow, then fails twice": ("waits, fails", "fails"),
    "hangs": ("waits",),
}


@dataclass(frozen=True)
class Operation:
    """A call on an account that stands in a state, and the state in which it shall end."""

    call: str
    ends: str
    before: tuple[str, ...] = ("createSiteWorxAccount",)


OPERATIONS = {
    "create": Operation("createSiteWorxAccount", "active", ()),
    "suspend": Operation("suspendSiteWorxAccount", "inactive"),
    "unsuspend": Operation(
        "unsuspendSiteWorxAccount", "active", ("createSiteWorxAccount", "suspendSiteWorxAccount")
    ),
    "delete": Operation("deleteSiteWorxAccount", "parked"),
    "restore": Operation(
        "restoreSiteWorxAccount", "active", ("createSiteWorxAccount", "deleteSiteWorxAccount")
    ),
    "purge": Operation("", "purged", ("createSiteWorxAccount", "deleteSiteWorxAccount")),
}


def raw(call: str) -> dict[str, str]:
    return {**opening()} if call == "createSiteWorxAccount" else {"domain": "example.com"}


class Life:
    """A state folder and its machine, through panels that come and go."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.machine = Machine()
        self.clock = Clock()
        self.world = self._open()
        self._gone: list[tuple[World, Machine]] = []

    def _open(self) -> World:
        return open_world(self.state, [Service(self.machine, name) for name in NAMES], clock=self.clock)

    def begin(self, call: str, **options: str) -> tuple[threading.Event, list[Outcome]]:
        ended, outcomes = threading.Event(), []

        def reply(outcome: Outcome) -> None:
            outcomes.append(outcome)
            if outcome.delivered is not None:
                outcome.delivered()
            ended.set()

        self.world.panel.dispatch(self.world.asked(call, raw(call), LOCAL, "cli", options=options), reply)
        return ended, outcomes

    def crash(self) -> None:
        """The process is gone: what it was doing is never done, and another is started."""
        gone = self.machine
        gone.crashed = True
        self.world.panel.database.close()
        gone.go.set()
        self._gone.append((self.world, gone))
        self.machine = Machine(has={name: dict(held) for name, held in gone.has.items()})
        self.world = self._open()

    def restart(self) -> None:
        self.machine.go.set()
        self.world.panel.close()
        self.world = self._open()

    def calm(self) -> None:
        """Nothing befalls it any more, and all that waits has its time."""
        self.machine.trouble.clear()
        self.machine.go.set()
        for _ in range(3):
            self.world.sweep()
            self.clock.forward(5)
        assert self.world.rows("select id from account where applied < generation") == []
        assert self.world.rows("select id from job where finished is null") == []

    def close(self) -> None:
        self.machine.go.set()
        self.world.panel.close()
        for world, _ in self._gone:
            world.panel.timers.close()
            world.panel.upkeep.close(10)
            assert world.panel.builders.close(10)
            world.panel.hashing.shutdown()


@pytest.fixture
def lives(installed: Path, tmp_path: Path) -> Iterator[Callable[[], Life]]:
    made: list[Life] = []

    def make() -> Life:
        made.append(Life(shutil.copytree(installed, tmp_path / f"state{len(made)}")))
        return made[-1]

    yield make
    for life in made:
        life.close()


@pytest.mark.parametrize("budget", ["0", "20"], ids=["budget shorter", "budget longer"])
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_what_was_told_is_true_and_stays_so(
    lives: Callable[[], Life], name: str, trouble: str, budget: str
) -> None:
    if trouble == "hangs" and budget == "20":
        budget = "1"  # it is never longer than a hang
    services = NAMES if name == "create" else NAMES[1:2]
    for service, then in itertools.product(
        services, ("restart", "crash") if name == "create" else ("crash",)
    ):
        life = lives()
        for before in OPERATIONS[name].before:
            life.world.call(before, raw(before))
        through(life, OPERATIONS[name], service, trouble, budget)(then)


def through(
    life: Life, operation: Operation, service: str, trouble: str, budget: str
) -> Callable[[str], None]:
    """Have trouble befall an operation; what is returned judges what was told of it, now and after more."""
    machine = life.machine
    machine.troubled, machine.trouble = service, [*TROUBLES[trouble]]
    if not operation.call:
        life.clock.forward(8 * DAY)
        life.world.panel.engine.sweep()
        return lambda then: later(life, then, lambda: gone(life))
    ended, outcomes = life.begin(operation.call, wait_seconds=budget)
    if trouble.startswith("is slow") and budget != "0":
        assert machine.entered.wait(20)
        machine.go.set()
    assert ended.wait(20), "it was never answered"
    (outcome,) = outcomes
    error = outcome.error
    if error is None:
        assert machine.states(1) == {operation.ends}
        return lambda then: later(life, then, lambda: so(life, operation))
    if isinstance(error, ProvisioningFailed):
        assert operation.call == "createSiteWorxAccount"
        nothing(life)
        return lambda then: later(life, then, lambda: (nothing(life), again(life, operation)))
    assert isinstance(error, Pending), error
    return lambda then: later(
        life, then, lambda: (so(life, operation), done(life, error.job), again(life, operation))
    )


def later(life: Life, then: str, judge: Callable[[], object]) -> None:
    """What comes after, and whether what was told is true in the end."""
    if then == "crash":
        life.crash()
    elif then == "restart":
        life.restart()
    life.calm()
    judge()


def so(life: Life, operation: Operation) -> None:
    """It is as the operation wanted it, everywhere."""
    assert life.world.rows("select id, state from account") == [(1, operation.ends)]
    assert life.machine.states(1) == {operation.ends}


def done(life: Life, job: int | None) -> None:
    """The job that a client was told of is done: it was not undone."""
    assert life.world.rows("select outcome from job where id = ?", job) == [("done",)]


def nothing(life: Life) -> None:
    assert life.world.rows("select * from account") == []
    assert life.world.rows("select * from idempotency") == []
    assert {account for held in life.machine.has.values() for account in held} == set()


def again(life: Life, operation: Operation) -> None:
    """The repeat that a client makes ends well, and the account is there once."""
    life.world.call(operation.call, raw(operation.call))
    assert life.world.rows("select state from account") == [(operation.ends,)]
    (account_id,) = life.world.rows("select id from account")[0]
    assert life.machine.states(account_id) == {operation.ends}


def gone(life: Life) -> None:
    assert life.world.rows("select id from account") == []
    assert life.machine.states(1) == {None}


def test_a_service_that_hangs_for_one_account_holds_up_no_other(lives: Callable[[], Life]) -> None:
    life = lives()
    life.machine.troubled, life.machine.trouble = "home", ["waits"]
    ended, outcomes = life.begin("createSiteWorxAccount", wait_seconds="0")
    assert ended.wait(20)
    assert isinstance(outcomes[0].error, Pending)
    assert life.machine.entered.wait(20)
    life.world.open("other.test")
    life.world.call("deleteSiteWorxAccount", {"domain": "other.test"})
    life.clock.forward(8 * DAY)
    life.world.panel.engine.sweep()
    until = time.monotonic() + 20
    while life.world.rows("select id from account where domain = 'other.test'"):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_panel_closes_though_a_service_hangs_and_the_next_one_ends_its_work(
    lives: Callable[[], Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iwapi.app.panel.CLOSING_SECONDS", 0.1)
    life = lives()
    life.machine.troubled, life.machine.trouble = "home", ["waits"]
    ended, _ = life.begin("createSiteWorxAccount", wait_seconds="0")
    assert ended.wait(20)
    assert life.machine.entered.wait(20)
    began = time.monotonic()
    life.world.panel.close()
    assert time.monotonic() - began < 10
    life.crash()
    life.calm()
    so(life, OPERATIONS["create"])
