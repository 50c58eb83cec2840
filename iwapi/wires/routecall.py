"""InterWorx's envelope as values: the four parts of a call, the two of an answer, and rows.

SOAP and XML-RPC only read and write them. What they mean is the matter of `route.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from iwapi.errors import Problem, Unreadable
from iwapi.kinds import Raw
from iwapi.wires.prolog import SPACE

PARTS = ("apikey", "ctrl_name", "action", "input")
NO_STRUCT = "This is neither a struct nor an array"


@dataclass(frozen=True)
class RouteCall:
    """One call as it was sent. `apikey` and `input` hold secrets and are never shown.

    `problems` says where an input that holds something is no struct.
    """

    apikey: Raw = field(repr=False)
    ctrl_name: str
    action: str
    input: Mapping[str, Raw] = field(repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Rows in the shape that clients index: `[0]` of a list, `['name']` of a map, `->name` of an object."""

    shape: Literal["list", "map", "object"]
    rows: Sequence[Any]


def route_call(parts: Mapping[str, Raw]) -> RouteCall:
    """The call with these parts; their names are those of PARTS, and `input` may be missing.

    Raises `Unreadable`.
    """
    for name in PARTS[:-1]:
        if name not in parts:
            raise Unreadable(reason=f"the part {name} is missing")
    sent = parts.get("input")
    about = parts["apikey"], _text("ctrl_name", parts["ctrl_name"]), _text("action", parts["action"])
    if isinstance(sent, str) and sent.strip(SPACE):
        return RouteCall(*about, {}, (Problem("input", "", NO_STRUCT),))
    return RouteCall(*about, _input(sent))


def route_answer(status: int, payload: Any) -> dict[str, Any]:
    """The answer. Raises `ValueError` for a payload of None or the empty text: clients take it for a
    failure."""
    if payload is None or payload == "":
        raise ValueError("a payload is never empty")
    return {"status": status, "payload": payload}


def _text(name: str, value: Raw) -> str:
    if not isinstance(value, str):
        raise Unreadable(reason=f"the part {name} is not a text")
    return value


def _input(value: Raw) -> Mapping[str, Raw]:
    """Nothing at all, in whatever form, is no input; a list has its positions as keys, as in PHP."""
    if value is None or isinstance(value, str):
        return {}
    if isinstance(value, Mapping):
        return value
    return {str(position): item for position, item in enumerate(value)}
