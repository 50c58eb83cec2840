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
from functools import cache, partial

from iwapi.core.pepper import Pepper
from iwapi.core.want import Want
from iwapi.errors import ApiError, OutcomeUnknown, Pending, ProvisioningFailed
from iwapi.provision.driver import Driver, ordered
from iwapi.store import audit, jobs, usage, wanted
from iwapi.store.db import Database, Tx
from iwapi.store.jobs import Building

SWEEP = 200
MEASURE_EVERY = 300
LOST_AT_MOST = 3  # of one look; more are no accident of one account
POLL_SECONDS = 0.05

log = logging.getLogger(__name__)
Built = Callable[[ApiError | None], None]


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
    _waiting: dict[int, list[_Waiter]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
                if not self._claim(account_id):
                    self._later(account_id)
                    return
                generation, error = self._converge(account_id)
            except Exception:
                log.exception("account %d could not be converged", account_id)
                generation, error = None, OutcomeUnknown()
            with self._lock:
                waiters = self._waiting[account_id]
                reached = [
                    waiter for waiter in waiters
                    if generation is None or waiter.building.generation <= generation
                ]  # fmt: skip
                left = [waiter for waiter in waiters if waiter not in reached]
                if left:
                    self._waiting[account_id] = left
                else:
                    del self._waiting[account_id]
            for waiter in reached:
                _tell(waiter, error)
            if not left:
                return

    def _claim(self, account_id: int) -> bool:
        """Take the account's lease, unless another living process has it."""
        with self.database.snapshot() as tx:
            holder = jobs.holder(tx, account_id)
        if holder == self.process:
            return True
        gone = holder if holder is not None and not is_alive(holder) else None
        return bool(self.database.change(partial(_lease, account_id, self.process, gone)))

    def _later(self, account_id: int) -> None:
        """Try again soon; no thread waits meanwhile, or two processes could wait for each other."""

        def again() -> None:
            with suppress(RuntimeError):  # the pool is closed: the next start takes the account up
                self.pool.submit(self._rounds, account_id)

        timer = threading.Timer(POLL_SECONDS, again)
        timer.daemon = True
        timer.start()

    def _converge(self, account_id: int) -> tuple[int | None, ApiError | None]:
        """One round: the generation that was reached, and why it was not."""
        with self.database.snapshot() as tx:
            want = wanted.want(tx, account_id)
            applied = jobs.fingerprints(tx, account_id)
            reached = jobs.reached(tx, account_id)
            tries = jobs.tries(tx, account_id)
        if want is None:
            return None, ProvisioningFailed(service="taken back")
        new = reached == 0
        if want.generation > reached + 1:
            applied = {}  # a change that was under way may have left a service at neither
        done: dict[str, str] = {}
        for driver in self.drivers:
            print_ = driver.fingerprint(want)
            if applied.get(driver.name) != print_ or want.state == "purged":
                try:
                    driver.absent(want) if want.state == "purged" else driver.ensure(want)
                except Exception as error:
                    log.exception("service %s failed for account %d", driver.name, account_id)
                    return self._failed(want, driver.name, error, undo=new and not tries)
            done[driver.name] = print_
        size = sum(driver.observe(want).bytes for driver in self.drivers) if new else None
        self.database.change(lambda tx: self._settle(tx, want, done, size))
        return want.generation, None

    def _settle(self, tx: Tx, want: Want, done: dict[str, str], size: int | None) -> None:
        """T2 of a success."""
        now = int(self.clock())
        if want.state == "purged":
            wanted.forget(tx, want.account_id)
        else:
            jobs.settle(tx, want.account_id, want.generation, done)
            if size is not None:
                usage.set_sizes(tx, {want.account_id: size}, now)
        jobs.finish(tx, want.account_id, want.generation, "done", None, now)
        self._audit(tx, want, f"built {want.state}", "ok", now)

    def _failed(
        self, want: Want, service: str, error: Exception, undo: bool
    ) -> tuple[int | None, ApiError | None]:
        """T2 of a failure: a new account is undone; any other waits for its next try."""
        if undo and want.state in ("active", "inactive"):
            for driver in reversed(self.drivers):
                try:
                    driver.absent(want)
                except Exception:
                    log.exception("service %s could not be undone", driver.name)
                    return self._postpone(want, driver.name, error)
            self.database.change(lambda tx: self._undo(tx, want, service, error))
            return want.generation, ProvisioningFailed(service=service)
        return self._postpone(want, service, error)

    def _postpone(self, want: Want, service: str, error: Exception) -> tuple[int | None, ApiError | None]:
        def write(tx: Tx) -> int:
            now = int(self.clock())
            jobs.postpone(tx, want.account_id, want.generation, service, repr(error), now)
            self._audit(tx, want, f"build {want.state}", f"{service} failed", now)
            return jobs.latest(tx, want.account_id)[0]

        job = self.database.change(write)
        return want.generation, Pending(job=job)

    def _undo(self, tx: Tx, want: Want, service: str, error: Exception) -> None:
        now = int(self.clock())
        wanted.undo(tx, want.account_id)
        jobs.finish(tx, want.account_id, want.generation, "undone", f"{service}: {error!r}", now)
        self._audit(tx, want, "undo", f"{service} failed", now)

    def _audit(self, tx: Tx, want: Want, action: str, result: str, now: int) -> None:
        _, request_id = jobs.latest(tx, want.account_id)
        entry = audit.Entry(now, "engine", "", "engine", action, want.domain, result, request_id, {})
        audit.append(tx, self.pepper, entry)

    def sweep(self) -> int:
        """Take up what is due: changes that a crash or a failure left, and grace times that ended."""
        now = int(self.clock())
        with self.database.snapshot() as tx:
            due = jobs.due_for_purge(tx, now, SWEEP)
            waiting = jobs.waiting(tx, now, SWEEP)
        for account_id in due:
            self.database.change(partial(wanted.purge, account_id=account_id))
        for account_id, holder in waiting:
            if holder in (None, self.process) or not is_alive(holder):
                self._take_up(account_id)
        for account_id in due:
            self._take_up(account_id)
        return len(waiting) + len(due)

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


def process_of(pid: int) -> str:
    """A name for a process that no later one shares: its pid, when it started, and in which boot."""
    return f"{pid}:{_started(pid)}:{_boot()}"


def is_alive(process: str) -> bool:
    """Whether the process of that name still runs on this machine."""
    pid = int(process.partition(":")[0])
    return _started(pid) != "" and process_of(pid) == process


@cache
def _boot() -> str:
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
        return boot.read().strip()


def _started(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
            return "" if fields[0] == "Z" else fields[19]  # a zombie does nothing any more
    except OSError:
        return ""
