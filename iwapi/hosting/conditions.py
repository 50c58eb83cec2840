"""Which part of a file a request wants: conditions (RFC 9110, 13) and one byte range (14)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

_RANGE = re.compile(rb"bytes=([0-9]{0,18})-([0-9]{0,18})")
_LAST_SECOND = 253402300799  # of the year 9999; an owner may set any time on a file
Header = Callable[[bytes], bytes | None]


@dataclass(frozen=True)
class Stamp:
    """A file's size in bytes and time of change in nanoseconds: together they name its content."""

    size: int
    modified_ns: int

    @property
    def second(self) -> int:
        return min(max(self.modified_ns // 1_000_000_000, 0), _LAST_SECOND)

    def etag(self) -> bytes:
        return b'"%x-%x"' % (self.modified_ns, self.size)

    def last_modified(self) -> bytes:
        return formatdate(self.second, usegmt=True).encode()


@dataclass(frozen=True)
class Part:
    """The status to answer with, and the bytes to send."""

    status: int
    start: int = 0
    length: int = 0


def choose(method: bytes, stamp: Stamp, header: Header) -> Part:
    """The part that a GET or HEAD asks for. A field that cannot be understood counts as not sent."""
    if _unchanged(stamp, header):
        return Part(304)
    wanted = header(b"range") if method == b"GET" else None
    if wanted is None or not _range_applies(stamp, header(b"if-range")):
        return Part(200, 0, stamp.size)
    return _slice(wanted, stamp.size)


def _unchanged(stamp: Stamp, header: Header) -> bool:
    known = header(b"if-none-match")
    if known is not None:  # then If-Modified-Since does not count
        tags = [tag.strip().removeprefix(b"W/") for tag in known.split(b",")]
        return b"*" in tags or stamp.etag() in tags
    since = header(b"if-modified-since")
    if since is None:
        return False
    try:
        return stamp.second <= parsedate_to_datetime(since.decode("ascii")).timestamp()
    except (ValueError, OverflowError):
        return False


def _range_applies(stamp: Stamp, condition: bytes | None) -> bool:
    return condition is None or condition in (stamp.etag(), stamp.last_modified())


def _slice(wanted: bytes, size: int) -> Part:
    """One range; several, or none that can be read, get the whole file, as RFC 9110 allows."""
    matched = _RANGE.fullmatch(wanted)
    if not matched or not (matched[1] or matched[2]):
        return Part(200, 0, size)
    if not matched[1]:
        length = min(int(matched[2]), size)
        return Part(206, size - length, length) if length else Part(416)
    start = int(matched[1])
    end = int(matched[2]) if matched[2] else size - 1
    if matched[2] and end < start:
        return Part(200, 0, size)
    if start >= size:
        return Part(416)
    return Part(206, start, min(end, size - 1) - start + 1)
