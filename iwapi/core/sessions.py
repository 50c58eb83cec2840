"""A session's token: 256 random bits that a browser keeps, and the MAC that the store keeps."""

from __future__ import annotations

from collections.abc import Callable

from iwapi.core.keys import base62
from iwapi.core.pepper import Pepper
from iwapi.kinds import Plain


def new_token(random: Callable[[int], bytes]) -> Plain:
    return Plain(base62(random(32), 43))


def token_mac(pepper: Pepper, token: Plain) -> bytes:
    return pepper.mac("session", token.reveal)
