"""The pool of IP addresses: shared ones serve many accounts, dedicated ones serve one."""

from __future__ import annotations

from typing import Literal

from iwapi.core.addresses import PoolAddress
from iwapi.store.accounts import LIVING
from iwapi.store.db import Tx

Use = Literal["any", "shared", "dedicated"]
_COLUMN = {4: "ipv4", 6: "ipv6"}
_ONLY = {"any": "", "shared": " and shared = 1", "dedicated": " and shared = 0"}


class Addresses:
    """The server's pool."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def free(self, version: Literal[4, 6], use: Use = "any") -> tuple[PoolAddress, ...]:
        """The addresses that a new account may get, shared ones first, in the pool's order."""
        rows = self._tx.all(
            f"select address, shared from address where version = ?{_ONLY[use]} and (shared = 1 or not exists"
            f" (select 1 from account where {_COLUMN[version]} = address and {LIVING}))"
            " order by shared desc, position",
            version,
        )
        return tuple(PoolAddress(address=row["address"], shared=bool(row["shared"])) for row in rows)

    def choose(self, version: Literal[4, 6]) -> str | None:
        """What an account gets when it names no address: the pool's first shared one, else a free one."""
        shared = self._tx.value(
            "select address from address where version = ? and shared = 1 order by position limit 1", version
        )
        if shared is not None:
            return str(shared)
        rest = self.free(version, "dedicated")
        return rest[0].address if rest else None

    def find(self, address: str) -> PoolAddress | None:
        """The pool's address of that name."""
        shared = self._tx.value("select shared from address where address = ?", address)
        return None if shared is None else PoolAddress(address=address, shared=bool(shared))

    def is_free(self, address: str) -> bool:
        """Whether the pool has it, and no account has it for itself."""
        found = self.find(address)
        if found is None or found.shared:
            return found is not None
        column = "ipv6" if ":" in address else "ipv4"
        return self._tx.one(f"select 1 from account where {column} = ? and {LIVING} limit 1", address) is None

    def add(self, address: str, shared: bool) -> None:
        """Put an address at the pool's end; one that is there is left as it is."""
        position = self._tx.value("select coalesce(max(position), 0) + 1 from address")
        self._tx.run(
            "insert into address (address, version, shared, position) values (?, ?, ?, ?)"
            " on conflict (address) do nothing",
            address, 6 if ":" in address else 4, int(shared), position,
        )  # fmt: skip
