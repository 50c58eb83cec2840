"""The users of a SiteWorx account: the account's own log-in, which is its row, and further ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from iwapi.core.siteusers import SiteUser
from iwapi.kinds import Hashed
from iwapi.store.accounts import LIVING
from iwapi.store.db import Row, Tx


@dataclass(frozen=True)
class SiteLogIn:
    """Who may log in to a SiteWorx account. The account's own log-in has neither `user_id` nor `perms`."""

    account_id: int
    owner: int
    domain: str
    email: str
    active: bool
    user_id: int | None
    perms: tuple[str, ...] | None
    password: Hashed


_ACCOUNT = "select id, owner, domain, email, state, argon2, crypt from account"
_USER = (
    "select a.id, a.owner, a.domain, u.email, a.state, u.argon2, u.crypt, u.id as user_id, u.perms"
    " from site_user u join account a on a.id = u.account_id"
)


def log_in(tx: Tx, domain: str, email: str) -> SiteLogIn | None:
    """Who logs in to the account of this main domain with this e-mail address."""
    row = tx.one(f"{_ACCOUNT} where domain = ? and {LIVING}", domain)
    if row is None or row["email"].lower() == email.lower():
        return _own(row)
    return _further(
        tx.one(f"{_USER} where u.account_id = ? and u.email = ? and u.active = 1", row["id"], email.lower())
    )


def own_log_in(tx: Tx, account_id: int) -> SiteLogIn | None:
    """The own log-in of an account."""
    return _own(tx.one(f"{_ACCOUNT} where id = ? and {LIVING}", account_id))


def _own(row: Row | None) -> SiteLogIn | None:
    if row is None:
        return None
    return SiteLogIn(
        row["id"], row["owner"], row["domain"], row["email"], row["state"] == "active", None, None,
        Hashed(row["argon2"], row["crypt"]),
    )  # fmt: skip


def _further(row: Row | None) -> SiteLogIn | None:
    if row is None:
        return None
    return SiteLogIn(
        row["id"], row["owner"], row["domain"], row["email"], row["state"] == "active", row["user_id"],
        tuple(json.loads(row["perms"])), Hashed(row["argon2"], row["crypt"]),
    )  # fmt: skip


def _user(row: Row) -> SiteUser:
    return SiteUser(
        userid=row["id"], nickname=row["nickname"], email=row["email"], ismaster=False,
        status="active" if row["active"] else "inactive", perms=tuple(json.loads(row["perms"])),
    )  # fmt: skip


class SiteUsers:
    """The further users of one account."""

    def __init__(self, tx: Tx, account_id: int) -> None:
        self._tx = tx
        self._account = account_id

    def list(self) -> tuple[SiteUser, ...]:
        """All of them, oldest first."""
        rows = self._tx.all("select * from site_user where account_id = ? order by id", self._account)
        return tuple(map(_user, rows))

    def by_id(self, user_id: int) -> SiteUser | None:
        row = self._tx.one(
            "select * from site_user where account_id = ? and id = ?", self._account, user_id
        )  # fmt: skip
        return _user(row) if row is not None else None

    def by_email(self, email: str) -> SiteUser | None:
        row = self._tx.one(
            "select * from site_user where account_id = ? and email = ?", self._account, email.lower()
        )
        return _user(row) if row is not None else None

    def count(self) -> int:
        return int(self._tx.value("select count(*) from site_user where account_id = ?", self._account))

    def add(self, email: str, nickname: str, password: Hashed, perms: Iterable[str], now: int) -> int:
        """Write a new user; its id."""
        return int(
            self._tx.value(
                "insert into site_user (account_id, email, nickname, argon2, crypt, perms, created)"
                " values (?, ?, ?, ?, ?, ?, ?) returning id",
                self._account, email.lower(), nickname, password.argon2, password.crypt,
                json.dumps(list(perms)), now,
            )
        )  # fmt: skip

    def change(
        self,
        user: SiteUser,
        email: str | None,
        nickname: str | None,
        password: Hashed | None,
        perms: Iterable[str] | None,
    ) -> None:
        """Change what is not None."""
        columns = {
            "email": email.lower() if email is not None else None,
            "nickname": nickname,
            "argon2": password.argon2 if password is not None else None,
            "crypt": password.crypt if password is not None else None,
            "perms": json.dumps(list(perms)) if perms is not None else None,
        }
        self._set(user, {name: value for name, value in columns.items() if value is not None})

    def let_in(self, user: SiteUser, active: bool) -> None:
        """Let a user log in, or refuse it."""
        self._set(user, {"active": int(active)})

    def _set(self, user: SiteUser, columns: Mapping[str, object]) -> None:
        if columns:
            sets = ", ".join(f"{name} = ?" for name in columns)
            self._tx.run(
                f"update site_user set {sets} where account_id = ? and id = ?",
                *columns.values(), self._account, user.userid,
            )  # fmt: skip

    def delete(self, user: SiteUser) -> None:
        self._tx.run("delete from site_user where account_id = ? and id = ?", self._account, user.userid)
