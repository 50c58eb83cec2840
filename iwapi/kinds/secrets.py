"""Secrets are kinds of value: masked because of what they are, wherever they stand."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated

from iwapi.kinds.base import Kind, Rules, Wrong

MASK = "********"
MAX_PASSWORD = 256
MAX_PASSWORD_BYTES = 511
"""libcrypt, with which daemons verify passwords, takes no longer one."""

MOST_ROUNDS = 100_000
"""Of a hash that a client made: what a log-in with it may cost."""

_VERIFIER = re.compile(
    r"\$6\$(?:rounds=([1-9][0-9]{3,5})\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{85}[./01]", re.ASCII
)


class Plain:
    """A secret in clear, for as long as it must be. It shows a mask, never itself."""

    __slots__ = ("reveal",)

    def __init__(self, text: str) -> None:
        self.reveal = text

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plain) and other.reveal == self.reveal

    def __hash__(self) -> int:
        return hash(self.reveal)


@dataclass(frozen=True)
class Hashed:
    """A password as it is kept: argon2id for the panel, a crypt(3) verifier for the daemons.

    A password that came as a hash has the second only.
    """

    argon2: str
    crypt: str

    def __repr__(self) -> str:
        return MASK


class Verifier(str):
    """The text of an input that a client says is a password's hash, and not the password. It shows a mask."""

    __slots__ = ()

    def __repr__(self) -> str:
        return MASK

    @property
    def kept(self) -> bool:
        """Whether it is a hash in the form that is kept here: SHA-512 crypt, as `$6$salt$...`."""
        found = _VERIFIER.fullmatch(self)
        return found is not None and int(found[1] or 5000) <= MOST_ROUNDS


_STRENGTHS = {
    "weak": "7 characters or more",
    "medium": "7 characters or more with both cases, or 12 or more",
    "strong": "7 or more with both cases and a digit, or 12 or more with a digit",
    "very strong": "12 or more with both cases, and a digit or special character",
}
STRENGTHS = tuple(_STRENGTHS)


def weakness(password: str, strength: str) -> str | None:
    """What the password lacks for the level, in words; None when it is strong enough."""
    long = len(password) >= 12
    cases = any(c.islower() for c in password) and any(c.isupper() for c in password)
    digit = re.search(r"[0-9]", password) is not None
    special = any(not c.isalnum() for c in password)
    enough = (
        len(password) >= 7
        and {
            "weak": True,
            "medium": cases or long,
            "strong": digit and (cases or long),
            "very strong": long and cases and (digit or special),
        }[strength]
    )
    return None if enough else f"This password is too weak, it must have {_STRENGTHS[strength]}"


def _new_password(text: str, rules: Rules) -> Plain | Hashed:
    if isinstance(text, Verifier):
        if not text.kept:
            raise Wrong("This is not a SHA-512 crypt hash, as $6$salt$hash")
        return Hashed("", str(text))
    if len(text) > MAX_PASSWORD:
        raise Wrong("This password is too long")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in text):
        raise Wrong("This password holds a character that is not printable")
    if len(text.encode()) > MAX_PASSWORD_BYTES:
        raise Wrong("This password is too long")
    if lack := weakness(text, rules.password_strength):
        raise Wrong(lack)
    return Plain(text)


def _secret(text: str, _: Rules) -> Plain:
    return Plain(text)


NewPassword = Annotated[
    Hashed,
    Kind("newpassword", _new_password, "string",
         f"up to {MAX_PASSWORD} printable characters and {MAX_PASSWORD_BYTES} bytes",
         "Correct-horse7", {"maxLength": MAX_PASSWORD}, secret=True, slow=True),
]  # fmt: skip
Secret = Annotated[Plain, Kind("secret", _secret, "string", "the secret as it was shown", MASK, secret=True)]
