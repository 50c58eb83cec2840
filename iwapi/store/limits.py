"""The columns of the options, the same in a package and in an account."""

from __future__ import annotations

from typing import Any

from iwapi.core import limits
from iwapi.core.limits import Limits
from iwapi.store.db import Row

COLUMNS = ", ".join(name.lower() for name in limits.NAMES)
MARKS = ", ".join("?" for _ in limits.NAMES)
SETS = ", ".join(f"{name.lower()} = ?" for name in limits.NAMES)


def values(of: Limits) -> list[int]:
    """The options in the order of their columns."""
    return [int(getattr(of, name)) for name in limits.NAMES]


def of(row: Row) -> dict[str, Any]:
    """The options of a row, by name, with flags as booleans."""
    return {name: limits.typed(name, row[name.lower()]) for name in limits.NAMES}
