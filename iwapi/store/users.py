"""NodeWorx users, who own keys and accounts, and the sessions of those who logged in."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.kinds import Hashed
from iwapi.store.db import Row, Tx

IDLE_SECONDS = 15 * 60
SESSION_SECONDS = 8 * 3600
_SEEN_EVERY = 30


@dataclass(frozen=True)
class User:
    """A NodeWorx user. `argon2` is the panel's verifier of the password."""

    id: int
    email: str
    nickname: str
    master: bool
    active: bool
    argon2: str


def _user(row: Row | None) -> User | None:
    if row is None:
        return None
    return User(row["id"], row["email"], row["nickname"], row["role"] == "master",
                bool(row["active"]), row["argon2"])  # fmt: skip


class Users:
    """NodeWorx users and their sessions."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def by_id(self, user_id: int) -> User | None:
        return _user(self._tx.one("select * from nodeworx_user where id = ?", user_id))

    def by_email(self, email: str) -> User | None:
        return _user(self._tx.one("select * from nodeworx_user where email = ?", email.lower()))

    def master(self) -> User | None:
        """The master administrator."""
        return _user(self._tx.one("select * from nodeworx_user where role = 'master' order by id limit 1"))

    def add_master(self, email: str, nickname: str, password: Hashed, now: int) -> int:
        return int(
            self._tx.value(
                "insert into nodeworx_user (email, nickname, role, argon2, crypt, created)"
                " values (?, ?, 'master', ?, ?, ?) returning id",
                email.lower(), nickname, password.argon2, password.crypt, now,
            )
        )  # fmt: skip

    def set_email(self, user_id: int, email: str) -> None:
        self._tx.run("update nodeworx_user set email = ? where id = ?", email.lower(), user_id)

    def set_password(self, user_id: int, password: Hashed) -> None:
        """Change the password; sessions begun with the old one end."""
        self._tx.run("update nodeworx_user set argon2 = ?, crypt = ? where id = ?",
               password.argon2, password.crypt, user_id)  # fmt: skip
        self._tx.run("delete from session where user_id = ?", user_id)

    def add_session(self, token_mac: bytes, user_id: int, address: str, now: int) -> None:
        self._tx.run(
            "delete from session where created <= ? or seen <= ?", now - SESSION_SECONDS, now - IDLE_SECONDS
        )
        self._tx.run(
            "insert into session (token_mac, user_id, address, created, seen) values (?, ?, ?, ?, ?)",
            token_mac.hex(), user_id, address, now, now,
        )  # fmt: skip

    def end_session(self, token_mac: bytes) -> None:
        self._tx.run("delete from session where token_mac = ?", token_mac.hex())

    def session_user(self, token_mac: bytes, now: int) -> User | None:
        """Who a living session belongs to."""
        return _user(
            self._tx.one(
                "select u.* from session s join nodeworx_user u on u.id = s.user_id"
                " where s.token_mac = ? and s.created > ? and s.seen > ?",
                token_mac.hex(), now - SESSION_SECONDS, now - IDLE_SECONDS,
            )
        )  # fmt: skip

    def seen(self, token_mac: bytes, now: int) -> None:
        """Keep a session that is used from being idle."""
        self._tx.run("update session set seen = ? where token_mac = ? and seen <= ?",
               now, token_mac.hex(), now - _SEEN_EVERY)  # fmt: skip
