"""InterWorx's envelope: what its four parameters ask of an action, and the `{status, payload}` that answers.

Shared by SOAP and XML-RPC, whose codecs only read and write values. Inputs that InterWorx does not have are
dropped, as clients send many; one that it has and this server does not honour is refused, unless it asks for
nothing: success for work that was not done is the worst answer. So is one of this server's own that typed
operations have (a guard, a time, a reason) and the action has not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

from iwapi.action import Action, Catalogue
from iwapi.asked import Asked, Outcome
from iwapi.core.caller import ANYBODY
from iwapi.core.nothing import Nothing
from iwapi.errors import ApiError, InvalidInput, NotAuthenticated, Problem, UnknownAction
from iwapi.kinds import MASK, Raw, Verifier
from iwapi.shape import Field
from iwapi.wires.credentials import credentials_of, options_of
from iwapi.wires.nearest import nearest
from iwapi.wires.routecall import PARTS, RouteCall, Rows

OK = 0
NOT_ALL = 11
NOTHING = "(nothing)"
_MORE = "This was carried out, but more is needed. Please see details below."
_LONGEST_NAME = 64  # of a name that is repeated and compared; InterWorx's own are shorter
_UNKNOWN = "unknown"  # what the log and the audit call an action that nobody knows: its name may be a secret
NOT_HONOURED = "This input is not offered by this server"
NOT_ON_ROUTE = "This input is offered by typed operations only"
NOT_EQUAL = "This input differs from password"
NOT_A_HASH = "This server takes n, or y and a SHA-512 crypt hash as password"

_HARMLESS = frozenset(
    {"theme", "language", "menu_style", "billing_day", "perms", "database_server", "database_servers",
     "restart_httpd", "confirm_action", "inherit_nameservers", "create_mail_alias", "uni"}
)  # fmt: skip
_FLAGS = {"true": "1", "false": "0"}  # as SOAP writes them
_ROWS: dict[str, Literal["list", "map", "object"]] = {"maps": "map", "objects": "object", "lists": "list"}


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
        self._own = _own_inputs(catalogue)

    def asked(
        self, call: RouteCall, wire: Literal["route", "xmlrpc"], address: str, client: str, request_id: str
    ) -> Asked:
        """The call. An action that is not offered ends as `UnknownAction`, once the caller is known."""
        controller = "/" + call.ctrl_name.strip("/")
        action = self._catalogue.routed.get((controller, call.action))
        credentials = credentials_of(call.apikey, address, client)
        if action is None:
            return Asked(self._unknown(controller, call.action), {}, credentials, wire, request_id)
        raw = _with_hash(call.input)
        problems = (*call.problems, *_problems(action, raw), *self._not_here(action, raw))
        options = options_of(call.apikey)
        return Asked(action, raw, credentials, wire, request_id, False, problems, options)

    def answer(self, outcome: Outcome, action: Action) -> tuple[int, Any]:
        """The status and the payload."""
        if outcome.error is not None:
            return outcome.error.status, self._text(outcome.error, action)
        if kept := _but(action, outcome.answer):
            return NOT_ALL, f"{_MORE}\n{kept}\n{_usages(action)}"
        return OK, _payload(action, outcome.answer)

    def _not_here(self, action: Action, raw: Mapping[str, Raw]) -> Iterable[Problem]:
        """Inputs of this server's own that only the typed operations have."""
        taken = _taken(action)
        for name, default in self._own.get(action.controller, {}).items() if action.writes else ():
            if name not in taken and _single(raw.get(name)) not in (None, "", [], {}, default):
                yield Problem(name, _shown(name, raw[name]), NOT_ON_ROUTE)

    def _text(self, error: ApiError, action: Action) -> str:
        """A heading, the wrong inputs as clients search for them, and a line that says Usage."""
        heading = InvalidInput.staff if error.problems else error.message
        usage = "Usage: " + ", ".join(self._takes(error, action))
        return "\n".join([heading, *map(_line, error.problems), usage])

    def _takes(self, error: ApiError, action: Action) -> Iterable[str]:
        """The inputs; the actions, where this is none; for a stranger, what any call is made of."""
        if error.status == NotAuthenticated.status:
            return PARTS
        return map(_usage, action.input.fields) if action.route else self._offered(action.controller)

    def _unknown(self, controller: str, name: str) -> Action:
        """What runs in place of an action that is not offered: whoever is known is told so."""
        asked = controller[:_LONGEST_NAME], name[:_LONGEST_NAME]

        def run(_: Any, __: Nothing) -> Nothing:
            near = nearest(asked, self._catalogue.routed)
            told = f" The nearest that it offers is {' '.join(near)}." if near else ""
            raise UnknownAction(action=" ".join(asked), nearest=told)

        path = f"{controller}/{name}" if name in interworx().get(controller, {}) else _UNKNOWN
        return Action(path, ANYBODY, False, None, (UnknownAction,), run, controller, "billing", None)

    def _offered(self, controller: str) -> list[str]:
        """The actions of a controller; the controllers, where it is none."""
        actions = [name for ctrl, name in self._catalogue.routed if ctrl == controller]
        return actions or sorted({ctrl for ctrl, _ in self._catalogue.routed})


def _own_inputs(catalogue: Catalogue) -> Mapping[str, Mapping[str, Any]]:
    """By controller, inputs and their defaults of typed operations that change something, where InterWorx has
    no input of that name anywhere: no client of InterWorx's means something else by them."""
    theirs = {name for actions in interworx().values() for inputs in actions.values() for name in inputs}
    own: dict[str, dict[str, Any]] = {}
    for action in catalogue.actions:
        if action.name and action.writes:
            found = {item.name: item.default for item in action.input.fields if item.name not in theirs}
            own.setdefault(action.controller, {}).update(found)
    return own


def _with_hash(raw: Mapping[str, Raw]) -> Mapping[str, Raw]:
    """The inputs; a password says of itself that it is a hash, where `encrypted` says so."""
    password = _single(raw.get("password"))
    if raw.get("encrypted") != "y" or not isinstance(password, str):
        return raw
    return {**raw, "password": Verifier(password)}


def _single(value: Raw) -> Raw:
    """A list of one is its item."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _taken(action: Action) -> set[str]:
    return {name for item in action.input.fields for name in (item.name, *item.old)}


def _problems(action: Action, raw: Mapping[str, Raw]) -> list[Problem]:
    """Known inputs that this server does not honour and that ask for something."""
    assert action.route is not None
    taken = _taken(action)
    known = interworx().get(action.controller, {}).get(action.route.action, {})
    strangers = known.keys() - taken - _HARMLESS - {"confirm_password"}
    problems = [
        Problem(name, _shown(name, raw[name]), NOT_A_HASH if name == "encrypted" else NOT_HONOURED)
        for name in known
        if name in strangers and name in raw and _asks(raw[name], known[name]) and not _is_hash(name, raw)
    ]
    confirmed = raw.get("confirm_password")
    if "password" in taken and confirmed is not None and _single(confirmed) != _single(raw.get("password")):
        problems.append(Problem("confirm_password", _shown("confirm_password", confirmed), NOT_EQUAL))
    return problems


def _is_hash(name: str, raw: Mapping[str, Raw]) -> bool:
    """Whether the input is an `encrypted` that tells the truth, or is said of no password at all."""
    password = raw.get("password")
    if name != "encrypted" or raw[name] != "y":
        return False
    return not password or (isinstance(password, Verifier) and password.kept)


def _asks(value: Raw, default: str | None) -> bool:
    """Whether a value asks for more than what happens without it."""
    bare = _single(value)
    if not bare:
        return False
    bare = _FLAGS.get(bare, bare) if isinstance(bare, str) else bare
    return bare != default and not (default is None and bare == "0")


def _shown(name: str, value: Raw) -> str:
    """A value as it may be repeated. InterWorx's own inputs have no kind: names tell the secrets."""
    if "pass" in name:
        return MASK if value else ""
    return value[:100] if isinstance(value, str) else ""


def _but(action: Action, answer: Any) -> str:
    """What must not be taken for a success, though it was done."""
    if action.route is None or action.route.but is None:
        return ""
    rows = answer if action.answer.many else [answer]
    return "\n".join(text for row in rows if (text := action.route.but(row)))


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


def _usages(action: Action) -> str:
    """The line that ends every text but that of a success: one client shows only what stands before it, and
    another only the second line."""
    return "Usage: " + ", ".join(map(_usage, action.input.fields))


def _usage(item: Field) -> str:
    kind = item.shape.kind
    if kind is None:
        return item.name
    choices = "0|1" if kind.name == "flag" else str(kind.facets.get("enumeration", ""))
    return f"{item.name} ({choices})" if choices else item.name
