"""Terminations: who closed accounts lately, and a button that lets those go on who were stopped."""

from __future__ import annotations

from typing import Any

from iwapi.asked import Credentials
from iwapi.core.breaker import APPROVAL_PATH
from iwapi.errors import ApiError, NotAuthenticated, NotPermitted
from iwapi.kinds import Plain
from iwapi.web.forms import Mac, read_form, token_of
from iwapi.web.http import Request, retry_after
from iwapi.web.loginpage import session_of
from iwapi.web.page import page, status_of
from iwapi.web.views import View, Wish

TERMINATIONS = APPROVAL_PATH
APPROVE = f"{TERMINATIONS}/approve"


class TerminationsPage:
    """The page, for the master alone."""

    def __init__(self, mac: Mac) -> None:
        self._mac = mac

    def show(self, request: Request) -> View:
        return (yield from self._page(session_of(request)))

    def approve(self, request: Request) -> View:
        session = session_of(request)
        who = read_form(request, self._mac, session.reveal, ("who",))["who"]
        try:
            done = yield Wish("approveTerminations", _as(session), {"who": who})
        except (NotAuthenticated, NotPermitted):
            raise
        except ApiError as error:
            view = self._page(session, status_of(error), *retry_after(error), problem=error.message)
        else:
            view = self._page(session, done=done)
        return (yield from view)

    def _page(self, session: Plain, status: int = 200, *headers: tuple[str, str], **about: Any) -> View:
        """The page; `done` is who was approved, `problem` why nobody was."""
        user = yield Wish("ping", _as(session))
        found = yield Wish("listTerminationBreakers", _as(session))
        token = token_of(self._mac, session.reveal)
        about = {"done": None, "problem": "", **about}
        return page(
            "terminations.html", status, *headers, user=user, breakers=found.breakers, token=token, **about
        )


def _as(session: Plain) -> Credentials:
    return Credentials(session=session, browser=True)
