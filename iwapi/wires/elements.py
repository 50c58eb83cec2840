"""Values as XML elements: for each shape a function, made once, that writes a value of it as text.

The function's source is generated, as `dataclasses` does: one f-string for each struct writes an account in
two thirds of the time of a walk over its fields. Nothing stands in the source but the names of fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from iwapi.shape import Shape

_NOT_PLAIN = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def escape(text: str) -> str:
    """The text as XML character data; a character that XML cannot hold becomes U+FFFD."""
    return _NOT_PLAIN.sub(_entity, text)


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0], "\ufffd")


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


_HELPERS: dict[str, Any] = {"escape": escape, "flag": _flag, "moment": _moment}
_FORMS = {"string": "escape({})", "boolean": "flag({})", "dateTime": "moment({})", "int": "{}", "long": "{}"}


def element_writer(name: str, shape: Shape) -> Callable[[Any], str]:
    """A function that writes a value of the shape as elements of this name, in the default namespace.

    None is no element, many values are as many elements. A secret is written in clear.
    """
    scope = dict(_HELPERS)
    return _compiled(_elements(name, shape, "v", scope), scope)


def content_writer(shape: Shape) -> Callable[[Any], str]:
    """The same without the tags around it: a function that writes what a single value's element holds."""
    scope = dict(_HELPERS)
    return _compiled(f"{{{_form(shape, scope).format('v')}}}", scope)


def _compiled(template: str, scope: dict[str, Any]) -> Callable[[Any], str]:
    write: Callable[[Any], str] = eval(f"lambda v: f'{template}'", scope)  # noqa: S307
    return write


def _elements(name: str, shape: Shape, value: str, scope: dict[str, Any]) -> str:
    """The part of an f-string that writes `value`, an expression. What it calls is added to the scope."""
    start, end = f"<{name}>", f"</{name}>"
    form = _form(shape, scope)
    one = f'f"{start}{{{form.format("x")}}}{end}"'
    if shape.many:
        return f'{{"".join([{one} for x in {value}])}}'
    if shape.optional:
        return f'{{"" if (x := {value}) is None else {one}}}'
    return f"{start}{{{form.format(value)}}}{end}"


def _form(shape: Shape, scope: dict[str, Any]) -> str:
    """The call that writes what stands between the tags, with a place for the value's expression."""
    if shape.kind is not None:
        return _FORMS[shape.kind.xsd].format("{}.reveal" if shape.secret else "{}")
    members = "".join(_elements(field.name, field.shape, f"v.{field.name}", scope) for field in shape.fields)
    name = f"struct_{len(scope)}"
    scope[name] = _compiled(members, scope)
    return f"{name}({{}})"
