"""The gate's rules for HTTP: what a request may be before anything in it is believed.

They hold for every server that reads requests, whatever library parses the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iwapi.web.http import Response, says

HEAD = 16 * 1024  # bytes of the request line and all header fields
FIELDS = 64
BODY = 1024 * 1024  # bytes
METHODS = ("GET", "HEAD", "POST")

_TARGET = re.compile(r"/[!-~]*", re.ASCII)
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,19}", re.ASCII)
_ONCE = ("host", "content-length", "transfer-encoding", "content-type", "authorization", "origin")


@dataclass(frozen=True)
class Deadlines:
    """Seconds, none of them moved by dripping bytes.

    `head` runs from the connection or the first byte of a further request, `body` from the end of the head,
    `idle` from an answer to the next request. `stall` is for a client that does not take its answer, `linger`
    for one that still sends what was refused.
    """

    head: float = 10
    body: float = 20
    idle: float = 30
    stall: float = 60
    linger: float = 2


def refusal(method: str, target: str, version: str, fields: Mapping[str, Sequence[str]]) -> Response | None:
    """Why a request is refused as soon as its head is known; None when its body may come.

    `version` is "HTTP/1.0" or "HTTP/1.1"; the names of `fields` are in lower case.
    """
    if wrong := _malformed(target, version, fields):
        return says(400, f"400 Bad Request: {wrong}", close=True)
    if method not in METHODS:
        return says(405, "", ("Allow", ", ".join(METHODS)), close=True)
    if fields.get("expect", ["100-continue"])[0].lower() != "100-continue":
        return says(417, close=True)
    if "content-encoding" in fields:
        return says(415, "415 Unsupported Media Type: a body may not be compressed", close=True)
    if method == "POST" and "content-length" not in fields and "transfer-encoding" not in fields:
        return says(411, close=True)
    if int(fields.get("content-length", ["0"])[0]) > BODY:
        return too_large()
    return None


def too_large() -> Response:
    return says(413, f"413 Content Too Large: a body may have {BODY} bytes", close=True)


def _malformed(target: str, version: str, fields: Mapping[str, Sequence[str]]) -> str:
    """What is wrong with the form of the head; empty when nothing is."""
    for name in _ONCE:
        if len(fields.get(name, ())) > 1:
            return f"{name} was sent more than once"
    host = fields.get("host", [""])[0]
    if (version != "HTTP/1.0" or host) and not _HOST.fullmatch(host):
        return "exactly one valid host is needed"
    if not _TARGET.fullmatch(target) or "#" in target:
        return "the target must be a path"
    if "transfer-encoding" in fields and "content-length" in fields:
        return "content-length and transfer-encoding exclude each other"
    if fields.get("transfer-encoding", ["chunked"])[0].lower() != "chunked":
        return "the only transfer-encoding is chunked"
    if "transfer-encoding" in fields and version == "HTTP/1.0":
        return "HTTP/1.0 has no transfer-encoding"
    if not _LENGTH.fullmatch(fields.get("content-length", ["0"])[0]):
        return "content-length must be a number"
    return ""
