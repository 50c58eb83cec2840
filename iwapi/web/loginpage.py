"""Logging in and out of the pages: the form, the session and its cookie."""

from __future__ import annotations

import os

from iwapi.asked import Credentials
from iwapi.core.sessions import new_token
from iwapi.errors import ApiError, NotAuthenticated
from iwapi.kinds import Plain
from iwapi.web.forms import Mac, cookie, read_form, token_of
from iwapi.web.http import Request, Response, retry_after
from iwapi.web.page import end_cookie, page, redirect, set_cookie, status_of
from iwapi.web.views import View, Wish

LOG_IN = "/nodeworx/login"
LOG_OUT = "/nodeworx/logout"

_SESSION = "__Host-session"
_VISIT = "__Host-visit"  # of a browser that has not logged in: binds the form to it
_REFUSED = "The e-mail address or the password is not right."


def session_of(request: Request) -> Plain:
    """The session that the browser holds. Raises `NotAuthenticated` where it holds none."""
    value = cookie(request, _SESSION)
    if value is None:
        raise NotAuthenticated()
    return Plain(value)


def session_over() -> Response:
    """Ask for a new log-in."""
    return redirect(LOG_IN, end_cookie(_SESSION))


class LogInPage:
    """`after` is the path to go on with."""

    def __init__(self, mac: Mac, after: str) -> None:
        self._mac = mac
        self._after = after

    def show(self, request: Request) -> Response:
        visit = cookie(request, _VISIT) or new_token(os.urandom).reveal
        return self._page(visit, 200, set_cookie(_VISIT, visit))

    def log_in(self, request: Request) -> View:
        visit = cookie(request, _VISIT) or ""
        form = read_form(request, self._mac, visit, ("email", "password"))
        sent = Credentials(email=form["email"], password=Plain(form["password"]))
        try:
            session = yield Wish("/admin/administrator/log_in", sent)
        except ApiError as error:
            text = _REFUSED if isinstance(error, NotAuthenticated) else error.message
            return self._page(visit, status_of(error), *retry_after(error), email=form["email"], problem=text)
        return redirect(self._after, set_cookie(_SESSION, session.token.reveal), end_cookie(_VISIT))

    def log_out(self, request: Request) -> View:
        session = session_of(request)
        read_form(request, self._mac, session.reveal, ())
        yield Wish("/admin/administrator/log_out", Credentials(session=session, browser=True))
        return session_over()

    def _page(
        self, visit: str, status: int, *headers: tuple[str, str], email: str = "", problem: str = ""
    ) -> Response:
        token = token_of(self._mac, visit)
        return page("login.html", status, *headers, token=token, email=email, problem=problem)
