"""API keys: their text, and the row that stands for one.

A key is `IWAPI1`, 16 characters of id, 43 of secret (256 bits) and 6 of CRC, all base62, inside InterWorx's
BEGIN and END lines. Only a MAC of the secret is kept, and a MAC over the row, so that who can write the
table can neither plant nor widen a key.
"""

from __future__ import annotations

import hmac
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from iwapi.core.pepper import Pepper

PREFIX = "IWAPI1"
BEGIN = "-----BEGIN INTERWORX API KEY-----"
END = "-----END INTERWORX API KEY-----"

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID, _SECRET, _CRC = 16, 43, 6
_SECRET_BYTES = 32
_KEY = re.compile(
    rf"{PREFIX}([0-9A-Za-z]{{{_ID}}})([0-9A-Za-z]{{{_SECRET}}})([0-9A-Za-z]{{{_CRC}}})", re.ASCII
)
_SPACE = re.compile(r"\s+")
_MARKS = ("-----BEGININTERWORXAPIKEY-----", "-----ENDINTERWORXAPIKEY-----")
_LONGEST = 4096


def base62(data: bytes, width: int) -> str:
    """The bytes as base62 digits of a fixed width."""
    number = int.from_bytes(data, "big")
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def _crc(text: str) -> str:
    return base62(zlib.crc32(text.encode()).to_bytes(4, "big"), _CRC)


@dataclass(frozen=True)
class KeyText:
    """A key's two parts as a client sent them."""

    id: str
    secret: str

    def __repr__(self) -> str:
        return f"<key {self.id}>"

    @property
    def block(self) -> str:
        """The text that is shown once and that clients keep."""
        body = PREFIX + self.id + self.secret
        return f"{BEGIN}\n{body}{_crc(body)}\n{END}"


def masked(key_id: str) -> str:
    """A key as it may be shown: its id between its marker lines, and a mask in place of the secret."""
    return f"{BEGIN}\n{PREFIX}{key_id}{'*' * (_SECRET + _CRC)}\n{END}"


def new_key(random: Callable[[int], bytes]) -> KeyText:
    """A fresh key. `random` gives that many random bytes."""
    return KeyText(base62(random(11), _ID), base62(random(_SECRET_BYTES), _SECRET))


def read_key(text: str) -> KeyText | None:
    """The key in a text with any white space anywhere, with or without its marker lines; else None."""
    if len(text) > _LONGEST:
        return None
    bare = _SPACE.sub("", text)
    if bare.startswith(_MARKS[0]) and bare.endswith(_MARKS[1]):
        bare = bare[len(_MARKS[0]) : -len(_MARKS[1])]
    match = _KEY.fullmatch(bare)
    if not match or _crc(bare[:-_CRC]) != match[3]:
        return None
    return KeyText(match[1], match[2])


@dataclass(frozen=True)
class KeyRow:
    """An API key as it is kept. Times are Unix seconds; no scopes means all of its owner's rights."""

    id: str
    owner: int
    name: str
    classic: bool
    secret_mac: bytes
    row_mac: bytes
    scopes: tuple[str, ...] | None
    addresses: tuple[str, ...] | None
    created: int
    expires: int | None
    revoked: int | None
    last_used: int | None
    last_address: str | None
    last_client: str | None

    def sealed(self, pepper: Pepper) -> bytes:
        """The MAC over all that gives the key its power."""
        power = [self.id, self.owner, self.classic, self.scopes, self.addresses, self.expires]
        return pepper.mac("key row", json.dumps(power), self.secret_mac)


def secret_mac(pepper: Pepper, key: KeyText) -> bytes:
    """What is kept in place of the secret."""
    return pepper.mac("key secret", key.id, key.secret)


def is_proven(pepper: Pepper, key: KeyText, row: KeyRow | None, now: float) -> bool:
    """Whether the key opens the row. A missing row costs the same as a wrong secret."""
    wanted = secret_mac(pepper, key)
    known = hmac.compare_digest(wanted, row.secret_mac if row else wanted[::-1])
    if row is None or not known:
        return False
    sound = hmac.compare_digest(row.sealed(pepper), row.row_mac)
    return sound and row.revoked is None and (row.expires is None or now < row.expires)
