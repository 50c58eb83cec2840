"""NodeWorx users, who own keys and accounts. A deleted one is none: only its row is left."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.kinds import Hashed
from iwapi.store.db import Row, Tx


@dataclass(frozen=True)
class User:
    """A NodeWorx user: the master or a reseller. `password` are the verifiers of its password."""

    id: int
    email: str
    nickname: str
    master: bool
    active: bool
    password: Hashed


def _user(row: Row | None) -> User | None:
    if row is None:
        return None
    return User(row["id"], row["email"], row["nickname"], row["role"] == "master",
                bool(row["active"]), Hashed(row["argon2"], row["crypt"]))  # fmt: skip


class Users:
    """NodeWorx users."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def by_id(self, user_id: int) -> User | None:
        return _user(self._tx.one("select * from nodeworx_user where id = ? and deleted is null", user_id))

    def by_email(self, email: str) -> User | None:
        return _user(
            self._tx.one("select * from nodeworx_user where email = ? and deleted is null", email.lower())
        )

    def master(self) -> User | None:
        """The master administrator."""
        return _user(self._tx.one("select * from nodeworx_user where role = 'master' order by id limit 1"))

    def add_master(self, email: str, nickname: str, password: Hashed, now: int) -> int:
        return self._add("master", email, nickname, password, now)

    def add_reseller(self, email: str, nickname: str, password: Hashed, now: int) -> int:
        return self._add("reseller", email, nickname, password, now)

    def _add(self, role: str, email: str, nickname: str, password: Hashed, now: int) -> int:
        return int(
            self._tx.value(
                "insert into nodeworx_user (email, nickname, role, argon2, crypt, created)"
                " values (?, ?, ?, ?, ?, ?) returning id",
                email.lower(), nickname, role, password.argon2, password.crypt, now,
            )
        )  # fmt: skip

    def set_email(self, user_id: int, email: str) -> None:
        self._tx.run("update nodeworx_user set email = ? where id = ?", email.lower(), user_id)

    def set_nickname(self, user_id: int, nickname: str) -> None:
        self._tx.run("update nodeworx_user set nickname = ? where id = ?", nickname, user_id)

    def set_active(self, user_id: int, active: bool) -> None:
        """Let a user in, or refuse its keys and log-in and end its sessions."""
        self._tx.run("update nodeworx_user set active = ? where id = ?", int(active), user_id)
        if not active:
            self._end_sessions(user_id)

    def set_password(self, user_id: int, password: Hashed) -> None:
        """Give a user another password, and end its sessions."""
        self._tx.run("update nodeworx_user set argon2 = ?, crypt = ? where id = ?",
               password.argon2, password.crypt, user_id)  # fmt: skip
        self._end_sessions(user_id)

    def _end_sessions(self, user_id: int) -> None:
        """End every session that the user began, those inside accounts too."""
        self._tx.run("delete from session where user_id = ?", user_id)
