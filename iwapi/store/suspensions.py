"""Why accounts are suspended: a row for each reason. An account is inactive exactly while it has a row.

`_follow` alone writes the state, the reasons and the message of living accounts, after every change of their
rows. Rows stay while an account is closed; whoever brings it back makes its state `active`, then calls
`after_restore`.
"""

from __future__ import annotations

from collections.abc import Sequence

from iwapi.core.accounts import REASONS
from iwapi.core.suspension import RESELLER
from iwapi.store.db import Tx

_LIVING = "state in ('active', 'inactive')"


def _row(what: str, reason: str) -> str:
    """A row of the account in hand. The reason's name comes from code."""
    return f"(select {what} from suspension s where s.account_id = account.id and s.reason = '{reason}')"


_STATE = (
    "case when exists (select 1 from suspension s where s.account_id = account.id)"
    " then 'inactive' else 'active' end"
)
_REASONS = "trim({})".format(
    " || ".join(f"case when exists {_row('1', reason)} then '{reason} ' else '' end" for reason in REASONS)
)
_MESSAGE = "coalesce({}, '')".format(", ".join(_row("nullif(s.message, '')", reason) for reason in REASONS))


def _follow(tx: Tx, which: str, *values: object) -> None:
    """Let living accounts be what their rows say. The message of one is that of its first reason with any."""
    tx.run(
        f"update account set state = {_STATE}, reasons = {_REASONS}, inactive_msg = {_MESSAGE}"
        f" where {_LIVING} and {which}",
        *values,
    )


class Suspensions:
    """Why one account is suspended."""

    def __init__(self, tx: Tx, account_id: int) -> None:
        self._tx = tx
        self._account = account_id

    def begin(self, reason: str, message: str, by_master: bool, now: int) -> bool:
        """Suspend it for a reason, or change that reason's message; whether anything changed.

        What the master began stays the master's, its message too.
        """
        changed = self._tx.run(
            "insert into suspension (account_id, reason, message, by_master, since) values (?, ?, ?, ?, ?)"
            " on conflict (account_id, reason) do update"
            " set message = excluded.message, by_master = excluded.by_master"
            " where excluded.by_master > suspension.by_master"
            " or (excluded.by_master = suspension.by_master and excluded.message <> suspension.message)",
            self._account, reason, message, int(by_master), now,
        )  # fmt: skip
        if changed:
            _follow(self._tx, "id = ?", self._account)
        return bool(changed)

    def is_master_s(self, reason: str) -> bool:
        """Whether the master suspended it for that reason."""
        found = self._tx.one(
            "select 1 from suspension where account_id = ? and reason = ? and by_master = 1",
            self._account, reason,
        )  # fmt: skip
        return found is not None

    def message(self, reason: str) -> str:
        """Why, in words, it is suspended for a reason; nothing where it is not."""
        found = self._tx.value(
            "select message from suspension where account_id = ? and reason = ?", self._account, reason
        )
        return str(found or "")

    def end(self, reason: str) -> bool:
        """Lift a reason; whether it was there."""
        changed = self._tx.run(
            "delete from suspension where account_id = ? and reason = ?", self._account, reason
        )
        if changed:
            _follow(self._tx, "id = ?", self._account)
        return bool(changed)


def begin_all(tx: Tx, reseller: int, message: str, now: int) -> Sequence[int]:
    """Suspend every living account of a reseller with it. The accounts that changed; each is of a new
    generation, which the caller must have built."""
    changed = _raised(
        tx, reseller, now,
        "not exists (select 1 from suspension s where s.account_id = account.id and s.reason = ?"
        " and s.message = ?)",
        RESELLER, message,
    )  # fmt: skip
    tx.run(
        "insert into suspension (account_id, reason, message, by_master, since)"
        f" select id, ?, ?, 1, ? from account where owner = ? and {_LIVING}"
        " on conflict (account_id, reason) do update set message = excluded.message",
        RESELLER, message, now, reseller,
    )  # fmt: skip
    _follow(tx, "owner = ?", reseller)
    return changed


def end_all(tx: Tx, reseller: int, now: int) -> Sequence[int]:
    """The reverse: who was suspended for another reason stays so."""
    changed = _raised(tx, reseller, now, f"exists {_row('1', RESELLER)}")
    tx.run(
        "delete from suspension where reason = ?"
        f" and account_id in (select id from account where owner = ? and {_LIVING})",
        RESELLER, reseller,
    )  # fmt: skip
    _follow(tx, "owner = ?", reseller)
    return changed


def _raised(tx: Tx, owner: int, now: int, which: str, *values: object) -> Sequence[int]:
    rows = tx.all(
        "update account set generation = generation + 1, changed = ?"
        f" where owner = ? and {_LIVING} and {which} returning id",
        now, owner, *values,
    )  # fmt: skip
    return [int(row["id"]) for row in rows]


def after_restore(tx: Tx, account_id: int, now: int) -> None:
    """Let an account that is living again be what its rows say. Its reseller may have been suspended, or
    unsuspended, while it was closed."""
    tx.run("delete from suspension where account_id = ? and reason = ?", account_id, RESELLER)
    tx.run(
        "insert into suspension (account_id, reason, message, by_master, since)"
        " select a.id, ?, u.inactive_msg, 1, ? from account a join nodeworx_user u on u.id = a.owner"
        " where a.id = ? and u.role = 'reseller' and u.active = 0",
        RESELLER, now, account_id,
    )  # fmt: skip
    _follow(tx, "id = ?", account_id)
