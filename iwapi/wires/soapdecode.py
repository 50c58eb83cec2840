"""Values in SOAP's own encoding (rpc/encoded), read: elements to raw values.

Only the local name of a type counts: toolkits disagree about namespaces, and agree about what a Map, an Array
or a Struct is. A scalar is its text, whatever type it claims: a password `0123` may come as an integer. Only
base64 stands for another text: Perl's SOAP::Lite sends every text in it that is not ASCII.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from lxml import etree

from iwapi.errors import Unreadable
from iwapi.kinds import Raw
from iwapi.wires.gate import DEPTH, ELEMENTS, ENCODING_12
from iwapi.wires.prolog import SPACE

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ENCODING_11 = "{http://schemas.xmlsoap.org/soap/encoding/}"
_CHARACTERS = 1 << 20  # of all values that references stand for

_BASE64 = ("base64Binary", "base64")
_SPACES = re.compile(f"[{SPACE}]+")
_BAD_ITEM = "an item of a Map does not hold one key and one value"


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def base64_text(text: str) -> str:
    """The text that base64 stands for. Raises `Unreadable`."""
    try:
        return base64.b64decode(_SPACES.sub("", text), validate=True).decode()
    except ValueError:
        raise Unreadable(reason="a base64 does not hold a text in UTF-8") from None


class Decoder:
    """Reads the values of one message. References are looked up in `scope`, the elements of its Body."""

    def __init__(self, *scope: etree._Element) -> None:
        self._scope = scope
        self._targets: dict[str, etree._Element] = {}
        self._open: list[str] = []  # the references that are being followed
        self._elements = 0  # with those that references stand for
        self._characters = 0

    def read(self, element: etree._Element, depth: int = 1) -> Raw:
        """The raw value of an element: its text, None for nil, a list or a struct. Raises `Unreadable`.

        `depth` counts the values around it.
        """
        if not len(element):
            text = element.text or ""
            if not text.strip(SPACE):
                return self._blank(element, text, depth)
            return base64_text(text) if _type(element) in _BASE64 else text
        if depth > DEPTH:
            raise Unreadable(reason=f"its values are nested deeper than {DEPTH}")
        name = _type(element)
        if name == "Map":
            return self._map(element, depth + 1)
        if name == "Array":
            return self._array(element, depth + 1)
        return self._struct(element, depth + 1)

    def _blank(self, element: etree._Element, text: str, depth: int) -> Raw:
        target = element.get("href") or element.get(ENCODING_12 + "ref")
        if target is not None:
            return self._follow(target.removeprefix("#"), depth + 1)
        if element.get(_XSI + "nil", "").strip(SPACE) in ("true", "1"):
            return None
        name = _type(element)
        if name == "Array":
            return self._array(element, depth)
        return {} if name in ("Map", "Struct", "SOAPStruct") else text

    def _array(self, element: etree._Element, depth: int) -> Raw:
        if _declared_size(element) not in ("", str(len(element))):
            raise Unreadable(reason="an array has not the size that it declares")
        return [self.read(item, depth) for item in element]

    def _map(self, element: etree._Element, depth: int) -> Raw:
        found: dict[str, Raw] = {}
        for item in element:
            if len(item) != 2 or local(item) != "item":
                raise Unreadable(reason=_BAD_ITEM)
            key, value = item[0], item[1]
            if local(key) == "value":
                key, value = value, key
            if local(key) != "key" or local(value) != "value":
                raise Unreadable(reason=_BAD_ITEM)
            _add(found, self.read(key, depth), self.read(value, depth))
        return found

    def _struct(self, element: etree._Element, depth: int) -> Raw:
        found: dict[str, Raw] = {}
        for member in element:
            _add(found, local(member), self.read(member, depth))
        return found

    def _follow(self, name: str, depth: int) -> Raw:
        """The value that a reference stands for, counted as if it were written in its place."""
        if not self._targets:
            self._targets = _targets(self._scope)
            self._elements = sum(1 for part in self._scope for _ in part.iter())
        if name not in self._targets:
            raise Unreadable(reason="a reference leads nowhere")
        if name in self._open:
            raise Unreadable(reason="a reference leads back to itself")
        for element in self._targets[name].iter():
            self._elements += 1
            self._characters += len(element.text or "")
        if self._elements > ELEMENTS or self._characters > _CHARACTERS or depth > DEPTH:
            raise Unreadable(reason="its references stand for too much")
        self._open.append(name)
        value = self.read(self._targets[name], depth)
        self._open.pop()
        return value


def _add(found: dict[str, Raw], name: Raw, value: Raw) -> None:
    if not isinstance(name, str):
        raise Unreadable(reason="a key of a Map is not a text")
    if name in found:
        raise Unreadable(reason="a member is given twice")
    found[name] = value


def _type(element: etree._Element) -> str:
    """The local name of the type it declares; "Array" too where it declares only an array's size or items."""
    name = element.get(_XSI + "type")
    if name is not None:
        return name.rpartition(":")[2].strip(SPACE)
    sizes = (_ENCODING_11 + "arrayType", ENCODING_12 + "arraySize", ENCODING_12 + "itemType")
    return "Array" if any(element.get(size) is not None for size in sizes) else ""


def _declared_size(element: etree._Element) -> str:
    """The size that an array declares, empty where it leaves it open: `xsd:string[2]`, in SOAP 1.2 `2`."""
    size = element.get(ENCODING_12 + "arraySize", "").strip(SPACE)
    if size:
        return "" if size == "*" else size
    _, bracket, size = element.get(_ENCODING_11 + "arrayType", "").strip(SPACE).rpartition("[")
    return size.removesuffix("]") if bracket else ""


def _targets(scope: Iterable[etree._Element]) -> dict[str, etree._Element]:
    targets: dict[str, etree._Element] = {}
    for element in (element for part in scope for element in part.iter()):
        name = element.get("id") or element.get(ENCODING_12 + "id")
        if name and targets.setdefault(name, element) is not element:
            raise Unreadable(reason="an id is given twice")
    return targets
