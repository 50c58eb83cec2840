"""What a wire read and what it must write: the values that cross between wires and dispatch."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from iwapi.action import Action
from iwapi.errors import ApiError, Problem
from iwapi.kinds import Flag, IdempotencyKey, Plain, Raw, WaitSeconds
from iwapi.shape import arg

WAIT_SECONDS = 20


@dataclass(frozen=True)
class Credentials:
    """How a caller proves itself, as it was sent: a key, a log-in, a session, or this machine's own user.

    `domain` asks to act inside that SiteWorx account. `local` is set by the CLI alone, `browser` by the
    pages: their session is a browser's cookie. `address` and `client` are where the call came from and what
    program says it is.
    """

    apikey: Plain | None = None
    email: str | None = None
    password: Plain | None = None
    session: Plain | None = None
    domain: str | None = None
    local: str | None = None
    browser: bool = False
    address: str = ""
    client: str = ""

    @property
    def by_password(self) -> bool:
        """Whether the e-mail address and password are the proof: what else may be sent goes before them."""
        return self.password is not None and not (self.local or self.apikey or self.session)


@dataclass(frozen=True)
class Options:
    """How a call wants to be carried out: the members of the `Options` header."""

    idempotency_key: IdempotencyKey | None = arg(
        "a name of this call that is used for no other: a repeat within 30 days gets the first answer",
        default=None,
    )  # fmt: skip
    wait_seconds: WaitSeconds = arg(
        "how long to wait for services; work that is not done by then goes on, and the answer is PENDING",
        default=WAIT_SECONDS,
    )  # fmt: skip
    dry_run: Flag = arg(
        "change nothing: the answer is the error that the call would get, or DRY_RUN and what would change",
        default=False,
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One call as a wire read it. Nothing in it is believed yet.

    `options` are the members of `Options` that were given. `strict` wires refuse inputs that the action does
    not have; others drop them. `problems` are inputs that the wire itself found wrong; they are named with
    the others.
    """

    action: Action
    raw: Mapping[str, Raw] = field(repr=False)
    credentials: Credentials
    wire: str
    request_id: str
    strict: bool = True
    problems: tuple[Problem, ...] = ()
    options: Mapping[str, Raw] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a call ended: an answer of the action's type, or an error; never both.

    `delivered` is to be called when the answer was handed to a connection that still stood.
    """

    answer: Any = None
    error: ApiError | None = None
    delivered: Callable[[], None] | None = field(default=None, repr=False, compare=False)


Reply: TypeAlias = Callable[[Outcome], None]
"""Called exactly once, perhaps on another thread."""

Dispatch: TypeAlias = Callable[[Asked, Reply], None]
"""The one path of every call, as wires and pages see it."""


def new_request_id() -> str:
    """The name of one call: in its answer, in the log and in the audit."""
    return os.urandom(8).hex()
