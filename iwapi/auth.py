"""Credentials -> Caller. One answer for every failure; the reason is in the log alone.

Failed log-ins are throttled by address and in all, never by key: that would be a way to lock a customer out.
A good key from a throttled address keeps working.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_network

from iwapi.action import Action
from iwapi.asked import Credentials
from iwapi.core import passwords
from iwapi.core.caller import Caller
from iwapi.core.keys import is_proven, read_key
from iwapi.core.pepper import Pepper
from iwapi.core.permissions import RESELLER, SITE_OWNER, reading, scopes_of
from iwapi.core.sessions import token_mac
from iwapi.errors import NotAuthenticated, NotPermitted, Throttled
from iwapi.kinds import Hashed, Plain, Raw, Wrong, domain
from iwapi.store import keys, siteusers
from iwapi.store.db import Tx
from iwapi.store.sessions import Session, Sessions
from iwapi.store.siteusers import SiteLogIn
from iwapi.store.users import User, Users

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
            found = self._session(tx, sent.session, sent, now)
        elif sent.email is not None and sent.password is not None:
            found = self._password(tx, sent)
        else:
            found = "no credentials that can be read were sent"
        if isinstance(found, Caller):
            return found
        _refused(sent, request_id, found)
        raise NotAuthenticated()

    def again(self, tx: Tx, sent: Credentials, caller: Caller, now: float, request_id: str) -> Caller:
        """The same caller in the committing transaction; a password is compared by its verifier."""
        if not sent.by_password:
            return self.caller(tx, sent, now, request_id)
        fresh = (
            _nodeworx(Users(tx).by_email(sent.email or ""))
            if caller.site is None
            else _site(siteusers.log_in(tx, _domain(sent), sent.email or ""))
        )
        if fresh is None or fresh.proof != caller.proof:
            _refused(sent, request_id, "the password was changed while the call waited")
            raise NotAuthenticated()
        return fresh

    def used(self, tx: Tx, sent: Credentials, caller: Caller, now: int) -> None:
        """Write the last use of a key or session."""
        if sent.apikey is not None:
            keys.used(tx, caller.proof, now, sent.address, sent.client[:200])
        elif sent.session is not None:
            Sessions(tx, now).seen(token_mac(self.pepper, sent.session))

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
        owner = _nodeworx(Users(tx).by_id(row.owner))
        if owner is None or owner.suspended:
            return f"the owner of key {key.id} is not active"
        scopes = owner.scopes
        if row.scopes is not None:
            scopes = frozenset(row.scopes) if scopes is None else scopes.intersection(row.scopes)
        stale = row.last_used is None or row.last_used <= now - keys.USED_EVERY
        placed = row.addresses is not None
        return replace(
            owner, who=f"key:{key.id}", scopes=scopes, proof=key.id, stale=stale, placed=placed,
            narrow=placed or row.scopes is not None, counted=f"key:{key.id}",
        )  # fmt: skip

    def _session(self, tx: Tx, token: Plain, sent: Credentials, now: float) -> Caller | str:
        session = Sessions(tx, int(now)).find(token_mac(self.pepper, token))
        if session is None or (session.kind == "page") != sent.browser:
            return "there is no such session"
        if session.bound not in (None, sent.address):
            return "this session is not for this address"
        if session.account_id is not None:
            owner = _site(siteusers.own_log_in(tx, session.account_id))
            if owner is None:
                return "the account of this session is closed"
        else:
            owner = _nodeworx(Users(tx).by_id(session.user_id))
            if owner is None or owner.suspended:
                return "the owner of this session is not active"
        if session.kind == "page":
            return replace(owner, stale=True)
        scopes = LINK if session.kind == "link" else _of_calls(session, owner.scopes)
        return replace(owner, scopes=scopes, narrow=True, counted=session.began_by or owner.counted)

    def _password(self, tx: Tx, sent: Credentials) -> Caller | str:
        """A NodeWorx user; where a domain is named, a user of that account too. Mostly one costs a hash."""
        assert sent.email is not None
        assert sent.password is not None
        user = Users(tx).by_email(sent.email)
        site = siteusers.log_in(tx, _domain(sent), sent.email) if sent.domain else None
        if (user is not None or site is None) and passwords.matches(
            sent.password, user.password if user else None
        ):
            found = _nodeworx(user)
        elif site is not None and passwords.matches(sent.password, site.password):
            found = _site(site)
        else:
            found = None
        return found or "e-mail and password do not match"


def permit(caller: Caller, action: Action, raw: Mapping[str, Raw]) -> None:
    """Deny unless the caller may do the action, and give each input that needs a scope of its own."""
    wanted = [action.scope]
    wanted += [
        item.scope for item in action.input.fields
        if item.scope and any(name in raw for name in (item.name, *item.old))
    ]  # fmt: skip
    for scope in wanted:
        if not caller.may(scope):
            raise NotPermitted(what=scope)


LINK = frozenset({"sessions:edit"})
"""What a link may do before it is opened: be opened."""


def _of_calls(session: Session, scopes: frozenset[str] | None) -> frozenset[str] | None:
    """What a session of calls may do: no more than its user, and than the key that began it.

    It may always be traded for the page: that tells a suspended customer why.
    """
    if session.scopes is not None:
        scopes = session.scopes if scopes is None else scopes & session.scopes
    return None if scopes is None else scopes | LINK


_SUSPENDED = frozenset({"users:read"})


def _nodeworx(user: User | None) -> Caller | None:
    """The NodeWorx user as a caller; a suspended one may only learn that it is."""
    if user is None:
        return None
    scopes = None if user.master else RESELLER
    return Caller(
        f"user:{user.email}", user.id, user.email, user.master, scopes if user.active else _SUSPENDED,
        proof=_proof(user.password), suspended=not user.active, counted=f"user:{user.id}",
    )  # fmt: skip


def _site(found: SiteLogIn | None) -> Caller | None:
    """A user of a SiteWorx account as a caller; while the account is suspended it may change nothing."""
    if found is None:
        return None
    scopes = SITE_OWNER if found.perms is None else scopes_of(found.perms)
    return Caller(
        f"site:{found.domain}:{found.email}", found.owner, found.email, False,
        scopes if found.active else reading(scopes), proof=_proof(found.password),
        site=found.account_id, site_user=found.user_id, suspended=not found.active,
    )  # fmt: skip


def _proof(password: Hashed) -> str:
    return password.argon2 or password.crypt


def _domain(sent: Credentials) -> str:
    """The domain that a log-in names, as domains are kept; one that is none is nobody's."""
    try:
        return domain((sent.domain or "").strip())
    except Wrong:
        return ""


def _refused(sent: Credentials, request_id: str, reason: str) -> None:
    about = {"request_id": request_id, "address": sent.address, "client": sent.client}
    log.warning("log-in refused: %s", reason, extra=about)
