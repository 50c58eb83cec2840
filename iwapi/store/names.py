"""Who holds a name: a living account, or the owner of one that was closed, for whom it rests."""

from __future__ import annotations

from typing import Literal

from iwapi.core.suspension import BILLING, RESELLER
from iwapi.store.accounts import LIVING, reverse
from iwapi.store.db import Tx

NameKind = Literal["domain", "uniqname"]

_RESTING = "insert into resting_name (kind, name, reversed, owner, account_id, until)"
_REST = (
    " on conflict (kind, name) do update"
    " set owner = excluded.owner, account_id = excluded.account_id, until = excluded.until"
)
_ABOVE = (
    f"select {{whose}} from account where domain = ? and {LIVING} union all"
    " select a.{whose} from domain d join account a on a.id = d.account_id where d.name = ? and d.living = 1"
)
_BELOW = (
    f"select 1 from account a where reversed > ? and reversed < ? and a.{{whose}} <> ? and {LIVING} union all"
    " select 1 from domain d join account a on a.id = d.account_id"
    " where d.reversed > ? and d.reversed < ? and d.living = 1 and (a.{whose} <> ? or d.kind = ?) limit 1"
)


class Names:
    """Names as one owner may take them now; or the users of one account, to whom the owner's other accounts
    are strangers'."""

    def __init__(self, tx: Tx, owner: int, now: int, account_id: int | None = None) -> None:
        self._tx = tx
        self._owner = owner
        self._now = now
        whose, self._mine = ("owner", owner) if account_id is None else ("id", account_id)
        self._above_sql, self._below_sql = _ABOVE.format(whose=whose), _BELOW.format(whose=whose)
        # One that rested before accounts were remembered is none of this account's.
        self._resting_sql = "select 1 from resting_name where until > ? and " + (
            "owner <> ?" if account_id is None else "coalesce(account_id, 0) <> ?"
        )

    def domain_taken(self, domain: str) -> bool:
        """Whether the domain is an account's main or further one or rests for another owner, or another owner
        has one above or below it, or there is a subdomain below it, which its zone would hide."""
        return (
            self._held(domain) or self._others_above(domain) or self._below(domain, "sub")
            or self._rests("domain", domain)
        )  # fmt: skip

    def withheld(self, domain: str) -> bool:
        """Whether the domain is that of a reseller's closed account that the master suspended, while its data
        is kept; not for billing, which ends with the account."""
        found = self._tx.one(
            "select 1 from account a join nodeworx_user u on u.id = a.owner"
            " join suspension s on s.account_id = a.id where a.domain = ? and a.state = 'parked'"
            " and u.role = 'reseller' and s.by_master = 1 and s.reason not in (?, ?) limit 1",
            domain, RESELLER, BILLING,
        )  # fmt: skip
        return found is not None

    def subdomain_taken(self, domain: str) -> bool:
        """The same for a name that is to be a subdomain: it has no zone, so it hides nothing."""
        return (
            self._held(domain) or self._others_above(domain) or self._below(domain, "")
            or self._rests("domain", domain)
        )  # fmt: skip

    def zone_between(self, domain: str, above: str) -> str | None:
        """The zone that hides a name from the zone of `above`: its own or that of a name between them, if
        any."""
        labels = domain.removesuffix(above).split(".")[:-1]
        for start in range(len(labels)):
            name = ".".join([*labels[start:], above])
            if self._tx.one("select 1 from zone where name = ? and living = 1", name):
                return name
        return None

    def _held(self, domain: str) -> bool:
        held = self._tx.one(
            f"select 1 from account where domain = ? and {LIVING}"
            " union all select 1 from domain where name = ? and living = 1",
            domain, domain,
        )  # fmt: skip
        return held is not None

    def _others_above(self, domain: str) -> bool:
        """Whether the closest name above this one that is held is another's, or one above it rests for
        another owner, who could not have it back."""
        labels = domain.split(".")
        above = [".".join(labels[start:]) for start in range(1, len(labels) - 1)]
        holders = (self._tx.one(self._above_sql, name, name) for name in above)
        closest = next((holder[0] for holder in holders if holder is not None), self._mine)
        return closest != self._mine or any(self._rests("domain", name) for name in above)

    def _below(self, domain: str, kind: str) -> bool:
        """Whether another owner has a name below this one, or one rests for it, or anybody has a further one
        of that kind."""
        low, high = reverse(domain) + ".", reverse(domain) + "/"
        row = self._tx.one(self._below_sql, low, high, self._mine, low, high, self._mine, kind)
        if row is None:
            sql = f"{self._resting_sql} and kind = 'domain' and reversed > ? and reversed < ? limit 1"
            row = self._tx.one(sql, self._now, self._mine, low, high)
        return row is not None

    def uniqname_taken(self, uniqname: str) -> bool:
        """Whether the Unix name is an account's, or rests for another owner."""
        held = self._tx.one(f"select 1 from account where uniqname = ? and {LIVING}", uniqname)
        return held is not None or self._rests("uniqname", uniqname)

    def rest(self, kind: NameKind, name: str, owner: int, account_id: int, until: int) -> None:
        """Keep a name that an account had for its owner until that time."""
        self._tx.run(
            f"{_RESTING} values (?, ?, ?, ?, ?, ?){_REST}",
            kind, name, reverse(name), owner, account_id, until,
        )  # fmt: skip

    def rest_further(self, account_id: int, owner: int, until: int) -> None:
        """Keep the names that an account has beside its main domain for an owner until that time."""
        self._tx.run(
            f"{_RESTING} select 'domain', name, reversed, ?, account_id, ? from domain"
            f" where account_id = ?{_REST}",
            owner, until, account_id,
        )  # fmt: skip

    def inherit(self, domain: str, account_id: int) -> None:
        """An account is opened again: the names that the one before it had rest for it now."""
        self._tx.run(
            "update resting_name set account_id = ? where account_id = (select account_id from resting_name"
            " where kind = 'domain' and name = ? and owner = ?)",
            account_id, domain, self._owner,
        )  # fmt: skip

    def pass_on(self, owner: int) -> None:
        """Have the names that rest for this owner rest for another."""
        self._tx.run("update resting_name set owner = ? where owner = ?", owner, self._owner)

    def _rests(self, kind: NameKind, name: str) -> bool:
        sql = f"{self._resting_sql} and kind = ? and name = ?"
        return self._tx.one(sql, self._now, self._mine, kind, name) is not None


def has_rested(tx: Tx, now: int) -> bool:
    """Whether there are names whose rest is over."""
    return tx.one("select 1 from resting_name where until <= ? limit 1", now) is not None


def forget_rested(tx: Tx, now: int, most: int) -> None:
    """Forget some of the names whose rest is over."""
    tx.run(
        "delete from resting_name where (kind, name) in"
        " (select kind, name from resting_name where until <= ? order by until limit ?)",
        now, most,
    )  # fmt: skip
