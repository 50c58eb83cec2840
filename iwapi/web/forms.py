"""Forms that browsers and programs send: what they say, and whether they came from a page of ours."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias
from urllib.parse import parse_qsl

from iwapi.web.http import Request

Mac: TypeAlias = Callable[[str], bytes]

FORM = "application/x-www-form-urlencoded"
LONGEST = 16 * 1024  # bytes
TOKEN = "token"
"""The field that proves that the form is ours."""

_MOST_FIELDS = 64
_COOKIE = re.compile(r"[0-9A-Za-z]{1,128}", re.ASCII)
_STALE = "This form is no longer valid. Go back, load the page again, and repeat what you did."


class BadForm(Exception):
    """A form that is not taken: the HTTP status, and why in one sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def cookie(request: Request, name: str) -> str | None:
    """The value of a cookie that was sent once and looks like ours."""
    parts = [part.strip().partition("=") for part in request.headers.get("cookie", "").split(";")]
    values = [value for key, _, value in parts if key == name]
    return values[0] if len(values) == 1 and _COOKIE.fullmatch(values[0]) else None


def token_of(mac: Mac, secret: str) -> str:
    """The token of forms for the browser that holds the cookie `secret`."""
    return mac(secret).hex()


def read_form(request: Request, mac: Mac, secret: str, names: Sequence[str]) -> dict[str, str]:
    """The fields of a form, exactly these, each once. Raises `BadForm`.

    It must have been sent by a page of this origin, with the token of the cookie `secret`.
    """
    if not _is_ours(request):
        raise BadForm(403, "This form was sent from another site.")
    form = dict(_sent(request, len(names) + 1, True))
    if form.keys() != {TOKEN, *names}:
        raise BadForm(400, "This form has not the fields it should have.")
    if not hmac.compare_digest(form[TOKEN].encode(), token_of(mac, secret).encode()):
        raise BadForm(403, _STALE)
    return form


def read_fields(request: Request, names: Sequence[str]) -> dict[str, str]:
    """Those of the fields that a form holds, whoever sent it; others in it are ignored. Raises `BadForm`."""
    return _named(_sent(request, _MOST_FIELDS, False), names)


def read_query(request: Request, names: Sequence[str]) -> dict[str, str]:
    """Those of the fields that the query holds; others in it are ignored. Raises `BadForm`."""
    return _named(_parsed(request.query.encode(), _MOST_FIELDS, False), names)


def _named(pairs: Sequence[tuple[str, str]], names: Sequence[str]) -> dict[str, str]:
    found = [(name, value) for name, value in pairs if name in names]
    if len(dict(found)) < len(found):
        raise BadForm(400, "This form has a field more than once.")
    return dict(found)


def _sent(request: Request, most: int, strict: bool) -> list[tuple[str, str]]:
    """The fields of the body."""
    if request.media_type != FORM:
        raise BadForm(415, f"A form is sent as {FORM}.")
    if len(request.body) > LONGEST:
        raise BadForm(413, "This form is too long.")
    return _parsed(request.body, most, strict)


def _parsed(encoded: bytes, most: int, strict: bool) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), True, strict, errors="strict", max_num_fields=most)
    except ValueError:
        raise BadForm(400, "This form cannot be read.") from None


def _is_ours(request: Request) -> bool:
    """Browsers say where a form comes from; under `no-referrer` some do so in Sec-Fetch-Site alone."""
    site = request.headers.get("sec-fetch-site")
    return site == "same-origin" if site is not None else request.headers.get("origin") == request.origin
