"""The one path of every call: who is it, may they, parse, run, record, answer.

Calls go down, values come back. Reading actions run at once on a fresh snapshot; writing ones are queued for
the store's writer, and what services must build is built before the reply.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeAlias

from iwapi.action import Action
from iwapi.asked import Asked, Outcome, Reply
from iwapi.auth import Auth, Throttles
from iwapi.call import Call, Touches
from iwapi.core import passwords
from iwapi.core.caller import Caller
from iwapi.core.server import Server
from iwapi.errors import ApiError, InternalError, NotAuthenticated, NotPermitted, Unavailable, refuse
from iwapi.kinds import MASK, Plain, Rules
from iwapi.parse import read
from iwapi.store import audit, meta
from iwapi.store.db import Database, Tx
from iwapi.store.jobs import Building

Build: TypeAlias = Callable[[Building, Callable[[ApiError | None], None]], None]
"""Has services carry a committed change out, and says once how that ended."""

API_WIRES = frozenset({"soap", "route", "xmlrpc"})
PUBLIC_WIRES = API_WIRES | {"panel"}
"""Those of the network: who guesses there is counted apart. The setting `password_login` is for the API's."""

_NOTED_EVERY = 60  # seconds

log = logging.getLogger(__name__)


@dataclass
class Dispatcher:
    """Runs calls. `pool` is where slow hashes are made; `password_login` opens the API to log-ins.

    `server` and `rules` are replaced, each as a whole, when the settings change. `noted` is when it was last
    written down that `password_login` refused a log-in.
    """

    database: Database
    auth: Auth
    throttles: Throttles
    touches: Touches
    build: Build
    pool: Executor
    server: Server
    rules: Rules
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    password_login: bool
    noted: int = 0

    def __call__(self, asked: Asked, reply: Reply) -> None:
        """Run a call; `reply` is called once, perhaps on another thread."""
        long = asked.action.answer.many and not asked.action.writes  # a list without an end, for all we know
        if asked.credentials.by_password or long:
            self._on_pool(self._begin, asked, reply)
        else:
            self._guarded(self._begin, asked, reply)

    def _begin(self, asked: Asked, reply: Reply) -> None:
        action = asked.action
        with self.database.snapshot() as tx:
            caller = self._caller(tx, asked)
            _permit(caller, action, asked.raw)
            wanted = self._wanted(tx, caller, asked)
            if not action.writes:
                outcome = Outcome(action.run(self._call(tx, caller, asked), wanted))
        if caller.stale:
            self._note_use(asked, caller)
        if not action.writes:
            self._reply(asked, reply, outcome)
        elif any(getattr(wanted, name) is not None for name in action.slow):
            self._on_pool(self._digest, asked, reply, caller, wanted)
        else:
            self._write(asked, reply, caller, wanted)

    def _wanted(self, tx: Tx, caller: Caller, asked: Asked) -> Any:
        """The inputs, typed. Where some cannot be read, what is wrong with the others is named too."""
        action = asked.action
        values, found = read(action.input, asked.raw, self.rules, asked.strict)
        problems = [*asked.problems, *found]
        if problems and action.check:
            wrong = {problem.field for problem in problems}
            names = {item.name: (item.name, *item.old) for item in action.input.fields}
            given = values | {name: None for name, sent in names.items() if not wrong.isdisjoint(sent)}
            more = action.check(self._call(tx, caller, asked), given)
            problems += [problem for problem in more if problem.field not in given or given[problem.field]]
        refuse(problems)
        assert action.input.struct is not None
        return action.input.struct(**values)

    def _digest(self, asked: Asked, reply: Reply, caller: Caller, wanted: Any) -> None:
        """Hash new passwords before the call joins the writer; one that came as a hash stays as it is."""
        given = {name: getattr(wanted, name) for name in asked.action.slow}
        hashed = {name: passwords.digest(value) for name, value in given.items() if isinstance(value, Plain)}
        self._write(asked, reply, caller, dataclasses.replace(wanted, **hashed))

    def _write(self, asked: Asked, reply: Reply, caller: Caller, wanted: Any) -> None:
        about = ""

        def work(tx: Tx) -> tuple[Any, Call]:
            nonlocal about
            again = self.auth.again(tx, asked.credentials, caller, self.clock(), asked.request_id)
            _permit(again, asked.action, asked.raw)
            call = self._call(tx, again, asked)
            if asked.action.check:
                given = {name: value for name, value in vars(wanted).items() if value is not None}
                refuse(asked.action.check(call, given))
            try:
                answer = asked.action.run(call, wanted)
            finally:
                about = call.about
            self._record(tx, asked, again.who, call.about, "ok")
            return answer, call

        def failed(tx: Tx, error: Exception) -> None:
            code = error.code if isinstance(error, ApiError) else InternalError.code
            self._record(tx, asked, caller.who, about, code)

        def done(result: tuple[Any, Call] | None, error: Exception | None) -> None:
            if result is None:
                assert error is not None
                self._fail(asked, reply, error)
                return
            answer, call = result
            self._build(asked, reply, Outcome(answer), call)

        self.database.write(work, done, failed)

    def _build(self, asked: Asked, reply: Reply, outcome: Outcome, call: Call) -> None:
        """Have services carry the change out, then reply; the first failure is the answer."""
        ended: list[ApiError | None] = []
        lock = threading.Lock()
        if not call.building:
            self._reply(asked, reply, outcome)

        def built(error: ApiError | None) -> None:
            with lock:
                ended.append(error)
                last = len(ended) == len(call.building)
            if last:
                failure = next((error for error in ended if error is not None), None)
                self._reply(asked, reply, Outcome(error=failure) if failure else outcome)

        for building in call.building:
            self.build(building, built)

    def _call(self, tx: Tx, caller: Caller, asked: Asked) -> Call:
        return Call(
            tx, caller, asked.credentials, self.server, self.auth.pepper, self.random, int(self.clock()),
            asked.request_id, asked.action.path, self.touches,
        )  # fmt: skip

    def _caller(self, tx: Tx, asked: Asked) -> Caller:
        sent = asked.credentials
        if sent.by_password and asked.wire in API_WIRES and not self.password_login:
            self._note_password_login(asked)
            raise NotAuthenticated()
        throttle = self.throttles.of(sent, asked.wire in PUBLIC_WIRES)
        if sent.by_password:
            throttle.check(sent.address, self.clock())
        try:
            return self.auth.caller(tx, sent, self.clock(), asked.request_id)
        except NotAuthenticated:
            if throttle.failed(sent.address, self.clock()):
                self._note(lambda tx: self._record(tx, asked, "unknown", "", NotAuthenticated.code))
            raise

    def _note_password_login(self, asked: Asked) -> None:
        """Tell the log and the doctor which setting refused a log-in; the doctor in one row, now and then."""
        sent, now = asked.credentials, int(self.clock())
        about = {"request_id": asked.request_id, "address": sent.address, "client": sent.client}
        log.warning("log-in refused: the setting password_login is off", extra=about)
        if now >= self.noted + _NOTED_EVERY:
            self.noted = now
            self._note(lambda tx: meta.note_refused(tx, now, sent.address))

    def _note_use(self, asked: Asked, caller: Caller) -> None:
        now = int(self.clock())
        self._note(lambda tx: self.auth.used(tx, asked.credentials, caller, now))

    def _note(self, work: Callable[[Tx], None]) -> None:
        """Write what no call waits for; reads go on when it cannot be written."""
        try:
            self.database.write(work, _logged)
        except Unavailable as error:
            _logged(None, error)

    def _record(self, tx: Tx, asked: Asked, who: str, about: str, result: str) -> None:
        entry = audit.Entry(
            int(self.clock()), who, asked.credentials.address, asked.wire, asked.action.path, about,
            result, asked.request_id, _masked(asked),
        )  # fmt: skip
        audit.append(tx, self.auth.pepper, entry)

    def _on_pool(self, step: Callable[..., None], asked: Asked, reply: Reply, *rest: Any) -> None:
        try:
            self.pool.submit(self._guarded, step, asked, reply, *rest)
        except Unavailable as error:
            self._fail(asked, reply, error)

    def _guarded(self, step: Callable[..., None], asked: Asked, reply: Reply, *rest: Any) -> None:
        """Run a step; whatever it raises is the answer."""
        try:
            step(asked, reply, *rest)
        except Exception as error:  # noqa: BLE001  (the edge: a bug is answered too)
            self._fail(asked, reply, error)

    def _fail(self, asked: Asked, reply: Reply, error: Exception) -> None:
        if not isinstance(error, ApiError):
            about = {"request_id": asked.request_id}
            log.error("a bug in %s", asked.action.path, exc_info=error, extra=about)
            error = InternalError()
        _name_as_sent(error, asked)
        self._reply(asked, reply, Outcome(error=error))

    @staticmethod
    def _reply(asked: Asked, reply: Reply, outcome: Outcome) -> None:
        log.info(
            "%s %s", asked.action.path, outcome.error.code if outcome.error else "ok",
            extra={"request_id": asked.request_id, "wire": asked.wire, "address": asked.credentials.address},
        )  # fmt: skip
        reply(outcome)


def _name_as_sent(error: ApiError, asked: Asked) -> None:
    """Call the wrong inputs what the client called them."""
    sent = {
        item.name: name for item in asked.action.input.fields for name in item.old
        if name in asked.raw and item.name not in asked.raw
    }  # fmt: skip
    error.problems = tuple(
        dataclasses.replace(problem, field=sent.get(problem.field, problem.field))
        for problem in error.problems
    )


def _permit(caller: Caller, action: Action, raw: Mapping[str, Any]) -> None:
    """Deny unless the caller may do the action, and give each input that needs a scope of its own."""
    wanted = [action.scope]
    wanted += [
        item.scope for item in action.input.fields
        if item.scope and any(name in raw for name in (item.name, *item.old))
    ]  # fmt: skip
    for scope in wanted:
        if not caller.may(scope):
            raise NotPermitted(what=scope)


def _masked(asked: Asked) -> dict[str, Any]:
    """The inputs as the audit keeps them: known names only, secrets masked, long values cut."""
    shown: dict[str, Any] = {}
    for item in asked.action.input.fields:
        for name in (item.name, *item.old):
            if name in asked.raw:
                shown[name] = MASK if item.shape.secret else _cut(asked.raw[name])
    return shown


def _cut(raw: Any, most: int = 200) -> Any:
    return raw[:most] if isinstance(raw, str) else str(raw)[:most]


def _logged(_: Any, error: Exception | None) -> None:
    if error is not None:
        log.error("a note could not be written", exc_info=error)
