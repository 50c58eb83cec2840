"""Passwords: argon2id for the panel, a SHA-512 crypt(3) verifier for the daemons that log users in."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from passlib.hash import sha512_crypt

from iwapi.kinds import Hashed, Plain, Verifier

_CRYPT = sha512_crypt.using(rounds=5000)  # libcrypt's own number of rounds
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's argon2id: 19 MiB, t=2
sha512_crypt.using(rounds=1000).hash("")  # it sets itself up at its first use, which two threads must not do


@cache
def _dummy() -> str:
    return _HASHER.hash("no user has this password")


def digest(password: Plain) -> Hashed:
    """Both verifiers. Slow on purpose (about 20 ms of CPU), so never on the reactor or the writer."""
    text = password.reveal
    return Hashed(_HASHER.hash(text), _CRYPT.hash(text))


def matches(password: Plain, kept: Hashed | None) -> bool:
    """Whether the password is the one hashed. Where there is no user it costs the same and is False."""
    argon2 = kept.argon2 if kept else ""
    try:
        if kept and not argon2 and Verifier(kept.crypt).kept:
            return bool(sha512_crypt.verify(password.reveal, kept.crypt))
        return _HASHER.verify(argon2 or _dummy(), password.reveal) and bool(argon2)
    except (VerificationError, InvalidHashError, ValueError):  # the last for what no password can be
        return False
