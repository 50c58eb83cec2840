"""The documents that are made from the code: actions, settings, errors. Markdown, the same at every run."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from iwapi.action import Action, Catalogue
from iwapi.cli.refusals import EXIT_CODES, exit_code, option_name
from iwapi.config import ENVIRONMENT, SETTINGS
from iwapi.errors import CATALOGUE
from iwapi.shape import Field, Shape

_MADE = "<!-- Made from the code by `make contract`. Do not edit. -->"


def configuration() -> str:
    """Every setting."""
    rows = [
        (f"`{item.name}`", item.kind, f"`{_toml(item.default)}`", item.help, f"`{ENVIRONMENT}{item.name.upper()}`")
        for item in SETTINGS
    ]  # fmt: skip
    return _document(
        "Configuration",
        "One TOML file holds the settings: the one that `--config` names, or `IWAPI_CONFIG`, or else `iwapi.toml`"
        " in the state folder. A variable of the environment wins over the file; a list is written with commas"
        " there. A key that is not known is an error that names its line: `iwapi check-config` tells them all.",
        "The state folder is named by `--state` or `IWAPI_STATE`; it is `/var/lib/iwapi` otherwise.",
        *_table(("Key", "Value", "Default", "Meaning", "Environment"), rows),
    )


def _toml(value: Any) -> str:
    """A default as it is written in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    return f"[{', '.join(_toml(_endpoint(item)) for item in value)}]"


def _endpoint(item: Any) -> str:
    if isinstance(item, str):
        return item
    host, port = item
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def errors() -> str:
    """The catalogue of errors, and the exit codes of the command."""
    rows = [
        (f"`{code}`", kind.number, kind.status, kind.fault, "yes" if kind.retryable else "no",
         exit_code(kind), (kind.__doc__ or "").strip())
        for code, kind in CATALOGUE.items()
    ]  # fmt: skip
    texts = [(f"`{code}`", kind.staff, kind.customer) for code, kind in CATALOGUE.items()]
    return _document(
        "Errors",
        "Every wire tells the same errors. Typed SOAP answers a fault whose detail holds the code and each wrong"
        " input; `route` answers a status with a payload; XML-RPC will answer a fault with the number; the"
        " `iwapi` command ends with an exit code. A retryable error may be gone when the same call is repeated.",
        *_table(("Code", "Number", "Status of `route`", "SOAP fault", "Retryable", "Exit code", "Meaning"), rows),
        "## Texts",
        "The first is for staff, the second can be shown to a customer.",
        *_table(("Code", "Staff", "Customer"), texts),
        "## Exit codes of the command",
        *_table(("Exit code", "Meaning"), EXIT_CODES.items()),
    )


def actions(catalogue: Catalogue) -> str:
    """Every action that a client can call, and what it answers."""
    called = [action for action in catalogue.actions if action.name or action.route]
    parts: list[str] = []
    for controller in dict.fromkeys(action.controller for action in called):
        here = [action for action in called if action.controller == controller]
        parts.append(f"## `{controller}`")
        parts += [part for action in here for part in _action(action)]
        parts += [part for struct in _answered(here) for part in _struct(struct)]
    return _document(
        "Actions",
        "Under each controller stand its actions: what they are called in typed SOAP and on the command line, what"
        " `route` calls them, what they take and what they answer. The names of inputs are the same on every"
        " wire; on the command line `OPT_STORAGE` is `--opt-storage`.",
        *parts,
    )


def _action(action: Action) -> Iterator[str]:
    yield f"### {action.name or action.path.removeprefix('/')}"
    yield action.help
    yield "\n".join(f"- {fact}" for fact in _facts(action))
    if action.input.fields:
        yield from _table(("Input", "Meaning", "Allowed", "Example"), map(_input, action.input.fields))


def _answered(actions: Iterable[Action]) -> list[Shape]:
    """The structures in the answers, each once."""
    found: dict[type, Shape] = {}
    shapes = [action.answer for action in actions]
    for shape in shapes:
        if shape.struct is not None and shape.struct not in found:
            found[shape.struct] = shape
            shapes += [item.shape for item in shape.fields]
    return list(found.values())


def _struct(shape: Shape) -> Iterator[str]:
    assert shape.struct is not None
    yield f"### Answer `{shape.struct.__name__}`"
    yield inspect.getdoc(shape.struct) or ""
    yield from _table(("Member", "Type", "Meaning"), ((f"`{item.name}`", _type(item.shape), item.help) for item in shape.fields))


def _type(shape: Shape) -> str:
    name = shape.struct.__name__ if shape.struct else shape.kind.xsd if shape.kind else ""
    return f"{'many ' if shape.many else ''}`{name}`{', may be absent' if shape.optional else ''}"


def _facts(action: Action) -> Iterator[str]:
    if action.name:
        yield f"typed SOAP: `{action.name}` of `urn:iwapi:{action.service}:1`"
        yield f"command: `iwapi {action.name}{''.join(map(_shown_option, action.input.fields))}`"
    if route := action.route:
        yield f"`route`: action `{route.action}` of `{action.controller}`, answers {_ROUTE_ANSWERS[route.shape]}"
    if action.answer.fields:
        yield f"answers: {_type(action.answer)}"
    yield f"scope: `{action.scope}`" + (", changes something" if action.writes else "")
    for item in action.input.fields:
        if item.scope:
            yield f"`{item.name}` needs the scope `{item.scope}` too"
    if action.raises:
        yield "errors of its own: " + ", ".join(f"`{kind.code}`" for kind in action.raises)


_ROUTE_ANSWERS = {
    "sentence": "a sentence",
    "map": "one map",
    "maps": "rows that are maps",
    "objects": "rows that are objects",
    "lists": "rows that are lists",
}


def _shown_option(item: Field) -> str:
    """A required input in the example of a command line; a secret is not one of its words."""
    if not item.required or item.shape.secret or item.shape.kind is None:
        return ""
    return f" {option_name(item.name)} {item.shape.kind.example}"


def _input(item: Field) -> Sequence[object]:
    kind = item.shape.kind
    meaning = [item.help]
    if item.required:
        meaning.append("**required**")
    elif item.default not in (None, ""):
        meaning.append(f"default {int(item.default) if isinstance(item.default, bool) else item.default}")
    if item.shape.many:
        meaning.append("may be repeated")
    if item.old:
        meaning.append("on `route` also " + ", ".join(f"`{name}`" for name in item.old))
    return f"`{item.name}`", "; ".join(meaning), kind.allowed if kind else "", f"`{kind.example}`" if kind else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    lines = [head, ["---"] * len(head), *rows]
    yield "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _document(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", _MADE, *parts]) + "\n"
