"""Exactly once: a call is known by its idempotency key, and what only adds something by what it says.

A client that sends no key is protected too. A call that adds something is, while its answer could not be
handed over, the same as an identical one by the same caller; once an answer was handed over, it is another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from iwapi import kept
from iwapi.action import Action
from iwapi.asked import Asked, Options
from iwapi.call import Call
from iwapi.core.caller import Caller
from iwapi.core.pepper import Pepper
from iwapi.core.server import DAY
from iwapi.errors import AlreadyDone, IdempotencyMismatch, Unavailable
from iwapi.store import idempotency
from iwapi.store.db import Database, Tx
from iwapi.store.idempotency import Name, Record

KEPT_SECONDS = 30 * DAY

log = logging.getLogger(__name__)


def name_of(pepper: Pepper, caller: Caller, asked: Asked, options: Options, wanted: Any) -> Name | None:
    """What the call is known by; None for one that may be made any number of times.

    `wanted` are its inputs as they were sent, passwords too: what is kept of them is a MAC.
    """
    action = asked.action
    if options.idempotency_key is None and not action.adds:
        return None
    inside = asked.credentials.domain or ""
    said = kept.canonical(action.input, wanted)
    fingerprint = pepper.mac("idempotency", action.path, inside, said).hex()
    if options.idempotency_key is None:
        return Name(caller.who, fingerprint, False, fingerprint)
    user = "" if caller.site is None else f"/{caller.site}/{caller.site_user or 0}"
    scopes = " ".join(("", *sorted(caller.scopes))) if caller.narrow and caller.scopes is not None else ""
    return Name(f"{caller.owner}{user}{scopes}", options.idempotency_key, True, fingerprint)


def find(tx: Tx, name: Name, now: int) -> Record | None:
    """The call that this one repeats. Raises `IdempotencyMismatch` where its key was used for another."""
    record = idempotency.find(tx, name, now)
    if record is not None and record.fingerprint != name.fingerprint:
        raise IdempotencyMismatch(action=record.action)
    return record


def answer_of(record: Record, action: Action) -> Any:
    """What the call was answered. Raises `AlreadyDone` where that held a secret."""
    if record.answer is None:
        raise AlreadyDone(about=record.about)
    return kept.load(action.answer, record.answer)


def keep(call: Call, name: Name, action: Action, answer: Any) -> int:
    """Remember a call that was run in this transaction; the record's id."""
    text = None if action.answer.holds_secret else kept.dump(action.answer, answer)
    until = call.now + KEPT_SECONDS
    jobs = dict.fromkeys([*(one.job for one in call.building), *call.scheduled])
    account_id = call.inside or next((one.account_id for one in call.building), None)
    return idempotency.keep(
        call.tx, name, action.path, action.controller, call.about, text, account_id, jobs, call.now, until
    )  # fmt: skip


class Deliveries:
    """Answers that were handed over: their records end, many in one write, which no call waits for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._ended: set[int] = set()
        self._writing = False

    def __contains__(self, record: int) -> bool:
        with self._lock:
            return record in self._ended

    def of(self, record: int) -> Callable[[], None]:
        """What is to be called when the answer of that record was handed over."""
        return lambda: self._note(record)

    def _note(self, record: int) -> None:
        with self._lock:
            self._ended.add(record)
            if self._writing:
                return
            self._writing = True
        try:
            self._database.write(self._end, self._done)
        except Unavailable as error:
            self._done(None, error)

    def _end(self, tx: Tx) -> frozenset[int]:
        with self._lock:
            ended = frozenset(self._ended)
            self._writing = False  # what comes from now on is for another write
        idempotency.delivered(tx, ended)
        return ended

    def _done(self, ended: frozenset[int] | None, error: Exception | None) -> None:
        with self._lock:
            if ended is not None:
                self._ended -= ended
            else:  # they stay in memory, and the next one takes them along
                self._writing = False
                log.error("deliveries could not be written", exc_info=error)
