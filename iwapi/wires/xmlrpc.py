"""XML-RPC, read: the method that a document calls, and raw values for its params.

Nothing is guessed. A number, a flag, a date or base64 that is not exactly what XML-RPC says makes the whole
call unreadable; one that is stays the text that it came as, as on the other wires. A date without a zone is
UTC.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree

from iwapi.errors import Unreadable
from iwapi.kinds import Raw
from iwapi.wires.soapdecode import base64_text

_EXTENSIONS = "{http://ws.apache.org/xmlrpc/namespaces/extensions}"
_METHOD = re.compile(r"[A-Za-z0-9_.:/]{1,100}", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_LONGEST_DOUBLE = 1_100  # characters; the smallest one needs 1,076 without an exponent
_MOMENT = re.compile(
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


@dataclass(frozen=True)
class MethodCall:
    """One call as it was sent. Its params may be secrets and are never shown."""

    method: str
    params: tuple[Raw, ...] = field(repr=False)


def read_method_call(root: etree._Element) -> MethodCall:
    """The call in a document. Raises `Unreadable`."""
    if root.tag != "methodCall":
        raise Unreadable(reason="it is not a methodCall")
    if [child.tag for child in root] not in (["methodName"], ["methodName", "params"]):
        raise Unreadable(reason="a methodCall is one methodName with at most one params after it")
    method = _text(root[0])
    if not _METHOD.fullmatch(method):
        raise Unreadable(reason="its methodName is not the name of a method")
    params = root[1] if len(root) > 1 else ()
    return MethodCall(method, tuple(_value(_only(param, "param", "value")) for param in params))


def _only(element: etree._Element, name: str, inner: str) -> etree._Element:
    """The one element that stands in an element, which has this name."""
    if element.tag != name or len(element) != 1 or element[0].tag != inner:
        raise Unreadable(reason=f"something else than a {name} with exactly one {inner} stands there")
    return element[0]


def _value(value: etree._Element) -> Raw:
    """What a `value` holds; one that names no type is a string."""
    if value.tag != "value" or len(value) > 1:
        raise Unreadable(reason="something else than a value with at most one type stands there")
    if not len(value):
        return value.text or ""
    read = _TYPES.get(value[0].tag)
    if read is None:
        raise Unreadable(reason="a value has a type that XML-RPC does not have")
    return read(value[0])


def _text(element: etree._Element) -> str:
    if len(element):
        raise Unreadable(reason="elements stand where a text is meant")
    return element.text or ""


def _integer(bits: int) -> Callable[[etree._Element], Raw]:
    def read(element: etree._Element) -> Raw:
        text = _text(element)
        if not _INTEGER.fullmatch(text) or not -(1 << bits - 1) <= int(text) < 1 << bits - 1:
            raise Unreadable(reason=f"an integer is not a whole number of {bits} bits")
        return text

    return read


def _boolean(element: etree._Element) -> Raw:
    text = _text(element)
    if text not in ("0", "1"):
        raise Unreadable(reason="a boolean is neither 0 nor 1")
    return text


def _double(element: etree._Element) -> Raw:
    text = _text(element)
    if len(text) > _LONGEST_DOUBLE or not _DOUBLE.fullmatch(text) or not math.isfinite(float(text)):
        raise Unreadable(reason="a double is not a number, or is beyond what a double can be")
    return text


def _moment(element: etree._Element) -> Raw:
    found = _MOMENT.fullmatch(_text(element))
    if found is None:
        raise Unreadable(reason="a dateTime.iso8601 has not the form 20261124T10:00:00")
    year, _, month, day, time, zone = found.groups()
    iso = f"{year}-{month}-{day}T{time}{zone or 'Z'}"
    try:
        datetime.fromisoformat(iso)
    except ValueError:
        raise Unreadable(reason="a dateTime.iso8601 is in no calendar") from None
    return iso


def _base64(element: etree._Element) -> Raw:
    return base64_text(_text(element))


def _nil(element: etree._Element) -> Raw:
    if _text(element):
        raise Unreadable(reason="a nil holds something")
    return None


def _array(element: etree._Element) -> Raw:
    return [_value(item) for item in _only(element, "array", "data")]


def _struct(element: etree._Element) -> Raw:
    found: dict[str, Raw] = {}
    for member in element:
        if member.tag != "member" or [child.tag for child in member] != ["name", "value"]:
            raise Unreadable(reason="a struct holds something else than members with one name and one value")
        name = _text(member[0])
        if name in found:
            raise Unreadable(reason="a member is given twice")
        found[name] = _value(member[1])
    return found


_TYPES: Mapping[Any, Callable[[etree._Element], Raw]] = {
    "string": _text,
    "int": _integer(32),
    "i4": _integer(32),
    "i8": _integer(64),
    f"{_EXTENSIONS}i8": _integer(64),
    "boolean": _boolean,
    "double": _double,
    "dateTime.iso8601": _moment,
    "base64": _base64,
    "nil": _nil,
    f"{_EXTENSIONS}nil": _nil,
    "array": _array,
    "struct": _struct,
}
