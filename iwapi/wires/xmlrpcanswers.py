"""XML-RPC, written: answers and faults, in the types that every client knows.

No `nil` and no `i8`: nothing is the empty string, an integer beyond 32 bits is a double with all its digits,
one that a double cannot hold a string. Moments are in UTC, to the second. Rows are structs, or arrays where
they are lists. Characters that XML cannot hold become U+FFFD.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from iwapi.shape import Field, Shape
from iwapi.wires.elements import escape
from iwapi.wires.routecall import Rows

CONTENT_TYPE = "text/xml; charset=utf-8"

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>'
_EXACT = 1 << 53  # doubles hold every integer up to here
_NOTHING = "<value><string></string></value>"


def write_answer(value: Any) -> bytes:
    """The document that answers with a plain value: str, int, float, bool, None, datetime, list, dict or
    `Rows`, nested at will. Raises `ValueError` for a float that is not finite."""
    return _answer(_plain(value))


def answer_writer(shape: Shape) -> Callable[[Any], bytes]:
    """A function, made once, that answers with a value of this shape. A member that is None is left out; a
    secret is written in clear."""
    write = _writer(shape)
    return lambda value: _answer(write(value))


def write_fault(number: int, text: str) -> bytes:
    """A fault with its faultCode and its faultString."""
    value = _plain({"faultCode": number, "faultString": text})
    return f"{_XML}<fault>{value}</fault></methodResponse>\n".encode()


def _answer(written: str) -> bytes:
    return f"{_XML}<params><param>{written}</param></params></methodResponse>\n".encode()


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return f"<value><boolean>{value:d}</boolean></value>"
    if isinstance(value, int):
        return _integer(value)
    if value is None:
        return _NOTHING
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Rows):
        return _plain(value.rows)
    if isinstance(value, Mapping):
        members = [f"{_name(str(name))}{_plain(member)}</member>" for name, member in value.items()]
        return _struct(members)
    return _array([_plain(item) for item in value])


def _string(text: str) -> str:
    return f"<value><string>{escape(text)}</string></value>"


def _integer(value: int) -> str:
    if -(2**31) <= value < 2**31:
        return f"<value><int>{value}</int></value>"
    if -_EXACT <= value <= _EXACT:
        return f"<value><double>{value}.0</double></value>"
    return _string(str(value))


def _double(value: float) -> str:
    """XML-RPC has no exponents: a double is its digits, as many as it takes to be read back as the same."""
    if not math.isfinite(value):
        raise ValueError("a float that is not finite")
    digits = f"{Decimal(repr(value)):f}"
    return f"<value><double>{digits if '.' in digits else digits + '.0'}</double></value>"


def _moment(value: datetime) -> str:
    text = value.astimezone(UTC).isoformat()[: len("2026-11-24T10:00:00")].replace("-", "")
    return f"<value><dateTime.iso8601>{text}</dateTime.iso8601></value>"


def _array(items: list[str]) -> str:
    return f"<value><array><data>{''.join(items)}</data></array></value>"


def _struct(members: list[str]) -> str:
    return f"<value><struct>{''.join(members)}</struct></value>"


def _name(name: str) -> str:
    return f"<member><name>{escape(name)}</name>"


def _writer(shape: Shape) -> Callable[[Any], str]:
    one = _one_writer(shape)
    if shape.many:
        return lambda value: _array([one(item) for item in value])
    return lambda value: _NOTHING if value is None else one(value)


def _one_writer(shape: Shape) -> Callable[[Any], str]:
    if shape.kind is None:
        return _struct_writer(shape.fields)
    if shape.secret:
        return lambda value: _string(value.reveal)
    return _string if shape.kind.xsd == "string" else _plain


def _struct_writer(fields: tuple[Field, ...]) -> Callable[[Any], str]:
    members = [(attrgetter(item.name), _name(item.name), _writer(item.shape)) for item in fields]

    def write(value: Any) -> str:
        given = [(name, get(value), one) for get, name, one in members]
        return _struct([f"{name}{one(found)}</member>" for name, found, one in given if found is not None])

    return write
