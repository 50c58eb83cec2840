"""The administrator's pages: which path shows what, and a page for everything that goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

from iwapi.action import Catalogue
from iwapi.asked import Dispatch
from iwapi.errors import ApiError, InternalError, NotAuthenticated
from iwapi.web.forms import BadForm, Mac
from iwapi.web.hosts import Hosts
from iwapi.web.http import Answer, Request, Response, retry_after, says
from iwapi.web.keypage import API_KEY, KeyPage
from iwapi.web.loginpage import LOG_IN, LOG_OUT, LogInPage, session_over
from iwapi.web.page import page, redirect, status_of, style
from iwapi.web.views import Runner, View

log = logging.getLogger(__name__)


class Pages:
    """The handler of the pages. `mac` makes a MAC of a text, under a key for the pages alone."""

    def __init__(self, dispatch: Dispatch, catalogue: Catalogue, hosts: Hosts, mac: Mac) -> None:
        self._runner = Runner(dispatch, catalogue)
        self._hosts = hosts
        log_in, key = LogInPage(mac, API_KEY), KeyPage(mac)
        self._paths: dict[tuple[str, str], Callable[[Request], View | Response]] = {
            ("GET", "/"): lambda _: redirect(API_KEY),
            ("GET", "/static/style.css"): lambda _: style(),
            ("GET", LOG_IN): log_in.show,
            ("POST", LOG_IN): log_in.log_in,
            ("POST", LOG_OUT): log_in.log_out,
            ("GET", API_KEY): key.show,
            ("POST", f"{API_KEY}/generate"): key.generate,
            ("POST", f"{API_KEY}/delete"): key.delete,
        }

    def __call__(self, request: Request, answer: Answer) -> None:
        if self._hosts.knows(request):
            self._runner.run(self._view(request), request, answer)
        else:
            answer(says(421, "421 Misdirected Request: this server has another name"))

    def _view(self, request: Request) -> View:
        """The view of the path that was asked for; it never raises."""
        method = "GET" if request.method == "HEAD" else request.method
        make = self._paths.get((method, request.path))
        if make is None:
            return _problem(404, "There is no such page.", request)
        try:
            made = make(request)
            return made if isinstance(made, Response) else (yield from made)
        except NotAuthenticated:
            return session_over()
        except BadForm as bad:
            return _problem(bad.status, bad.text, request)
        except ApiError as error:
            return _problem(status_of(error), error.message, request, *retry_after(error))
        except Exception:
            log.exception("a bug in a page", extra={"request_id": request.id})
            return _problem(500, InternalError.staff, request)


def _problem(status: int, text: str, request: Request, *headers: tuple[str, str]) -> Response:
    return page("problem.html", status, *headers, text=text, request_id=request.id)
