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
from iwapi.kinds import Flag, Kind, Rules
from iwapi.shape import arg

__all__ = ["COMMON", "FaultDetail", "Problem", "detail_of", "fault_name", "faults_of"]


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
class FaultDetail:
    """Why the call was refused, and what to do about it."""

    code: _Said = arg("the code of the error, as DOMAIN_TAKEN")
    retryable: Flag = arg("whether the same call may succeed later")
    request_id: _Said = arg("the id under which the server's log knows this call")
    message: _Said = arg("what went wrong, for staff")
    customer_message: _Said = arg("the same, safe to show to a customer")
    problems: tuple[Problem, ...] = arg("every wrong input", default=())


COMMON: tuple[type[ApiError], ...] = (
    errors.InvalidInput,
    errors.NotAuthenticated,
    errors.NotPermitted,
    errors.Throttled,
    errors.Unavailable,
    errors.InternalError,
)
"""What every operation can answer, beside the errors of its action."""


def faults_of(action: Action) -> tuple[type[ApiError], ...]:
    """The errors that an operation declares: its own, those of every operation, and of every writing one."""
    writing = (errors.OutcomeUnknown,) if action.writes else ()
    return tuple(dict.fromkeys((*action.raises, *COMMON, *writing)))


def fault_name(kind: type[ApiError]) -> str:
    """The name of the error's element and type."""
    return f"{kind.__name__}Fault"


def detail_of(error: ApiError, request_id: str) -> FaultDetail:
    problems = tuple(Problem(field=p.field, value=p.value, problem=p.problem, allowed=p.allowed, code=p.code)
                     for p in error.problems)  # fmt: skip
    return FaultDetail(
        code=error.code,
        retryable=error.retryable,
        request_id=request_id,
        message=error.text,
        customer_message=error.customer,
        problems=problems,
    )
