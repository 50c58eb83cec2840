"""The methods of XML-RPC, made from the declarations: names, signatures, texts, and what params mean.

`iworx.route` is InterWorx's; every typed operation of the service is `iwapi.<operation>`; `system.*` tells of
them, without a secret, to whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from iwapi.action import Action
from iwapi.errors import UnknownAction, Unreadable
from iwapi.kinds import Raw
from iwapi.shape import Field, Shape
from iwapi.wires.credentials import OPTIONS
from iwapi.wires.faults import faults_of
from iwapi.wires.routecall import PARTS, RouteCall, route_call
from iwapi.wires.services import TypedService
from iwapi.wires.xmlrpc import MethodCall

ROUTE = "iworx.route"
PREFIX = "iwapi."
MULTICALL = "system.multicall"

_KEY = "apikey"
_TYPES = {"int": "int", "long": "int", "boolean": "boolean", "dateTime": "dateTime.iso8601"}
_FIRSTS = ("string", "struct")  # the types of a first parameter

Signature = tuple[str, ...]
"""The type of the answer, then those of the params."""


class Methods:
    """What can be called at an address; made once, at start-up."""

    def __init__(self, service: TypedService) -> None:
        self.operations: Mapping[str, Action] = {
            PREFIX + name: action for name, action in service.operations.items()
        }
        self._told: dict[str, tuple[list[Signature], str]] = {ROUTE: (_ROUTE_SIGNATURES, _ROUTE_HELP)}
        for name, action in self.operations.items():
            self._told[name] = (_signatures(action), "\n".join(_help(action)))
        self._told |= _SYSTEM
        self._system: Mapping[str, Callable[[tuple[Raw, ...]], object]] = {
            "system.listMethods": self._list,
            "system.methodSignature": lambda params: self._of(params)[0],
            "system.methodHelp": lambda params: self._of(params)[1],
        }

    def tells(self, call: MethodCall) -> object:
        """What a method of `system` answers; None for any other. Raises `Unreadable`, `UnknownAction`."""
        tell = self._system.get(call.method)
        return None if tell is None else tell(call.params)

    def unknown(self, name: str) -> UnknownAction:
        """The error for a method that is not there."""
        if name == MULTICALL:
            return UnknownAction(action=name, nearest=" Make its calls one by one.")
        (near,) = get_close_matches(name, self._told, n=1, cutoff=0)
        return UnknownAction(action=name, nearest=f" The nearest is {near}.")

    def _list(self, params: tuple[Raw, ...]) -> list[str]:
        if params:
            raise Unreadable(reason="system.listMethods takes no params")
        return list(self._told)

    def _of(self, params: tuple[Raw, ...]) -> tuple[list[Signature], str]:
        if len(params) != 1 or not isinstance(params[0], str):
            raise Unreadable(reason="the one param is the name of a method")
        if params[0] not in self._told:
            raise self.unknown(params[0][:100])
        return self._told[params[0]]


def routed(params: tuple[Raw, ...]) -> RouteCall:
    """The params of `iworx.route`, which come by position. Raises `Unreadable`."""
    if len(params) > len(PARTS):
        raise Unreadable(reason=f"the params of {ROUTE} are {', '.join(PARTS)}")
    return route_call(dict(zip(PARTS, params, strict=False)))


def operated(params: tuple[Raw, ...]) -> tuple[Raw, Mapping[str, Raw]]:
    """The params of an operation: a first parameter as that of `route`, and the inputs.

    They are two params, or one struct that holds the key, and options, beside the inputs. Raises
    `Unreadable`.
    """
    if len(params) > 2:
        raise Unreadable(reason="the params of an operation are credentials and a struct of inputs")
    first = params[0] if params else None
    if len(params) == 1 and isinstance(first, Mapping) and _KEY in first:
        aside = {name: first[name] for name in (_KEY, *OPTIONS) if name in first}
        return aside, {name: value for name, value in first.items() if name not in aside}
    sent = params[1] if len(params) == 2 else None
    if isinstance(sent, Mapping):
        return first, sent
    if sent:
        raise Unreadable(reason="the inputs of an operation are not a struct")
    return first, {}


def _signatures(action: Action) -> list[Signature]:
    answer = _type(action.answer)
    alone = [(answer, first) for first in _FIRSTS]
    both = [(answer, first, "struct") for first in _FIRSTS]
    if not action.input.fields:
        return [*alone, *both]
    return [*both, (answer, "struct")]


def _type(shape: Shape) -> str:
    if shape.many:
        return "array"
    return "struct" if shape.kind is None else _TYPES.get(shape.kind.xsd, "string")


def _help(action: Action) -> Iterator[str]:
    yield from (action.help, "")
    if action.input.fields:
        yield from ("Inputs:", *_members(action.input, _of_input), "")
    if action.answer.fields:
        yield from ("Members of the answer:", *_members(action.answer, _type_of), "")
    if action.writes:
        yield from (f"Options, beside the key: {', '.join(OPTIONS)}.", "")
    errors = ", ".join(f"{kind.number} {kind.code}" for kind in faults_of(action))
    yield f"Faults: {errors}."


def _members(shape: Shape, said: Callable[[Field], str], indent: str = "  ") -> Iterator[str]:
    for item in shape.fields:
        yield f"{indent}{item.name} ({said(item)}): {item.help}"
        yield from _members(item.shape, said, indent + "  ")


def _type_of(item: Field) -> str:
    return _type(item.shape)


def _of_input(item: Field) -> str:
    need = ["required"] if item.required else []
    kind = item.shape.kind
    allowed = [kind.allowed] if kind and kind.allowed else []
    return ", ".join([_type(item.shape), *need, *allowed])


_ROUTE_SIGNATURES: list[Signature] = [
    ("struct", first, "string", "string", *rest) for first in _FIRSTS for rest in (("struct",), ())
]
_ROUTE_HELP = """\
Do an action of a controller, as InterWorx does.

Params: apikey (a key, or a struct of apikey, of email and password, or of sessionid, each with an optional
domain, and with options), ctrl_name (as /nodeworx/siteworx), action (as listAccounts), input (a struct).
The answer is a struct of status (0 is success) and payload."""

_SYSTEM: dict[str, tuple[list[Signature], str]] = {
    "system.listMethods": ([("array",)], "The names of all methods."),
    "system.methodSignature": (
        [("array", "string")],
        "The signatures of a method: of each the type of the answer, then those of the params.",
    ),
    "system.methodHelp": ([("string", "string")], "What a method does, takes and answers."),
}
