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
from iwapi.web.page import STYLE, problem, redirect, status_of, style
from iwapi.web.terminationspage import APPROVE, TERMINATIONS, TerminationsPage
from iwapi.web.views import Runner, View

log = logging.getLogger(__name__)

_FIRST = "/"


class Pages:
    """The handler of the pages. `mac` makes a MAC of a text, under a key for the pages alone."""

    def __init__(self, dispatch: Dispatch, catalogue: Catalogue, hosts: Hosts, mac: Mac) -> None:
        self._runner = Runner(dispatch, catalogue)
        self._hosts = hosts
        log_in, key, terminations = LogInPage(mac, API_KEY), KeyPage(mac), TerminationsPage(mac)
        self._paths: dict[tuple[str, str], Callable[[Request], View | Response]] = {
            ("GET", _FIRST): lambda _: redirect(API_KEY),
            ("GET", STYLE): lambda _: style(),
            ("GET", LOG_IN): log_in.show,
            ("POST", LOG_IN): log_in.log_in,
            ("POST", LOG_OUT): log_in.log_out,
            ("GET", API_KEY): key.show,
            ("POST", f"{API_KEY}/generate"): key.generate,
            ("POST", f"{API_KEY}/delete"): key.delete,
            ("GET", TERMINATIONS): terminations.show,
            ("POST", APPROVE): terminations.approve,
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
            return problem(404, "There is no such page.", request, _FIRST)
        try:
            made = make(request)
            return made if isinstance(made, Response) else (yield from made)
        except NotAuthenticated:
            return session_over()
        except BadForm as bad:
            return problem(bad.status, bad.text, request, _FIRST)
        except ApiError as error:
            return problem(status_of(error), error.message, request, _FIRST, *retry_after(error))
        except Exception:
            log.exception("a bug in a page", extra={"request_id": request.id})
            return problem(500, InternalError.staff, request, _FIRST)
