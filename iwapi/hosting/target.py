"""What a request for a page names: a host, and a path taken apart. Anything ambiguous is refused here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*+|\[[0-9a-f:.]+\])\.?(?::[0-9]{{0,5}})?", re.ASCII)
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BAD_BYTE = re.compile(rb"[\x00-\x1f\x7f\\/]")


class BadTarget(ValueError):
    """The request names no page that could exist."""


@dataclass(frozen=True)
class Target:
    """`host` is lower case, without port; `segments` are decoded, none is empty, `.` or `..`.

    `folder` says that the path ended with a slash. `query` is as sent, without its question mark.
    """

    host: str
    segments: tuple[bytes, ...]
    folder: bool
    query: bytes = b""

    def path(self, slash: bool = False) -> bytes:
        """The path and the query; as a folder's, where the slash is missing. Made from the segments, it
        cannot name another host."""
        path = b"".join(b"/" + quote(segment).encode() for segment in self.segments)
        if slash or self.folder or not self.segments:
            path += b"/"
        return path + (b"?" + self.query if self.query else b"")

    @property
    def hidden(self) -> bool:
        """Whether the path goes through a dot file, other than RFC 8615's folder at the root."""
        shown = self.segments[1:] if self.segments[:1] == (b".well-known",) else self.segments
        return any(segment.startswith(b".") for segment in shown)


def read_target(uri: bytes, hosts: Sequence[bytes]) -> Target:
    """The target of a request line's `uri` and its Host fields. Raises BadTarget."""
    if len(hosts) != 1:
        raise BadTarget("exactly one Host field is required")
    host = hosts[0]
    scheme, separator, rest = uri.partition(b"://")
    if separator and scheme.lower() == b"http":  # the absolute form overrides the Host field, RFC 9112 3.2.2
        host, slash, rest = rest.partition(b"/")
        uri = slash + rest
    path, _, query = uri.partition(b"?")
    if not path.startswith(b"/"):
        raise BadTarget("the path must begin with a slash")
    return Target(_host(host), _segments(path), path.endswith(b"/"), query)


def _host(field: bytes) -> str:
    matched = _HOST.fullmatch(field.decode("latin-1").lower())
    if not matched or len(matched[1]) > 253:
        raise BadTarget("the host is not a domain name")
    return matched[1]


def _segments(path: bytes) -> tuple[bytes, ...]:
    segments = [segment for segment in path.split(b"/") if segment]
    if b"%" in path:
        if _BAD_ESCAPE.search(path):
            raise BadTarget("a percent sign must be followed by two hexadecimal digits")
        segments = [unquote_to_bytes(segment) for segment in segments]
    if any(segment in (b".", b"..") or _BAD_BYTE.search(segment) for segment in segments):
        raise BadTarget("the path has parts that no file can have")
    return tuple(segments)
