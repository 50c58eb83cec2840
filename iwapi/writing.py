"""Calls that change something: run in the writer's turn, remembered, carried out in their time, answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from iwapi import once
from iwapi.asked import Asked, Outcome
from iwapi.auth import Auth, permit
from iwapi.call import Call
from iwapi.carry import Carrier
from iwapi.core.caller import Caller
from iwapi.errors import ApiError, DryRun, InternalError, Problem, refuse
from iwapi.notes import Notes
from iwapi.once import Deliveries
from iwapi.preview import preview
from iwapi.store import idempotency
from iwapi.store.db import Database, Tx
from iwapi.store.jobs import Building
from iwapi.store.watch import Watch
from iwapi.task import Known


@dataclass(frozen=True)
class Written:
    """What a write did, or the call before it that it repeats: the answer, what must be built before that
    counts, and the record that ends when it is handed over."""

    answer: Callable[[], Any]
    building: Sequence[Building]
    record: int | None = None
    about: str = ""


class Writing:
    """Runs writing calls. `make` makes the `Call` of an action in a transaction."""

    def __init__(
        self,
        database: Database,
        auth: Auth,
        notes: Notes,
        carry: Carrier,
        make: Callable[[Tx, Caller, Asked], Call],
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._auth = auth
        self._notes = notes
        self._carry = carry
        self._make = make
        self._clock = clock
        self._deliveries = Deliveries(database)

    def before(self, tx: Tx, task: Known, settled: bool) -> Written | None:
        """The call that this one repeats, if any: one that is still carried out, and, where `settled`, one
        that is done."""
        record = once.find(tx, task.name, int(self._clock())) if task.name else None
        if record is None or record.id in self._deliveries or not (record.open or settled):
            return None
        return Written(
            lambda: once.answer_of(record, task.asked.action), record.open, record.id, record.about
        )

    def write(self, task: Known) -> None:
        """Run the call in the writer's turn; a function of the transaction that may be run again."""
        asked, about = task.asked, ""

        def work(tx: Tx) -> Written:
            nonlocal about
            sent = asked.credentials
            caller = self._auth.again(tx, sent, task.caller, self._clock(), asked.request_id)
            permit(caller, asked.action, asked.raw)
            call = self._make(Watch(tx) if task.options.dry_run else tx, caller, asked)
            try:
                return self._run(tx, call, task)
            finally:
                about = call.about

        def failed(tx: Tx, error: Exception) -> None:
            code = error.code if isinstance(error, ApiError) else InternalError.code
            self._notes.record(tx, asked, task.caller.who, about, code)

        def done(written: Written | None, error: Exception | None) -> None:
            if written is None:
                assert error is not None
                task.fail(error)
            else:
                self.carry_out(task, written)

        self._database.write(work, done, failed)

    def _run(self, tx: Tx, call: Call, task: Known) -> Written:
        """Run the action and remember it; or be the call before it, which this one repeats."""
        asked, who = task.asked, call.caller.who
        before = self.before(tx, task, settled=True)
        if before is not None and not _may_be_another(task, before):
            return self._repeated(tx, call, task, before)
        if before is not None:
            tx.run("savepoint another")
        try:
            refuse(_problems(call, task))
            answer = asked.action.run(call, task.wanted)
        except ApiError:
            if before is None:
                raise
            tx.run("rollback to another")  # there is no place for another: it is the same
            return self._repeated(tx, call, task, before)
        if task.options.dry_run:
            raise preview(call)
        self._notes.record(tx, asked, who, call.about, "ok")
        if not asked.action.adds:  # it may have changed or deleted what was added
            idempotency.end_adding(tx, asked.action.controller, call.inside)
        if call.inside is not None and not call.building:
            call.await_opening(call.inside)
        record = once.keep(call, task.name, asked.action, answer) if task.name else None
        return Written(lambda: answer, call.building, record)

    def _repeated(self, tx: Tx, call: Call, task: Known, before: Written) -> Written:
        if task.options.dry_run:
            before.answer()  # raises where the repeat gets none
            raise DryRun()
        self._notes.record(tx, task.asked, call.caller.who, before.about, "repeat")
        return before

    def carry_out(self, task: Known, written: Written) -> None:
        """Have services carry the change out within the call's time, then reply; a failure is the answer."""

        def done(error: ApiError | None) -> None:
            if error is not None:
                task.answer(Outcome(error=error))
            else:
                task.step(self._finish, task, written)

        if written.building:
            task.step(self._carry, written.building, task.until, done)
        else:
            done(None)

    def _finish(self, task: Known, written: Written) -> None:
        ends = written.record is not None and task.name is not None and not task.name.sent
        delivered = self._deliveries.of(written.record) if ends and written.record is not None else None
        task.answer(Outcome(written.answer(), delivered=delivered))


def _may_be_another(task: Known, before: Written) -> bool:
    """Whether a call that nobody named may be another one than its like: that is done, and what it added may
    have been deleted since. It is the same where there is no place for another."""
    return task.name is not None and not task.name.sent and not before.building


def _problems(call: Call, task: Known) -> tuple[Problem, ...]:
    """What the action finds wrong with the inputs as things stand."""
    if not task.asked.action.check:
        return ()
    given = {name: value for name, value in vars(task.wanted).items() if value is not None}
    return tuple(task.asked.action.check(call, given))
