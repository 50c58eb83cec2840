"""NodeWorx > API Key: the key that is set, a new one shown this once, and its end.

A session is not enough to change a key: each change asks for the password again.
"""

from __future__ import annotations

from typing import Any

from iwapi.asked import Credentials
from iwapi.errors import ApiError, NotAuthenticated
from iwapi.kinds import Plain
from iwapi.web.forms import Mac, read_form, token_of
from iwapi.web.http import Request, retry_after
from iwapi.web.loginpage import session_of
from iwapi.web.page import page, status_of
from iwapi.web.views import View, Wish

API_KEY = "/nodeworx/apikey"

_REFUSED = "The password is not right."


class KeyPage:
    """The page of the session's user."""

    def __init__(self, mac: Mac) -> None:
        self._mac = mac

    def show(self, request: Request) -> View:
        return (yield from self._page(session_of(request)))

    def generate(self, request: Request) -> View:
        return (yield from self._change(request, "generate", "generateApiKey"))

    def delete(self, request: Request) -> View:
        return (yield from self._change(request, "delete", "deleteApiKey"))

    def _change(self, request: Request, form: str, path: str) -> View:
        session = session_of(request)
        password = read_form(request, self._mac, session.reveal, ("password",))["password"]
        user = yield Wish("ping", Credentials(session=session, browser=True))
        try:
            done = yield Wish(path, Credentials(email=user.email, password=Plain(password)))
        except ApiError as error:
            text = _REFUSED if isinstance(error, NotAuthenticated) else error.message
            view = self._page(session, status_of(error), *retry_after(error), problem={form: text})
        else:
            view = self._page(session, done={form: done})
        return (yield from view)

    def _page(self, session: Plain, status: int = 200, *headers: tuple[str, str], **about: Any) -> View:
        """The page; `done` is what a form has done, `problem` why it could not, by the form's name."""
        user = yield Wish("ping", Credentials(session=session, browser=True))
        found = yield Wish("getApiKey", Credentials(session=session, browser=True))
        token = token_of(self._mac, session.reveal)
        about = {"done": {}, "problem": {}, **about}
        return page("apikey.html", status, *headers, user=user, key=found.key, token=token, **about)
