"""The pool of IP addresses: shared ones serve many accounts, dedicated ones serve one."""

from __future__ import annotations

from typing import Literal

from iwapi.core.addresses import PoolAddress
from iwapi.store.accounts import LIVING
from iwapi.store.db import Tx

Use = Literal["any", "shared", "dedicated"]
_COLUMN = {4: "ipv4", 6: "ipv6"}
_ONLY = {"any": "", "shared": " and shared = 1", "dedicated": " and shared = 0"}

# What the master's new accounts may have: every address but the dedicated ones that a reseller was given.
_NO_RESELLER_S = (
    " and (p.shared = 1 or not exists (select 1 from reseller_address r where r.address = p.address))"
)
# What a reseller's accounts may have: the addresses it was given, or every shared one where it was given
# none of that version.
_MINE = (
    " and (exists (select 1 from reseller_address r where r.user_id = ? and r.address = p.address)"
    " or (p.shared = 1 and not exists (select 1 from reseller_address r"
    " join address x on x.address = r.address where r.user_id = ? and x.version = p.version)))"
)


class Addresses:
    """The pool, or the part of it that a reseller's accounts may have."""

    def __init__(self, tx: Tx, reseller: int | None = None) -> None:
        self._tx = tx
        self._mine = "" if reseller is None else _MINE
        self._owner = () if reseller is None else (reseller, reseller)

    def free(self, version: Literal[4, 6], use: Use = "any") -> tuple[PoolAddress, ...]:
        """The addresses that a new account may get, shared ones first, in the pool's order."""
        mine = self._mine or _NO_RESELLER_S
        rows = self._tx.all(
            f"select address, shared from address p where version = ?{_ONLY[use]}{mine} and (shared = 1"
            f" or not exists (select 1 from account where {_COLUMN[version]} = p.address and {LIVING}))"
            " order by shared desc, position",
            version, *self._owner,
        )  # fmt: skip
        return tuple(PoolAddress(address=row["address"], shared=bool(row["shared"])) for row in rows)

    def all(self) -> tuple[PoolAddress, ...]:
        """Every address, in the pool's order."""
        rows = self._tx.all(
            f"select address, shared from address p where true{self._mine} order by position", *self._owner
        )
        return tuple(PoolAddress(address=row["address"], shared=bool(row["shared"])) for row in rows)

    def has(self, version: Literal[4, 6]) -> bool:
        """Whether there is any address of that version, free or not."""
        sql = f"select 1 from address p where version = ?{self._mine} limit 1"
        return self._tx.one(sql, version, *self._owner) is not None

    def choose(self, version: Literal[4, 6]) -> str | None:
        """What an account gets when it names no address: the first shared one, else a free one."""
        shared = self._tx.value(
            f"select address from address p where version = ? and shared = 1{self._mine}"
            " order by position limit 1",
            version, *self._owner,
        )  # fmt: skip
        if shared is not None:
            return str(shared)
        rest = self.free(version, "dedicated")
        return rest[0].address if rest else None

    def find(self, address: str) -> PoolAddress | None:
        """The address of that name."""
        shared = self._tx.value(
            f"select shared from address p where address = ?{self._mine}", address, *self._owner
        )
        return None if shared is None else PoolAddress(address=address, shared=bool(shared))

    def is_free(self, address: str) -> bool:
        """Whether a new account may get it: it is there, and no account has it for itself."""
        found = self.find(address)
        if found is None or found.shared:
            return found is not None
        taken = not self._mine and self._is_reseller_s(address)
        return not taken and not self._used(address)

    def may_be_given(self, address: str, reseller_id: int) -> bool:
        """Whether a reseller may be given the address: a dedicated one must be nobody else's."""
        found = self.find(address)
        if found is None or found.shared:
            return found is not None
        return not self._is_reseller_s(address, reseller_id) and not self._used(address, reseller_id)

    def _is_reseller_s(self, address: str, except_of: int = 0) -> bool:
        """Whether a reseller was given the address, that one not counted."""
        return bool(
            self._tx.one(
                "select 1 from reseller_address where address = ? and user_id <> ?", address, except_of
            )
        )

    def _used(self, address: str, except_of: int = 0) -> bool:
        """Whether an account has the address, one of that owner not counted."""
        column = "ipv6" if ":" in address else "ipv4"
        return bool(
            self._tx.one(
                f"select 1 from account where {column} = ? and owner <> ? and {LIVING} limit 1",
                address, except_of,
            )
        )  # fmt: skip

    def add(self, address: str, shared: bool) -> None:
        """Put an address at the pool's end; one that is there is left as it is."""
        position = self._tx.value("select coalesce(max(position), 0) + 1 from address")
        self._tx.run(
            "insert into address (address, version, shared, position) values (?, ?, ?, ?)"
            " on conflict (address) do nothing",
            address, 6 if ":" in address else 4, int(shared), position,
        )  # fmt: skip
