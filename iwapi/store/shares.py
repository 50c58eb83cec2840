"""What a reseller's accounts share: the sums of what they were given, kept with every change of an account.

A limit is then checked without looking at the accounts.
"""

from __future__ import annotations

from iwapi.core import limits
from iwapi.core.resellers import ResellerLimits, Shares, given_name
from iwapi.store.db import Tx
from iwapi.store.limits import RESELLER

_SUMS = {given_name(option): option for option in limits.ACCOUNT.numbers}


def give(tx: Tx, account_id: int) -> None:
    """Count what a living account has as given by its reseller, if it has one."""
    _add(tx, account_id, "+")


def take_back(tx: Tx, account_id: int) -> None:
    """Count what a living account has as given no more: before it is closed, removed or changed."""
    _add(tx, account_id, "-")


def _add(tx: Tx, account_id: int, sign: str) -> None:
    sets = ", ".join(f"{sum_} = {sum_} {sign} a.{option.lower()}" for sum_, option in _SUMS.items())
    tx.run(
        f"update reseller set {sets} from account a"
        " where a.id = ? and a.state in ('active', 'inactive') and reseller.user_id = a.owner",
        account_id,
    )


def adrift(tx: Tx) -> tuple[str, ...]:
    """The resellers whose kept numbers are not those of their accounts, by e-mail. Looks at every account."""
    living = "from account a where a.owner = u.id and a.state in ('active', 'inactive')"
    wrong = [f"u.accounts <> (select count(*) {living})"] + [
        f"r.{sum_} <> (select coalesce(sum(a.{option.lower()}), 0) {living})"
        for sum_, option in _SUMS.items()
    ]  # fmt: skip
    rows = tx.all(
        "select u.email from reseller r join nodeworx_user u on u.id = r.user_id"
        f" where {' or '.join(wrong)} order by u.id"
    )
    return tuple(row["email"] for row in rows)


def of(tx: Tx, owner: int) -> Shares | None:
    """The shares of a reseller; None for the master, who has no limits."""
    row = tx.one(
        "select r.*, u.accounts from reseller r join nodeworx_user u on u.id = r.user_id where r.user_id = ?",
        owner,
    )
    if row is None:
        return None
    given = {option: int(row[sum_]) for sum_, option in _SUMS.items()}
    return Shares(ResellerLimits(**RESELLER.of(row)), given, row["accounts"])
