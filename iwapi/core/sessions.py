"""A session's token: random bits that its holder keeps, and the MAC that the store keeps."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from iwapi.core.keys import base62
from iwapi.core.pepper import Pepper
from iwapi.kinds import Plain


def new_token(random: Callable[[int], bytes]) -> Plain:
    """Of a browser's session: 256 bits."""
    return Plain(base62(random(32), 43))


def new_sid(random: Callable[[int], bytes]) -> Plain:
    """Of a session of calls, or a link: 128 bits in the form that InterWorx's have, 32 hex characters."""
    return Plain(random(16).hex())


def token_mac(pepper: Pepper, token: Plain) -> bytes:
    return pepper.mac("session", token.reveal)


def as_seen(address: str) -> str:
    """An IP address as the server sees who has it: an IPv4 address inside an IPv6 one is itself."""
    named = ip_address(address)
    mapped = named.ipv4_mapped if isinstance(named, IPv6Address) else None
    return str(mapped or named)
