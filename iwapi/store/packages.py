"""Packages, each of one owner."""

from __future__ import annotations

from iwapi.core import limits
from iwapi.core.limits import Limits
from iwapi.core.packages import Package
from iwapi.store import limits as columns
from iwapi.store.db import Row, Tx


def _package(row: Row) -> Package:
    return Package(id=row["id"], name=row["name"], **columns.of(row))


class Packages:
    """The packages of one owner."""

    def __init__(self, tx: Tx, owner: int) -> None:
        self._tx = tx
        self._owner = owner

    def by_name(self, name: str) -> Package | None:
        row = self._tx.one("select * from package where owner = ? and name = ?", self._owner, name)
        return _package(row) if row is not None else None

    def by_id(self, package_id: int) -> Package | None:
        row = self._tx.one("select * from package where owner = ? and id = ?", self._owner, package_id)
        return _package(row) if row is not None else None

    def list(self) -> tuple[Package, ...]:
        """All of them, by name."""
        rows = self._tx.all("select * from package where owner = ? order by name", self._owner)
        return tuple(_package(row) for row in rows)

    def add(self, name: str, of: Limits) -> Package:
        package_id: int = self._tx.value(
            f"insert into package (owner, name, {columns.COLUMNS})"
            f" values (?, ?, {columns.MARKS}) returning id",
            self._owner, name, *columns.values(of),
        )  # fmt: skip
        return Package(id=package_id, name=name, **{key: getattr(of, key) for key in limits.NAMES})

    def set(self, package_id: int, name: str, of: Limits) -> None:
        """Rename and re-limit a package; accounts keep what they were given."""
        self._tx.run(
            f"update package set name = ?, {columns.SETS} where owner = ? and id = ?",
            name, *columns.values(of), self._owner, package_id,
        )  # fmt: skip

    def users(self, package_id: int) -> int:
        """How many living accounts have it, counted up to a thousand."""
        return int(
            self._tx.value(
                "select count(*) from (select 1 from account"
                " where package_id = ? and state in ('active', 'inactive') limit 1000) as counted",
                package_id,
            )
        )

    def delete(self, package_id: int) -> None:
        """Forget a package; the accounts that had it, all closed, have none then."""
        self._tx.run("update account set package_id = null where package_id = ?", package_id)
        self._tx.run("delete from package where owner = ? and id = ?", self._owner, package_id)
