"""The columns of the options: of accounts and their packages, of resellers and theirs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from iwapi.core import limits
from iwapi.core.limits import Options
from iwapi.core.resellers import RESELLER as RESELLERS
from iwapi.store.db import Row


@dataclass(frozen=True)
class Columns:
    """The options as columns, named as they are in lower case."""

    options: Options[Any]

    @cached_property
    def names(self) -> str:
        return ", ".join(name.lower() for name in self.options.names)

    @cached_property
    def marks(self) -> str:
        return ", ".join("?" for _ in self.options.names)

    @cached_property
    def sets(self) -> str:
        return ", ".join(f"{name.lower()} = ?" for name in self.options.names)

    def values(self, of: object) -> list[int]:
        """The options in the order of their columns."""
        return [int(getattr(of, name)) for name in self.options.names]

    def of(self, row: Row) -> dict[str, Any]:
        """The options of a row, by name, with flags as booleans."""
        return {name: self.options.typed(name, row[name.lower()]) for name in self.options.names}


ACCOUNT = Columns(limits.ACCOUNT)
RESELLER = Columns(RESELLERS)

COLUMNS = ACCOUNT.names
MARKS = ACCOUNT.marks
SETS = ACCOUNT.sets
values = ACCOUNT.values
of = ACCOUNT.of
