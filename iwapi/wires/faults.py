"""The typed fault detail: what a refused call says in members, beside its sentence.

Every code of the catalogue has its own element and type, named after its class (`DomainTaken`:
`DomainTakenFault`), so that generated clients can catch it by type. All types extend `FaultDetail`, and add
nothing to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from iwapi import errors
from iwapi.action import Action
from iwapi.errors import ApiError
from iwapi.kinds import Flag, Id, Kind, Rules
from iwapi.shape import arg

__all__ = ["COMMON", "Change", "FaultDetail", "Problem", "detail_of", "fault_name", "faults_of"]


def _as_it_is(text: str, _: Rules) -> str:
    return text


_Said = Annotated[str, Kind("said", _as_it_is, "string", "", "")]


@dataclass(frozen=True)
class Problem:
    """One wrong input."""

    field: _Said = arg("the input, as the call named it")
    value: _Said = arg("its value; empty where it is a secret")
    problem: _Said = arg("what is wrong with it")
    allowed: _Said = arg("what is allowed")
    code: _Said = arg("the code of this problem alone")


@dataclass(frozen=True)
class Change:
    """What a call would change: a member of something."""

    about: _Said = arg("what has the member")
    member: _Said = arg("the member")
    before: _Said = arg("its value now; empty where there is none")
    after: _Said = arg("its value after the call; empty where there is none")


@dataclass(frozen=True)
class FaultDetail:
    """Why the call was refused, and what to do about it."""

    code: _Said = arg("the code of the error, as DOMAIN_TAKEN")
    retryable: Flag = arg("whether the same call may succeed later")
    request_id: _Said = arg("the id under which the server's log knows this call")
    message: _Said = arg("what went wrong, for staff")
    customer_message: _Said = arg("the same, safe to show to a customer")
    problems: tuple[Problem, ...] = arg("every wrong input", default=())
    job: Id | None = arg("the job that goes on", default=None)
    changes: tuple[Change, ...] = arg("what a dry run would change", default=())
    consequences: tuple[_Said, ...] = arg("what would follow from that", default=())


COMMON: tuple[type[ApiError], ...] = (
    errors.InvalidInput,
    errors.NotAuthenticated,
    errors.NotPermitted,
    errors.Throttled,
    errors.Unavailable,
    errors.InternalError,
)
"""What every operation can answer, beside the errors of its action."""

WRITING: tuple[type[ApiError], ...] = (errors.OutcomeUnknown, errors.IdempotencyMismatch, errors.DryRun)
"""What every operation that changes something can answer too."""


def faults_of(action: Action) -> tuple[type[ApiError], ...]:
    """The errors that an operation declares: its own, those of every operation, and of every writing one."""
    once = (errors.AlreadyDone,) if action.answer.holds_secret else ()
    writing = (*WRITING, *once) if action.writes else ()
    return tuple(dict.fromkeys((*action.raises, *COMMON, *writing)))


def fault_name(kind: type[ApiError]) -> str:
    """The name of the error's element and type."""
    return f"{kind.__name__}Fault"


def detail_of(error: ApiError, request_id: str) -> FaultDetail:
    problems = tuple(Problem(field=p.field, value=p.value, problem=p.problem, allowed=p.allowed, code=p.code)
                     for p in error.problems)  # fmt: skip
    changes = tuple(Change(about=change.about, member=change.member, before=change.before, after=change.after)
                    for change in error.changes)  # fmt: skip
    return FaultDetail(
        code=error.code,
        retryable=error.retryable,
        request_id=request_id,
        message=error.text,
        customer_message=error.customer,
        problems=problems,
        job=error.job,
        changes=changes,
        consequences=error.consequences,
    )
