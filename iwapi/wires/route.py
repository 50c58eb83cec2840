"""InterWorx's envelope: what its four parameters ask of an action, and the `{status, payload}` that answers.

Shared by SOAP and XML-RPC, whose codecs only read and write values. Inputs that InterWorx does not have are
dropped, as clients send many; one that it has and this server does not honour is refused, unless it asks for
nothing: success for work that was not done is the worst answer.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

from iwapi.action import Action, Catalogue
from iwapi.asked import Asked, Credentials, Outcome
from iwapi.core.nothing import Nothing
from iwapi.errors import ApiError, InvalidInput, NotAuthenticated, Problem, UnknownAction
from iwapi.kinds import MASK, Plain, Raw
from iwapi.shape import Field
from iwapi.wires.phpsoap import RouteCall, Rows

OK = 0
NOTHING = "(nothing)"
_LONGEST_NAME = 200
_UNKNOWN = "unknown"  # what the log and the audit call every action that is not offered
NOT_HONOURED = "This input is not offered by this server"
NOT_EQUAL = "This input differs from password"

_HARMLESS = frozenset(
    {"theme", "language", "menu_style", "billing_day", "perms", "database_server", "database_servers",
     "restart_httpd", "confirm_action"}
)  # fmt: skip
_ROWS: dict[str, Literal["list", "map", "object"]] = {"maps": "map", "objects": "object", "lists": "list"}
_FORMS = ({"apikey"}, {"apikey", "domain"}, {"email", "password"}, {"email", "password", "domain"},
          {"sessionid"}, {"sessionid", "domain"})  # fmt: skip


@cache
def interworx() -> Mapping[str, Mapping[str, Mapping[str, str | None]]]:
    """Every controller, action and input of InterWorx's API that is publicly known, and inputs' defaults."""
    text = resources.files("iwapi.wires").joinpath("interworx.json").read_text(encoding="utf-8")
    known: Mapping[str, Mapping[str, Mapping[str, str | None]]] = json.loads(text)
    return known


class RouteWire:
    """Reads calls for the actions of a catalogue, and words their outcomes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def asked(self, call: RouteCall, address: str, client: str, request_id: str) -> Asked:
        """The call. An action that is not offered ends as `UnknownAction`, once the caller is known."""
        controller = "/" + call.ctrl_name.strip("/")
        action = self._catalogue.routed.get((controller, call.action))
        credentials = _credentials(call.apikey, address, client)
        if action is None:
            return Asked(self._unknown(controller, call.action), {}, credentials, "route", request_id)
        return Asked(
            action, call.input, credentials, "route", request_id,
            strict=False, problems=tuple(_problems(action, call.input)),
        )  # fmt: skip

    def answer(self, outcome: Outcome, action: Action) -> tuple[int, Any]:
        """The status and the payload."""
        if outcome.error is not None:
            return outcome.error.status, self._text(outcome.error, action)
        return OK, _payload(action, outcome.answer)

    def _text(self, error: ApiError, action: Action) -> str:
        """A heading, the wrong inputs as clients search for them, and a line that says Usage."""
        heading = InvalidInput.staff if error.problems else error.text
        lines = [heading, *map(_line, error.problems)]
        if error.status != NotAuthenticated.status:
            usage = map(_usage, action.input.fields) if action.route else self._offered(action.controller)
            lines.append("Usage: " + ", ".join(usage))
        return "\n".join(lines)

    def _unknown(self, controller: str, name: str) -> Action:
        """What runs in place of an action that is not offered. A limited key has no scope of its name."""
        asked = f"{controller} {name}"[:_LONGEST_NAME]

        def run(_: Any, __: Nothing) -> Nothing:
            raise UnknownAction(action=asked, nearest=self._nearest(asked))

        return Action(_UNKNOWN, asked, False, None, (UnknownAction,), run, controller, "billing", None)

    def _offered(self, controller: str) -> list[str]:
        """The actions of a controller; the controllers, where it is none."""
        actions = [name for ctrl, name in self._catalogue.routed if ctrl == controller]
        return actions or sorted({ctrl for ctrl, _ in self._catalogue.routed})

    def _nearest(self, asked: str) -> str:
        offered = [f"{ctrl} {name}" for ctrl, name in self._catalogue.routed]
        near = difflib.get_close_matches(asked, offered, 1, 0.5)
        return f" The nearest that it offers is {near[0]}." if near else ""


def _credentials(sent: Raw, address: str, client: str) -> Credentials:
    """The first parameter in any of its forms; anything else proves nothing."""
    nobody = Credentials(address=address, client=client)
    if isinstance(sent, str):
        return Credentials(apikey=Plain(sent), address=address, client=client)
    if not isinstance(sent, Mapping) or set(sent) not in _FORMS:
        return nobody
    parts = {name: value for name, value in sent.items() if isinstance(value, str)}
    if len(parts) != len(sent):
        return nobody

    def secret(name: str) -> Plain | None:
        return Plain(parts[name]) if name in parts else None

    return Credentials(
        secret("apikey"), parts.get("email"), secret("password"), secret("sessionid"), parts.get("domain"),
        address=address, client=client,
    )  # fmt: skip


def _problems(action: Action, raw: Mapping[str, Raw]) -> list[Problem]:
    """Known inputs that this server does not honour and that ask for something."""
    assert action.route is not None
    taken = {name for item in action.input.fields for name in (item.name, *item.old)}
    known = interworx().get(action.controller, {}).get(action.route.action, {})
    problems = [
        Problem(name, _shown(name, raw[name]), NOT_HONOURED)
        for name, default in known.items()
        if name in raw and name not in taken and name not in _HARMLESS and name != "confirm_password"
        and _asks(raw[name], default)
    ]  # fmt: skip
    if "password" in taken and raw.get("confirm_password") not in (None, raw.get("password")):
        problems.append(
            Problem("confirm_password", _shown("confirm_password", raw["confirm_password"]), NOT_EQUAL)
        )
    return problems


def _asks(value: Raw, default: str | None) -> bool:
    """Whether a value asks for more than what happens without it."""
    return value not in (None, "", default) and not (default is None and value in ("0", [], {}))


def _shown(name: str, value: Raw) -> str:
    """A value as it may be repeated. InterWorx's own inputs have no kind: names tell the secrets."""
    if "pass" in name:
        return MASK if value else ""
    return value[:100] if isinstance(value, str) else ""


def _payload(action: Action, answer: Any) -> Any:
    assert action.route is not None
    make, shape = action.route.answer, action.route.shape
    rows = [make(row) for row in answer] if action.answer.many else make(answer)
    if shape == "sentence":
        return "\n".join(rows) if isinstance(rows, list) else rows
    return Rows(_ROWS[shape], rows) if shape in _ROWS else rows


def _line(problem: Problem) -> str:
    """Something always stands between the field and the sentence: clients cut there."""
    said = f"{problem.field}: {problem.value or NOTHING} {problem.problem}"
    return f"{said} ({problem.allowed})" if problem.allowed else said


def _usage(item: Field) -> str:
    kind = item.shape.kind
    if kind is None:
        return item.name
    choices = "0|1" if kind.name == "flag" else str(kind.facets.get("enumeration", ""))
    return f"{item.name} ({choices})" if choices else item.name
