"""docs/actions.md, made from the declarations: how each action is called, what it takes, what it answers."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from iwapi.action import Action, Catalogue
from iwapi.cli.markdown import document, table
from iwapi.cli.refusals import option_name
from iwapi.shape import Field, Shape


def actions(catalogue: Catalogue, known: Mapping[str, Collection[str]]) -> str:
    """Every action that a client can call, and what it answers; then what of InterWorx's API is not offered.

    `known` are the actions of InterWorx's API by controller.
    """
    called = [action for action in catalogue.actions if action.name or action.route]
    parts: list[str] = []
    for controller in dict.fromkeys(action.controller for action in called):
        here = [action for action in called if action.controller == controller]
        parts.append(f"## `{controller}`")
        parts += [part for action in here for part in _action(action)]
        parts += [part for struct in _answered(here) for part in _struct(struct)]
    return document(
        "Actions",
        "Under each controller stand its actions: what they are called in typed SOAP, on the command line and"
        " on `route`, what they take and what they answer. The names of inputs are the same on every wire;"
        " on the command line `OPT_STORAGE` is `--opt-storage`.",
        *parts,
        *_not_offered(catalogue, known),
    )


def _not_offered(catalogue: Catalogue, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The known actions that no declaration names, in as few lines as there are controllers."""
    yield "## Not offered"
    yield (
        "InterWorx's API has these actions too. On `route` they answer status 11, \"is not offered by this"
        ' server", and name the nearest action that is, as does any name that nobody knows.'
    )
    missing = {
        controller: [name for name in names if (controller, name) not in catalogue.routed]
        for controller, names in known.items()
    }
    yield table(
        ("Controller", "Actions"),
        ((f"`{controller}`", ", ".join(names)) for controller, names in missing.items() if names),
    )


def _action(action: Action) -> Iterator[str]:
    yield f"### {action.name or action.path.removeprefix('/')}"
    yield action.help
    yield "\n".join(f"- {fact}" for fact in _facts(action))
    if action.input.fields:
        yield table(("Input", "Meaning", "Allowed", "Example"), map(_input, action.input.fields))


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
    yield table(
        ("Member", "Type", "Meaning"),
        ((f"`{item.name}`", _type(item.shape), item.help) for item in shape.fields),
    )


def _type(shape: Shape) -> str:
    name = shape.struct.__name__ if shape.struct else shape.kind.xsd if shape.kind else ""
    return f"{'many ' if shape.many else ''}`{name}`{', may be absent' if shape.optional else ''}"


def _facts(action: Action) -> Iterator[str]:
    if action.name:
        yield f"typed SOAP: `{action.name}` of `urn:iwapi:{action.service}:1`"
        yield f"command: `iwapi {action.name}{''.join(map(_shown_option, action.input.fields))}`"
    if route := action.route:
        answers = _ROUTE_ANSWERS[route.shape]
        yield f"`route`: action `{route.action}` of `{action.controller}`, answers {answers}"
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
    "flag": "true or false",
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
    elif item.default not in (None, "", ()):
        meaning.append(f"default {int(item.default) if isinstance(item.default, bool) else item.default}")
    if item.shape.many:
        meaning.append("may be repeated")
    if item.old:
        meaning.append("on `route` also " + ", ".join(f"`{name}`" for name in item.old))
    return (
        f"`{item.name}`",
        "; ".join(meaning),
        kind.allowed if kind else "",
        f"`{kind.example}`" if kind else "",
    )
