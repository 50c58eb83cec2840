"""The log-in forms of the API's port, and the page behind them: the state of an account, or of a user.

Billing modules post these forms, and send customers here with a link. Each request stands for itself: no
cookie is set and no session begins, so a form may come from any site.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from iwapi.action import Catalogue
from iwapi.asked import Asked, Credentials, Dispatch, Outcome
from iwapi.errors import ApiError, Throttled
from iwapi.kinds import Plain
from iwapi.web.calls import Calls
from iwapi.web.forms import BadForm, read_fields, read_query
from iwapi.web.hosts import Hosts
from iwapi.web.http import Answer, Request, Response, retry_after, says
from iwapi.web.page import STYLE, page, problem, status_of, style
from iwapi.web.statepage import state_page

WIRE = "panel"

_OPEN = "/panel/open_link"
_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_NO_LOG_IN = "This form is no log-in: its action must be login."
_OVER = "This link was used before, or its time is over. Ask for a new one, or log in."


@dataclass(frozen=True)
class Door:
    """A log-in form: where it is, what it asks for, and the action that answers."""

    path: str
    title: str
    fields: tuple[str, ...]
    action: str
    missing: str
    wrong: str


DOORS = (
    Door(
        "/nodeworx/", "NodeWorx", ("email", "password"), "/panel/show_user",
        "The e-mail address and the password are needed.",
        "The e-mail address or the password is not right.",
    ),
    Door(
        "/siteworx/", "SiteWorx", ("email", "password", "domain"), "/panel/show_site",
        "The e-mail address, the password and the domain are needed.",
        "The e-mail address, the password or the domain is not right.",
    ),
)  # fmt: skip
_PATHS = {door.path + name: door for door in DOORS for name in ("", "index", "index.php")}
_PATHS |= {door.path.rstrip("/"): door for door in DOORS}


class PanelPages:
    """The handler of the forms."""

    def __init__(self, dispatch: Dispatch, catalogue: Catalogue, hosts: Hosts) -> None:
        self._calls = Calls(dispatch, "listen")
        self._actions = {action.path: action for action in catalogue.actions}
        self._hosts = hosts

    def __call__(self, request: Request, answer: Answer) -> None:
        door = _PATHS.get(request.path)
        if request.path == STYLE and request.method != "POST":
            answer(style())
        elif door is None:
            answer(says(404))
        elif not self._hosts.knows(request):
            answer(says(421, "421 Misdirected Request: this server has another name"))
        elif _is_early(request):
            answer(says(503, "503 Service Unavailable: this page is not fetched before somebody wants it"))
        else:
            self._enter(door, request, answer)

    def _enter(self, door: Door, request: Request, answer: Answer) -> None:
        is_button = not request.body and not request.query  # WHMCS's leads here with an empty form
        try:
            sent = _log_in(door, request) if request.method == "POST" and not is_button else _link(request)
        except BadForm as bad:
            answer(problem(bad.status, bad.text, request, door.path))
            return
        if sent is None:
            answer(_form(door, Credentials()))
            return
        action = self._actions[_OPEN if sent.session else door.action]
        asked = Asked(action, {}, sent, WIRE, request.id)
        self._calls(
            request, asked, answer, partial(_answered, door, sent),
            lambda error: problem(500, error.text, request, door.path),
        )  # fmt: skip


def _log_in(door: Door, request: Request) -> Credentials:
    """The log-in that a form holds. Raises `BadForm`."""
    fields = read_fields(request, ("action", *door.fields))
    places = fields, read_query(request, ("action",))
    said = {place["action"] for place in places if "action" in place}
    if said != {"login"}:
        raise BadForm(400, _NO_LOG_IN)
    if not all(map(fields.get, door.fields)):
        raise BadForm(400, door.missing)
    return Credentials(
        email=fields["email"], password=Plain(fields["password"]), domain=fields.get("domain"),
        address=request.address, client=request.client,
    )  # fmt: skip


def _link(request: Request) -> Credentials | None:
    """The link that a browser opens; a HEAD only looks, and opens nothing. Raises `BadForm`."""
    sid = read_query(request, ("sid",)).get("sid")
    if not sid or request.method == "HEAD":
        return None
    return Credentials(session=Plain(sid), address=request.address, client=request.client)


def _is_early(request: Request) -> bool:
    """Whether a browser fetches the page in case it is wanted: a link would be spent on it. What is refused
    is fetched again when somebody does want it."""
    said = [request.headers.get(name, "").lower() for name in _PURPOSES]
    return any("prefetch" in purpose or "preview" in purpose for purpose in said)


def _answered(door: Door, sent: Credentials, outcome: Outcome) -> Response:
    if outcome.error is not None:
        return _refused(door, sent, outcome.error)
    return state_page(outcome.answer)


def _refused(door: Door, sent: Credentials, error: ApiError) -> Response:
    """The form again, with what is to be said: of a wrong log-in always the same."""
    if isinstance(error, Throttled) or error.fault == "Server":
        return _form(door, sent, status_of(error), error.message, *retry_after(error))
    return _form(door, sent, 403, _OVER if sent.session else door.wrong)


def _form(
    door: Door, sent: Credentials, status: int = 200, problem: str = "", *headers: tuple[str, str]
) -> Response:
    return page("door.html", status, *headers, door=door, sent=sent, problem=problem)
