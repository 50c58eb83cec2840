"""How a page leaves: from its template, under headers that allow it nothing but its own style and forms."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from iwapi.errors import ApiError, NotAuthenticated, NotPermitted, Throttled
from iwapi.kinds import UNLIMITED
from iwapi.web.http import Request, Response

STYLE = "/static/style.css"

_STYLE = resources.files("iwapi.web").joinpath("static", "style.css").read_bytes()
_STYLE_SECONDS = 600
_STATUSES = {NotAuthenticated: 403, NotPermitted: 403, Throttled: 429}

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC"


def _amount(value: int, unit: str) -> str:
    return "unlimited" if value == UNLIMITED else f"{value:,} {unit}".strip()


_templates = Environment(
    loader=PackageLoader("iwapi.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"moment": _moment, "amount": _amount}


def page(template: str, status: int = 200, *headers: tuple[str, str], **values: Any) -> Response:
    """The page of a template; every value in it is escaped."""
    body = _templates.get_template(template).render(values).encode()
    return Response(status, body, "text/html; charset=utf-8", (*_HEADERS, *headers))


def problem(status: int, text: str, request: Request, back: str, *headers: tuple[str, str]) -> Response:
    """A page that tells what went wrong; `back` is the path of the first page."""
    return page("problem.html", status, *headers, text=text, request_id=request.id, back=back)


def style() -> Response:
    return Response(200, _STYLE, "text/css; charset=utf-8", max_age=_STYLE_SECONDS)


def status_of(error: ApiError) -> int:
    """The HTTP status of a page that tells of an error."""
    mistake = 400 if error.fault == "Client" else error.http
    return _STATUSES.get(type(error), mistake)


def redirect(path: str, *headers: tuple[str, str]) -> Response:
    """Send the browser to another page, by GET."""
    return Response(303, headers=(("Location", path), *_HEADERS, *headers))


def set_cookie(name: str, value: str) -> tuple[str, str]:
    """A cookie for this host alone, over TLS or on this machine, until the browser closes."""
    return "Set-Cookie", f"{name}={value}; Secure; HttpOnly; SameSite=Strict; Path=/"


def end_cookie(name: str) -> tuple[str, str]:
    return "Set-Cookie", f"{name}=; Secure; HttpOnly; SameSite=Strict; Path=/; Max-Age=0"
