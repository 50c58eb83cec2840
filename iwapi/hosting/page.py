"""The pages that are the host's own: a template each, every value in them escaped."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from importlib.resources import files
from string import Template


def _template(name: str) -> Template:
    return Template(files(__package__).joinpath("pages", name).read_text("utf-8"))


_placeholder = _template("placeholder.html")
_status = _template("status.html")
_suspended = _template("suspended.html")
_unknown = _template("unknown.html")


def status(code: int) -> bytes:
    """The page that goes with an HTTP status and says no more than its name."""
    return _status.substitute(status=code, phrase=escape(HTTPStatus(code).phrase)).encode()


def unknown() -> bytes:
    """The page for a host name that no account has."""
    return _unknown.substitute().encode()


def suspended() -> bytes:
    """The page of a suspended site. Why it is suspended is its owner's business alone."""
    return _suspended.substitute().encode()


def placeholder(domain: str) -> bytes:
    """The first page of a new account, until its owner puts another in its place."""
    return _placeholder.substitute(domain=escape(domain)).encode()
