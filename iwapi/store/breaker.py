"""Who closed accounts lately, and who closed so many that an administrator must approve more."""

from __future__ import annotations

from iwapi.core.breaker import Terminations
from iwapi.core.times import moment
from iwapi.store.db import Row, Tx

COUNTED_SECONDS = 24 * 3600
"""For so long it is known who closed an account: the longest time over which that is counted."""

_BY_KEY, _BY_USER = "key:", "user:"


class Breaker:
    """Counts who closes accounts, over `seconds`."""

    def __init__(self, tx: Tx, now: int, seconds: int) -> None:
        self._tx = tx
        self._now = now
        self._since = now - seconds

    def tripped(self, who: str) -> int | None:
        """How many accounts were closed by whom that is stopped; None where it is not."""
        found = self._tx.value("select terminations from breaker where who = ?", who)
        return None if found is None else int(found)

    def count(self, who: str) -> int:
        """How many accounts somebody closed within the time."""
        return int(
            self._tx.value("select count(*) from termination where who = ? and at > ?", who, self._since)
        )

    def add(self, who: str, closed: int) -> None:
        """Count accounts that are closed in this transaction."""
        self._tx.run_many("insert into termination (who, at) values (?, ?)", [(who, self._now)] * closed)

    def trip(self, who: str, count: int) -> None:
        """Stop somebody until an administrator approves."""
        self._tx.run(
            "insert into breaker (who, tripped, terminations) values (?, ?, ?) on conflict (who) do nothing",
            who, self._now, count,
        )  # fmt: skip

    def approve(self, who: str) -> None:
        """Let somebody go on: what it closed so far is not counted any more."""
        self._tx.run("delete from breaker where who = ?", who)
        self._tx.run("delete from termination where who = ?", who)

    def of(self, who: str) -> Terminations | None:
        """What is known of somebody."""
        tripped = self._tx.one("select tripped, terminations from breaker where who = ?", who)
        if tripped is not None:
            return self._told(who, tripped["terminations"], tripped["tripped"])
        counted = self.count(who)
        return self._told(who, counted, None) if counted else None

    def list(self) -> tuple[Terminations, ...]:
        """Everybody who is stopped, then those who closed accounts within the time."""
        rows = self._tx.all(
            "select who, tripped, terminations from breaker union all"
            " select who, null, count(*) from termination where at > ?"
            " and not exists (select 1 from breaker b where b.who = termination.who) group by who",
            self._since,
        )  # fmt: skip
        rows.sort(key=lambda row: (row["tripped"] is None, row["tripped"], row["who"]))
        return tuple(self._told(row["who"], row["terminations"], row["tripped"]) for row in rows)

    def _told(self, who: str, terminations: int, tripped: int | None) -> Terminations:
        key, user = self._named(who)
        return Terminations(
            who=who, key_name=key, email=user["email"] if user else None,
            nickname=user["nickname"] if user else None, terminations=terminations,
            tripped=tripped is not None, date_tripped=None if tripped is None else moment(tripped),
        )  # fmt: skip

    def _named(self, who: str) -> tuple[str | None, Row | None]:
        """The name of the key, and its user, where they are there."""
        key = self._tx.one("select name, owner from api_key where id = ?", who.removeprefix(_BY_KEY))
        by_user = who.startswith(_BY_USER)
        owner = key["owner"] if key else int(who.removeprefix(_BY_USER)) if by_user else None
        user = self._tx.one(
            "select email, nickname from nodeworx_user where id = ? and deleted is null", owner
        )  # fmt: skip
        return key["name"] if key else None, user


def stopped(tx: Tx) -> tuple[Terminations, ...]:
    """Everybody who is stopped."""
    return tuple(one for one in Breaker(tx, 0, 0).list() if one.tripped)


def has_old(tx: Tx, now: int) -> bool:
    """Whether there are accounts whose closing is counted no more."""
    return tx.one("select 1 from termination where at <= ? limit 1", now - COUNTED_SECONDS) is not None


def forget_old(tx: Tx, now: int, most: int) -> None:
    """Count some of them no more."""
    tx.run(
        "delete from termination where id in (select id from termination where at <= ? order by at limit ?)",
        now - COUNTED_SECONDS, most,
    )  # fmt: skip
