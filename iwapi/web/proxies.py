"""Where a request really came from: forwarded-for headers count only when a configured proxy wrote them."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping


def origin_of(
    peer: str, secure: bool, headers: Mapping[str, str], proxies: Collection[str]
) -> tuple[str, bool]:
    """The client's IP address, and whether it spoke TLS.

    Each proxy adds the address that it saw at the end of X-Forwarded-For: the last one that is no proxy of
    ours is the client, and whatever stands before it is the client's own invention.
    """
    address = _plain(peer) or peer
    if address not in proxies:
        return address, secure
    for text in reversed(headers.get("x-forwarded-for", "").split(",")):
        seen = _plain(text.strip())
        if seen is None:
            break
        address = seen
        if address not in proxies:
            break
    protocol = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
    return address, protocol == "https" if protocol else secure


def _plain(text: str) -> str | None:
    """An address as it is compared: an IPv4 address that came through an IPv6 socket is itself again."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
