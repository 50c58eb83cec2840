"""Reseller packages: the master's named sets of limits for resellers."""

from __future__ import annotations

from iwapi.core.resellers import ResellerLimits, ResellerPackage
from iwapi.store.db import Row, Tx
from iwapi.store.limits import RESELLER as COLUMNS


def _package(row: Row | None) -> ResellerPackage | None:
    return None if row is None else ResellerPackage(id=row["id"], name=row["name"], **COLUMNS.of(row))


class ResellerPackages:
    """All reseller packages."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def by_name(self, name: str) -> ResellerPackage | None:
        return _package(self._tx.one("select * from reseller_package where name = ?", name))

    def by_id(self, package_id: int) -> ResellerPackage | None:
        return _package(self._tx.one("select * from reseller_package where id = ?", package_id))

    def list(self) -> tuple[ResellerPackage, ...]:
        """All of them, by name."""
        rows = self._tx.all("select * from reseller_package order by name")
        return tuple(package for row in rows if (package := _package(row)))

    def add(self, name: str, of: ResellerLimits) -> int:
        """Keep a new package; its id."""
        return int(
            self._tx.value(
                f"insert into reseller_package (name, {COLUMNS.names}) values (?, {COLUMNS.marks})"
                " returning id",
                name, *COLUMNS.values(of),
            )
        )  # fmt: skip

    def set(self, package_id: int, name: str, of: ResellerLimits) -> None:
        """Rename and re-limit a package; resellers keep what they were given."""
        self._tx.run(
            f"update reseller_package set name = ?, {COLUMNS.sets} where id = ?",
            name, *COLUMNS.values(of), package_id,
        )  # fmt: skip

    def users(self, package_id: int) -> int:
        """How many resellers have it."""
        return int(self._tx.value("select count(*) from reseller where package_id = ?", package_id))

    def delete(self, package_id: int) -> None:
        self._tx.run("delete from reseller_package where id = ?", package_id)
