"""Rules for opening an account: the Unix name that a domain suggests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from iwapi.kinds import Wrong, unix_name

_OTHER = re.compile(r"[^a-z0-9]+", re.ASCII)
_LENGTH = 8
_TRIES = 9


def unix_names(domain: str, random: Callable[[int], bytes]) -> Iterator[str]:
    """Names for a domain, best first: `example.com` gives `examplec`, `example1`, ... then random ends."""
    stem = _OTHER.sub("", domain).lstrip("0123456789")[:_LENGTH] or "site"
    yield from filter(_allowed, [stem])
    yield from filter(_allowed, (f"{stem[: _LENGTH - 1]}{number}" for number in range(1, _TRIES + 1)))
    while True:
        yield f"{stem[: _LENGTH - 2]}{int.from_bytes(random(4), 'big') % 10**6:06d}"


def _allowed(name: str) -> bool:
    try:
        unix_name(name)
    except Wrong:
        return False
    return True
