"""The users of a SiteWorx account: the account's own log-in, which is its row, and further ones."""

from __future__ import annotations

import json
from dataclasses import dataclass

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
