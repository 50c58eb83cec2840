"""Credentials -> Caller. One answer for every failure; the reason is in the log alone.

Failed log-ins are throttled by address and in all, never by key: that would be a way to lock a customer out.
A good key from a throttled address keeps working.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from ipaddress import ip_network

from iwapi.asked import Credentials
from iwapi.core import passwords
from iwapi.core.caller import Caller
from iwapi.core.keys import is_proven, read_key
from iwapi.core.pepper import Pepper
from iwapi.core.sessions import token_mac
from iwapi.errors import NotAuthenticated, Throttled
from iwapi.kinds import Plain
from iwapi.store import keys
from iwapi.store.db import Tx
from iwapi.store.users import Users

log = logging.getLogger(__name__)


class Throttle:
    """Counts failed log-ins by address and in all, over one minute; a bounded memory of addresses.

    An IPv6 network of 64 bits counts as one address: whoever has one has them all.
    """

    def __init__(self, by_address: int = 10, in_all: int = 200, addresses: int = 10_000) -> None:
        self._by_address = by_address
        self._in_all = in_all
        self._addresses = addresses
        self._minute = 0
        self._failures: dict[str, int] = {}
        self._all = 0

    def failed(self, address: str, now: float) -> bool:
        """Count a failure; whether it is the first of its address in this minute, and not one of too many."""
        self._turn(now)
        self._all += 1
        place = _place(address)
        if place not in self._failures and len(self._failures) >= self._addresses:
            return False
        self._failures[place] = self._failures.get(place, 0) + 1
        return self._failures[place] == 1 and self._all <= self._in_all

    def check(self, address: str, now: float) -> None:
        """Refuse a log-in that would cost a password check, when too many failed before it."""
        self._turn(now)
        if self._failures.get(_place(address), 0) >= self._by_address or self._all >= self._in_all:
            raise Throttled(seconds=60 - int(now) % 60)

    def _turn(self, now: float) -> None:
        if int(now) // 60 != self._minute:
            self._minute = int(now) // 60
            self._failures.clear()
            self._all = 0


def _place(address: str) -> str:
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


class Throttles:
    """A throttle for each way in, so that who guesses at the API locks no administrator out.

    Failures with keys and sessions are counted apart and refuse nobody: they cost next to nothing.
    """

    def __init__(self) -> None:
        self._public, self._private, self._cheap = Throttle(), Throttle(), Throttle()

    def of(self, sent: Credentials, public: bool) -> Throttle:
        if not sent.by_password:
            return self._cheap
        return self._public if public else self._private


@dataclass(frozen=True)
class Auth:
    """Knows callers by what they send."""

    pepper: Pepper

    def caller(self, tx: Tx, sent: Credentials, now: float, request_id: str) -> Caller:
        """Who this is, or `NotAuthenticated`. A password costs argon2: call it on the pool then.

        The log tells the reason under the id of the request.
        """
        if sent.local is not None:
            return self._local(tx, sent.local)
        if sent.apikey is not None:
            found = self._key(tx, sent.apikey, sent, now)
        elif sent.session is not None:
            found = self._session(tx, sent.session, now)
        elif sent.email is not None and sent.password is not None:
            found = self._password(tx, sent.email, sent.password)
        else:
            found = "no credentials that can be read were sent"
        if isinstance(found, Caller):
            return found
        about = {"request_id": request_id, "address": sent.address, "client": sent.client}
        log.warning("log-in refused: %s", found, extra=about)
        raise NotAuthenticated()

    def again(self, tx: Tx, sent: Credentials, caller: Caller, now: float, request_id: str) -> Caller:
        """The same caller in the committing transaction; a password is compared by its verifier."""
        if sent.by_password:
            user = Users(tx).by_email(sent.email or "")
            if user is None or not user.active or user.argon2 != caller.proof:
                raise NotAuthenticated()
            return caller
        return self.caller(tx, sent, now, request_id)

    def used(self, tx: Tx, sent: Credentials, caller: Caller, now: int) -> None:
        """Write the last use of a key or session."""
        if sent.apikey is not None:
            keys.used(tx, caller.proof, now, sent.address, sent.client[:200])
        elif sent.session is not None:
            Users(tx).seen(token_mac(self.pepper, sent.session), now)

    def _local(self, tx: Tx, user: str) -> Caller:
        master = Users(tx).master()
        if master is None:
            raise NotAuthenticated()
        return Caller(f"local:{user}", master.id, master.email, master=True)

    def _key(self, tx: Tx, text: Plain, sent: Credentials, now: float) -> Caller | str:
        key = read_key(text.reveal)
        if key is None:
            return "this is not the text of a key"
        row = keys.by_id(tx, key.id)
        if not is_proven(self.pepper, key, row, now) or row is None:
            return f"key {key.id} is not valid"
        if row.addresses is not None and sent.address not in row.addresses:
            return f"key {key.id} is not for this address"
        owner = Users(tx).by_id(row.owner)
        if owner is None or not owner.active:
            return f"the owner of key {key.id} is not active"
        scopes = None if row.scopes is None else frozenset(row.scopes)
        stale = row.last_used is None or row.last_used <= now - keys.USED_EVERY
        return Caller(f"key:{key.id}", owner.id, owner.email, owner.master, scopes, key.id, stale)

    def _session(self, tx: Tx, token: Plain, now: float) -> Caller | str:
        user = Users(tx).session_user(token_mac(self.pepper, token), int(now))
        if user is None or not user.active:
            return "there is no such session"
        return Caller(f"user:{user.email}", user.id, user.email, user.master, stale=True)

    def _password(self, tx: Tx, email: str, password: Plain) -> Caller | str:
        user = Users(tx).by_email(email)
        right = passwords.matches(password, user.argon2 if user else None)
        if user is None or not right or not user.active:
            return "e-mail and password do not match"
        return Caller(f"user:{user.email}", user.id, user.email, user.master, None, user.argon2)
