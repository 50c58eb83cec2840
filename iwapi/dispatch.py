"""The one path of every call: who is it, may they, parse, run, record, answer.

Calls go down, values come back. Reading actions run at once on a fresh snapshot; writing ones are queued for
the store's writer, and what services must build is built before the reply.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from iwapi import once
from iwapi.asked import Asked, Options, Outcome, Reply
from iwapi.auth import Auth, Throttles, permit
from iwapi.call import Call, Touches
from iwapi.carry import Carrier
from iwapi.core import passwords
from iwapi.core.caller import Caller
from iwapi.core.server import Server
from iwapi.errors import NotAuthenticated, Problem, refuse
from iwapi.kinds import Plain, Rules
from iwapi.notes import Notes
from iwapi.parse import read
from iwapi.shape import shape_of
from iwapi.store.db import Database, Tx
from iwapi.task import Known, Task
from iwapi.writing import Writing

API_WIRES = frozenset({"soap", "route", "xmlrpc"})
PUBLIC_WIRES = API_WIRES | {"panel"}
"""Those of the network: who guesses there is counted apart. The setting `password_login` is for the API's."""

_ORDINARY = Options()
_POLL_SECONDS = 0.2


@dataclass
class Dispatcher:
    """Runs calls. `pool` is where slow hashes are made; `password_login` opens the API to log-ins.

    `server` and `rules` are replaced, each as a whole, when the settings change.
    """

    database: Database
    auth: Auth
    throttles: Throttles
    touches: Touches
    carry: Carrier
    pool: Executor
    server: Server
    rules: Rules
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    password_login: bool

    def __post_init__(self) -> None:
        self._notes = Notes(self.database, self.auth, self.clock)
        self._writing = Writing(self.database, self.auth, self._notes, self.carry, self._call, self.clock)

    def __call__(self, asked: Asked, reply: Reply) -> None:
        """Run a call; `reply` is called once, perhaps on another thread."""
        task = Task(asked, reply)
        long = asked.action.answer.many and not asked.action.writes  # a list without an end, for all we know
        if asked.credentials.by_password or long:
            task.later(self.pool, self._begin, task)
        else:
            task.step(self._begin, task)

    def _begin(self, task: Task) -> None:
        asked, action = task.asked, task.asked.action
        with self.database.snapshot() as tx:
            caller = self._caller(tx, asked)
            permit(caller, action, asked.raw)
            wanted, options = self._wanted(tx, caller, asked)
            name = once.name_of(self.auth.pepper, caller, asked, options, wanted) if action.writes else None
            known = Known(
                asked, task.reply, task.began, caller=caller, wanted=wanted, options=options, name=name
            )
            if not action.writes:
                call = self._call(tx, caller, asked)
                answer = action.run(call, wanted)
            before = self._writing.before(tx, known, settled=name.sent) if name else None
        if caller.stale:
            self._notes.use(asked, caller)
        if not action.writes:
            self._answer(known, call, answer)
        elif before is not None and not options.dry_run:
            self._notes.repeat(asked, caller.who, before.about)
            self._writing.carry_out(known, before)
        elif any(getattr(wanted, name) is not None for name in action.slow):
            known.later(self.pool, self._digest, known)
        else:
            self._writing.write(known)

    def _wanted(self, tx: Tx, caller: Caller, asked: Asked) -> tuple[Any, Options]:
        """The inputs and the options, typed. Where some cannot be read, what is wrong with the others is
        named too."""
        action = asked.action
        values, found = read(action.input, asked.raw, self.rules, asked.strict)
        options, odd = self._options(asked)
        problems = [*asked.problems, *odd, *found]
        if problems and action.check:
            wrong = {problem.field for problem in problems}
            names = {item.name: (item.name, *item.old) for item in action.input.fields}
            given = values | {name: None for name, sent in names.items() if not wrong.isdisjoint(sent)}
            more = action.check(self._call(tx, caller, asked), given)
            problems += [problem for problem in more if problem.field not in given or given[problem.field]]
        refuse(problems)
        assert action.input.struct is not None
        return action.input.struct(**values), options

    def _options(self, asked: Asked) -> tuple[Options, list[Problem]]:
        """How the call wants to be carried out, and what cannot be read of that."""
        if not asked.options:
            return _ORDINARY, []
        values, problems = read(shape_of(Options), asked.options, self.rules, strict=True)
        return Options(**values), problems

    def _answer(self, task: Known, call: Call, answer: Any) -> None:
        """Answer a reading call; one that waits is run again until it does no more, or its time is over."""
        left = task.until - time.monotonic()
        if call.waits and left > 0 and not self.carry.hurries:
            self.carry.timers.after(min(left, _POLL_SECONDS), lambda: task.step(self._again, task))
        else:
            task.answer(Outcome(answer))

    def _again(self, task: Known) -> None:
        asked = task.asked
        with self.database.snapshot() as tx:
            caller = self.auth.again(tx, asked.credentials, task.caller, self.clock(), asked.request_id)
            permit(caller, asked.action, asked.raw)
            call = self._call(tx, caller, asked)
            answer = asked.action.run(call, task.wanted)
        self._answer(task, call, answer)

    def _digest(self, task: Known) -> None:
        """Hash new passwords before the call joins the writer; one that came as a hash stays as it is."""
        given = {name: getattr(task.wanted, name) for name in task.asked.action.slow}
        hashed = {name: passwords.digest(value) for name, value in given.items() if isinstance(value, Plain)}
        self._writing.write(dataclasses.replace(task, wanted=dataclasses.replace(task.wanted, **hashed)))

    def _call(self, tx: Tx, caller: Caller, asked: Asked) -> Call:
        return Call(
            tx, caller, asked.credentials, self.server, self.auth.pepper, self.random, int(self.clock()),
            asked.request_id, asked.action.path, self.touches,
        )  # fmt: skip

    def _caller(self, tx: Tx, asked: Asked) -> Caller:
        sent = asked.credentials
        if sent.by_password and asked.wire in API_WIRES and not self.password_login:
            self._notes.password_login(asked)
            raise NotAuthenticated()
        throttle = self.throttles.of(sent, asked.wire in PUBLIC_WIRES)
        if sent.by_password:
            throttle.check(sent.address, self.clock())
        try:
            return self.auth.caller(tx, sent, self.clock(), asked.request_id)
        except NotAuthenticated:
            if throttle.failed(sent.address, self.clock()):
                self._notes.stranger(asked)
            raise
