"""One call on its way: what was asked, what became known of it, and how it is answered, once."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from iwapi.asked import Asked, Options, Outcome, Reply
from iwapi.core.caller import Caller
from iwapi.errors import ApiError, InternalError, Unavailable
from iwapi.store.idempotency import Name

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A call, and how it is answered: whatever one of its steps raises is the answer."""

    asked: Asked
    reply: Reply
    began: float = field(default_factory=time.monotonic)

    def step(self, step: Callable[..., None], *values: Any) -> None:
        """Do a step of the call now."""
        try:
            step(*values)
        except Exception as error:  # noqa: BLE001  (the edge: a bug is answered too)
            self.fail(error)

    def later(self, pool: Executor, step: Callable[..., None], *values: Any) -> None:
        """Do a step on a pool; one that is full refuses it."""
        try:
            pool.submit(self.step, step, *values)
        except Unavailable as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        if not isinstance(error, ApiError):
            about = {"request_id": self.asked.request_id}
            log.error("a bug in %s", self.asked.action.path, exc_info=error, extra=about)
            error = InternalError()
        _name_as_sent(error, self.asked)
        self.answer(Outcome(error=error))

    def answer(self, outcome: Outcome) -> None:
        asked = self.asked
        log.info(
            "%s %s", asked.action.path, outcome.error.code if outcome.error else "ok",
            extra={"request_id": asked.request_id, "wire": asked.wire, "address": asked.credentials.address},
        )  # fmt: skip
        self.reply(outcome)


@dataclass(frozen=True)
class Known(Task):
    """A call whose caller and inputs are known. `name` is what it is known by, where it must not be carried
    out twice."""

    caller: Caller = field(kw_only=True)
    wanted: Any = field(kw_only=True)
    options: Options = field(kw_only=True)
    name: Name | None = field(kw_only=True, default=None)

    @property
    def until(self) -> float:
        """When its client wants an answer, on the monotonic clock."""
        return self.began + self.options.wait_seconds


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
