"""The engine: makes accounts on this machine what they are wanted to be, and sweeps up after a crash.

`generation > applied` is the queue. An account is converged by one thread at a time: whoever asks while it
is being converged is answered by the round that reaches its generation. A new account whose client had no
answer yet is undone when a service fails; any other is tried again later.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from iwapi.core.jobs import failure
from iwapi.core.pepper import Pepper
from iwapi.core.want import Want
from iwapi.errors import ApiError, OutcomeUnknown, Pending, ProvisioningFailed
from iwapi.later import Due
from iwapi.processes import is_alive
from iwapi.progress import Progress
from iwapi.provision.driver import Driver, ordered
from iwapi.store import audit, closing, idempotency, jobs, pruning, usage, wanted
from iwapi.store.db import Database, Tx
from iwapi.store.jobs import Building
from iwapi.timers import Timers

SWEEP = 200
PRUNE_EVERY = 60
PRUNED = 5000  # in one minute
MEASURE_EVERY = 300
LOST_AT_MOST = 3  # of one look; more are no accident of one account
POLL_SECONDS = 0.05

log = logging.getLogger(__name__)
Built = Callable[[ApiError | None], None]


class _Round(NamedTuple):
    """The generation that a round reached, and why it was not made real. `apart` says that jobs it was for
    may have ended each in its own way."""

    generation: int | None
    error: ApiError | None = None
    apart: bool = False


@dataclass(frozen=True)
class _Waiter:
    building: Building
    built: Built


@dataclass
class Engine:
    """Converges accounts with this machine's drivers. `process` holds its leases."""

    database: Database
    drivers: Sequence[Driver]
    pool: Executor
    pepper: Pepper
    process: str
    clock: Callable[[], float]
    timers: Timers
    _waiting: dict[int, list[_Waiter]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pruned: int = 0

    def __post_init__(self) -> None:
        self.drivers = ordered(self.drivers)

    def touches(self, want: Want, applied: dict[str, str]) -> bool:
        """Whether a driver has something to do to reach `want`."""
        return any(applied.get(driver.name) != driver.fingerprint(want) for driver in self.drivers)

    def build(self, building: Building, built: Built) -> None:
        """Converge an account that T1 committed; `built(error)` is called once, when T2 is."""
        with self._lock:
            running = building.account_id in self._waiting
            self._waiting.setdefault(building.account_id, []).append(_Waiter(building, built))
        if not running:
            self.pool.submit(self._rounds, building.account_id)

    def _rounds(self, account_id: int) -> None:
        """Converge until nobody waits for the account; later, while another living process has it."""
        while True:
            try:
                reached = self._reached(account_id)
                if reached is None and not self._claim(account_id):
                    self._later(account_id)
                    return
                ended_at = reached or self._converge(account_id)
            except Exception:
                log.exception("account %d could not be converged", account_id)
                ended_at = _Round(None, OutcomeUnknown())
            generation = ended_at.generation
            with self._lock:
                waiters = self._waiting[account_id]
                ended = [
                    waiter for waiter in waiters
                    if generation is None or waiter.building.generation <= generation
                ]  # fmt: skip
                left = [waiter for waiter in waiters if waiter not in ended]
                if left:
                    self._waiting[account_id] = left
                else:
                    del self._waiting[account_id]
            for waiter in ended:
                _tell(waiter, self._answer(waiter, ended_at))
            if not left:
                return

    def _reached(self, account_id: int) -> _Round | None:
        """How it stands when nothing is left to do, as where another process did it; else None."""
        with self.database.snapshot() as tx:
            generation = wanted.generation(tx, account_id)
            if generation is None:
                return _Round(None, apart=True)
            done = generation <= jobs.reached(tx, account_id)
            return _Round(generation, apart=True) if done else None

    def _answer(self, waiter: _Waiter, of: _Round) -> ApiError | None:
        """How a round ended for one who waits: each is told of its own job."""
        job = waiter.building.job
        if isinstance(of.error, Pending):
            return Pending(job=job or of.error.job or 0)
        if not of.apart or not job:
            return of.error
        with self.database.snapshot() as tx:
            outcome = jobs.outcome(tx, job)
        return ProvisioningFailed(service=outcome) if outcome in jobs.TAKEN_BACK else of.error

    def _claim(self, account_id: int) -> bool:
        """Take the account's lease, unless another living process has it."""
        with self.database.snapshot() as tx:
            holder = jobs.holder(tx, account_id)
        if holder in (None, self.process) or not is_alive(holder):
            return holder == self.process or bool(
                self.database.change(partial(_lease, account_id, self.process, holder))
            )
        return False

    def _later(self, account_id: int) -> None:
        """Try again soon; no thread waits meanwhile, or two processes could wait for each other."""

        def again() -> None:
            with suppress(RuntimeError):  # the pool is closed: the next start takes the account up
                self.pool.submit(self._rounds, account_id)

        self.timers.after(POLL_SECONDS, again)

    def _converge(self, account_id: int) -> _Round:
        """One round: the generation that was reached, and why it was not."""
        with self.database.snapshot() as tx:
            want = wanted.want(tx, account_id)
            applied = jobs.fingerprints(tx, account_id)
            reached = jobs.reached(tx, account_id)
            tries = jobs.tries(tx, account_id)
        if want is None:
            return _Round(None, apart=True)
        new = reached == 0
        if want.generation > reached + 1:
            applied = {}  # a change that was under way may have left a service at neither
        prints = {driver.name: driver.fingerprint(want) for driver in self.drivers}
        to_do = [
            driver for driver in self.drivers
            if want.state == "purged" or applied.get(driver.name) != prints[driver.name]
        ]  # fmt: skip
        progress = Progress(want, [one.name for one in to_do], self.database, self.timers, self.clock)
        for driver in to_do:
            try:
                with progress.of(driver.name):
                    driver.absent(want) if want.state == "purged" else driver.ensure(want)
            except Exception as error:
                log.exception("service %s failed for account %d", driver.name, account_id)
                return self._failed(want, driver.name, error, progress, undo=new and not tries)
        size = sum(driver.observe(want).bytes for driver in self.drivers) if new else None
        finished = self.database.change(lambda tx: self._settle(tx, want, prints, progress.end(), size))
        return _Round(want.generation, apart=want.state == "purged" or not finished)

    def _settle(self, tx: Tx, want: Want, done: dict[str, str], steps: str, size: int | None) -> int:
        """T2 of a success; how many jobs it ended."""
        now = int(self.clock())
        if want.state == "purged":
            wanted.forget(tx, want.account_id)
        else:
            jobs.settle(tx, want.account_id, want.generation, done)
            if size is not None:
                usage.set_sizes(tx, {want.account_id: size}, now)
        finished = jobs.finish(tx, want.account_id, want.generation, "done", None, steps, now)
        self._audit(tx, want, f"built {want.state}", "ok", now)
        return finished

    def _failed(self, want: Want, service: str, error: Exception, progress: Progress, undo: bool) -> _Round:
        """T2 of a failure: a new account that no client was told of is undone; any other waits for its next
        try."""
        with self.database.snapshot() as tx:
            undo = undo and not jobs.is_told(tx, want.account_id)
        if undo and want.state in ("active", "inactive"):
            for driver in reversed(self.drivers):
                try:
                    with progress.undoing(driver.name):
                        driver.absent(want)
                except Exception as second:
                    log.exception("service %s could not be undone", driver.name)
                    return self._postpone(want, driver.name, second, progress)
            if self.database.change(lambda tx: self._undo(tx, want, service, error, progress.end())):
                return _Round(want.generation, ProvisioningFailed(service=service))
        return self._postpone(want, service, error, progress)

    def _postpone(self, want: Want, service: str, error: Exception, progress: Progress) -> _Round:
        def write(tx: Tx) -> int:
            now = int(self.clock())
            why, steps = f"{service}: {failure(error)}", progress.end()
            jobs.postpone(tx, want.account_id, want.generation, service, repr(error), why, steps, now)
            self._audit(tx, want, f"build {want.state}", f"{service} failed", now)
            return jobs.latest(tx, want.account_id)[0]

        job = self.database.change(write)
        return _Round(want.generation, Pending(job=job))

    def _undo(self, tx: Tx, want: Want, service: str, error: Exception, steps: str) -> bool:
        """T2 of an undo; not where a client was told meanwhile that its account comes: it is built again."""
        if jobs.is_told(tx, want.account_id):
            return False
        now = int(self.clock())
        gone, why = wanted.undo(tx, want.account_id), f"{service}: {failure(error)}"
        idempotency.forget(tx, want.account_id, jobs.EVERY if gone else want.generation)
        if gone:
            idempotency.forget_account(tx, want.account_id)
        jobs.finish(tx, want.account_id, want.generation, "undone", why, steps, now)
        if gone:  # what was to be done to it by later calls
            jobs.end_all(tx, want.account_id, "undone", why, now)
        self._audit(tx, want, "undo", f"{service} failed", now)
        return True

    def _audit(self, tx: Tx, want: Want, action: str, result: str, now: int) -> None:
        _, request_id = jobs.latest(tx, want.account_id)
        entry = audit.Entry(now, "engine", "", "engine", action, want.domain, result, request_id, {})
        audit.append(tx, self.pepper, entry)

    def sweep(self) -> int:
        """Take up what is due: changes whose time came, what a crash or a failure left, grace times that
        ended."""
        now = int(self.clock())
        for building in self._due().make():
            self.build(building, _ignore)
        with self.database.snapshot() as tx:
            due = closing.due(tx, now, SWEEP)
            held = [one for one in jobs.holders(tx) if one != self.process and is_alive(one)]
            waiting = jobs.waiting(tx, now, SWEEP, held)
            old = now >= self._pruned + PRUNE_EVERY and pruning.is_due(tx, now)
        if now >= self._pruned + PRUNE_EVERY:
            self._pruned = now
        if old:
            self.database.change(partial(pruning.prune, now=now, most=PRUNED))
        for account_id in due:
            self.database.change(partial(closing.purge, account_id=account_id, now=now))
        for account_id in waiting:
            self._take_up(account_id)
        for account_id in due:
            self._take_up(account_id)
        return len(waiting) + len(due)

    def _due(self) -> Due:
        return Due(self.database, self.pepper, self.process, self.touches, self.clock)

    def _take_up(self, account_id: int) -> None:
        """Converge an account that nobody here waits for."""
        with self._lock:
            if account_id in self._waiting:
                return
        self.build(Building(account_id, 0, 0), _ignore)

    def measure(self) -> None:
        """Look at the accounts that were not looked at for longest: how big they are, and whether a service
        lost one, as a power cut may do to files."""
        now = int(self.clock())
        with self.database.snapshot() as tx:
            stale = usage.measured_longest_ago(tx, now - MEASURE_EVERY, SWEEP)
            wants = [want for account_id in stale if (want := wanted.want(tx, account_id))]
        sizes: dict[int, int] = {}
        lost: list[int] = []
        for want in wants:
            seen = [driver.observe(want) for driver in self.drivers]
            sizes[want.account_id] = sum(one.bytes for one in seen)
            if want.state in ("active", "inactive") and not all(one.exists for one in seen):
                lost.append(want.account_id)
        if len(lost) > LOST_AT_MOST:
            log.error("services lost %d accounts: is a disk missing? nothing is built again", len(lost))
            return
        for account_id in lost:
            log.error("a service lost account %d; it is built again", account_id)
            self.database.change(partial(jobs.lost, account_id=account_id))
        if sizes:
            self.database.change(lambda tx: usage.set_sizes(tx, sizes, now))


def _lease(account_id: int, holder: str, gone: str | None, tx: Tx) -> bool:
    """Whether the account is leased, or is not there to be leased."""
    return jobs.lease(tx, account_id, holder, gone) or wanted.want(tx, account_id) is None


def _tell(waiter: _Waiter, error: ApiError | None) -> None:
    try:
        waiter.built(error)
    except Exception:
        log.exception("a reply could not be made")


def _ignore(_: ApiError | None) -> None:
    """A sweep has no client to tell."""
