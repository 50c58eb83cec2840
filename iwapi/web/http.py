"""What an HTTP server hands to a handler, and what it gets back: values that know no server library."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeAlias

from iwapi.errors import ApiError, Throttled

TEXT = "text/plain; charset=utf-8"

_RETRY_SECONDS = 5
_THROTTLED_SECONDS = 60
_CHARSET = re.compile(r';\s*charset\s*=\s*("[^"]*"|[^\s;]+)', re.IGNORECASE)
_LINE_BREAK = re.compile(r"[\x00\r\n]")
_LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Request:
    """One request, with its whole body.

    `path` and `query` are as they were sent, not decoded. The names of `headers` are in lower case, the
    values of a repeated one are joined with commas. `address` is the client's IP address; `host` is its Host
    header, in lower case. The answer and the log know the request by its `id`.
    """

    id: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    address: str
    secure: bool
    host: str

    @property
    def client(self) -> str:
        """The program that the client says it is."""
        return printable(self.headers.get("user-agent", ""))

    @property
    def origin(self) -> str:
        """Scheme and host, as this client knows the server."""
        return f"{'https' if self.secure else 'http'}://{self.host}"

    @property
    def media_type(self) -> str:
        """The Content-Type in lower case, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return found[1] if found else None


@dataclass(frozen=True)
class Response:
    """One answer. It may be kept for `max_age` seconds; 0 is no-store. `close` ends the connection.

    `sent` is called, in the reactor, when all of it was handed to a connection that still stood.
    """

    status: int
    body: bytes = b""
    content_type: str = TEXT
    headers: tuple[tuple[str, str], ...] = ()
    max_age: int = 0
    close: bool = False
    sent: Callable[[], None] | None = field(default=None, repr=False, compare=False)


Answer: TypeAlias = Callable[[Response], None]
"""Called exactly once, perhaps on another thread."""

Handler: TypeAlias = Callable[[Request, Answer], None]
"""Answers one request, now or later."""


def printable(text: str) -> str:
    """What may stand in the log of a text that a client sent: it is short and breaks no line."""
    return "".join(filter(str.isprintable, text))[:_LONGEST_SHOWN]


def says(status: int, text: str = "", *headers: tuple[str, str], close: bool = False) -> Response:
    """An answer in plain text; without one it says the status in words."""
    text = text or f"{status} {HTTPStatus(status).phrase}"
    return Response(status, f"{text}\n".encode(), TEXT, headers, close=close)


def busy(text: str) -> Response:
    """The answer of a server that cannot take the request now."""
    return says(503, text, ("Retry-After", str(_RETRY_SECONDS)), close=True)


def retry_after(error: ApiError) -> tuple[tuple[str, str], ...]:
    """The header that says when the call may be tried again; none where that does not help."""
    if error.http != 503:
        return ()
    seconds = _THROTTLED_SECONDS if isinstance(error, Throttled) else _RETRY_SECONDS
    return (("Retry-After", str(seconds)),)


def write_head(response: Response, request_id: str, date: str, closing: bool) -> bytes:
    """The answer's head, with the empty line. Raises `ValueError` for a header with a line break."""
    lines = [
        f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
        f"Date: {date}",
        f"X-Request-Id: {request_id}",
        f"Cache-Control: {f'max-age={response.max_age}' if response.max_age else 'no-store'}",
        f"Content-Length: {len(response.body)}",
    ]
    if response.body:
        lines += [f"Content-Type: {response.content_type}", "X-Content-Type-Options: nosniff"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if closing:
        lines.append("Connection: close")
    if any(_LINE_BREAK.search(line) for line in lines):
        raise ValueError("a header holds a line break")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
