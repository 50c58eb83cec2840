"""What every database must offer: rows, transactions, and links to read and to write by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias

Place: TypeAlias = Path | str
"""Where a database is: the file of SQLite, or the URL of PostgreSQL."""


class Damaged(Exception):
    """What is there is no database of ours, or not a whole one."""


class Unreachable(Exception):
    """The server of the database does not answer, or does not let us in."""


class NoTurn(Exception):
    """The turn could not be had: nothing was written."""


class Row(Protocol):
    """A row: its columns by name or by place, in their order."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...


class Tx(ABC):
    """A transaction: every statement in it sees one state of the database. Values stand as `?`."""

    __slots__ = ()

    @abstractmethod
    def one(self, sql: str, *values: object) -> Row | None:
        """The first row, or None."""

    @abstractmethod
    def all(self, sql: str, *values: object) -> list[Row]: ...

    @abstractmethod
    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""

    @abstractmethod
    def run(self, sql: str, *values: object) -> int:
        """Change rows; how many were changed."""

    @abstractmethod
    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None: ...


class Link(ABC):
    """One connection to a database. `error` is what its driver raises."""

    error: ClassVar[type[Exception]]
    tx: Tx

    @abstractmethod
    def begin_view(self) -> None: ...

    @abstractmethod
    def end_view(self) -> None: ...

    @abstractmethod
    def told(self, error: Exception) -> Exception | None:
        """What the reader of a view is told of the driver's error; None for one that is a bug of ours."""

    @abstractmethod
    def take_turn(self) -> None:
        """Be the only writer, in a transaction that sees all that is committed; raises `NoTurn`."""

    @abstractmethod
    def savepoint(self) -> None: ...

    @abstractmethod
    def release(self) -> None: ...

    @abstractmethod
    def take_back(self) -> None:
        """Back to the savepoint, which stays."""

    @abstractmethod
    def is_gone(self, error: Exception) -> bool:
        """Whether the error took the whole transaction, or is no fault of the statement."""

    @abstractmethod
    def commit(self) -> None: ...

    @abstractmethod
    def end_turn(self) -> None:
        """Take back what is not committed, and let others write. Raises nothing."""

    @abstractmethod
    def close(self) -> None: ...
