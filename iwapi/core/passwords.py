"""Passwords: argon2id for the panel, a SHA-512 crypt(3) verifier for the daemons that log users in."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from passlib.hash import sha512_crypt

from iwapi.kinds import Hashed, Plain

_CRYPT = sha512_crypt.using(rounds=5000)  # libcrypt's own number of rounds
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's argon2id: 19 MiB, t=2


@cache
def _dummy() -> str:
    return _HASHER.hash("no user has this password")


def digest(password: Plain) -> Hashed:
    """Both verifiers. Slow on purpose (about 20 ms of CPU), so never on the reactor or the writer."""
    text = password.reveal
    return Hashed(_HASHER.hash(text), _CRYPT.hash(text))


def matches(password: Plain, hashed: Hashed | None) -> bool:
    """Whether the password is the one hashed; without a hash it costs the same and is False.

    One that came as its crypt(3) hash has no argon2 verifier.
    """
    known = hashed is not None and bool(hashed.argon2)
    if hashed is not None and not known and _CRYPT.identify(hashed.crypt):
        return bool(_CRYPT.verify(password.reveal, hashed.crypt))
    try:
        return _HASHER.verify(hashed.argon2 if hashed and known else _dummy(), password.reveal) and known
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
