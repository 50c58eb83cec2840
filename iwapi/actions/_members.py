"""The members of an answer as InterWorx's values: flags are 0 and 1, times are texts, nothing is empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iwapi.kinds import Text
from iwapi.shape import arg


@dataclass(frozen=True)
class Entry:
    """Something of which nothing is known but its name: InterWorx publishes no more."""

    name: Text = arg("its name")


def members(answer: Any) -> dict[str, Any]:
    """Each member of an answer by its name, in the order of their declaration."""
    return {name: _value(value) for name, value in vars(answer).items()}


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return "" if value is None else value
