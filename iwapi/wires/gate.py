"""The gate: the one reader of XML that strangers send, and of the SOAP envelope in it.

What costs more than it may is refused before the parser sees it, the rest in one walk of the tree. A reason
names the rule and never repeats what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lxml import etree

from iwapi.errors import MustUnderstand, Unreadable
from iwapi.wires.parser import parse
from iwapi.wires.prolog import SPACE, in_utf8

ELEMENTS = 5_000
DEPTH = 48
ATTRIBUTES = 24  # of one element
ALL_ATTRIBUTES = 2 * ELEMENTS  # namespaces too; toolkits write one or two on an element
NAMESPACES = 64  # declared on one element
NAMESPACE = 1_024  # characters of one, in a large body: lxml repeats it in the name of every element
TEXT = 65_536  # characters of one element or attribute
MARKUP = 4 * ELEMENTS  # every "<": of tags, comments and sections together

Version: TypeAlias = Literal["1.1", "1.2"]

ENVELOPES: dict[str, Version] = {
    "http://schemas.xmlsoap.org/soap/envelope/": "1.1",
    "http://www.w3.org/2003/05/soap-envelope": "1.2",
}

ENCODING_12 = "{http://www.w3.org/2003/05/soap-encoding}"

# From one start tag to the next, over text, end tags, comments and CDATA. One attribute more than a tag may
# have is enough to know.
_TAG = re.compile(
    rb"""
    (?:[^<]++ | <(?=[/?]) | <!--.*?--> | <!\[CDATA\[.*?\]\]>)*+
    <[^\s<>/!?]++
    (?P<attributes>(?:\s++[^\s=<>]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')){0,%d}+)
    """
    % (ATTRIBUTES + NAMESPACES + 1),
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"""([^\s=]++)\s*+=\s*+("[^"]*+"|'[^']*+')""")

_TOO_DEEP = etree.XPath(f"boolean({'/*' * (DEPTH + 1)})")

# Roles that a header may be addressed to and that are ours; without one it is ours too.
_OUR_ROLES = {
    "",
    "http://schemas.xmlsoap.org/soap/actor/next",
    "http://www.w3.org/2003/05/soap-envelope/role/next",
    "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
}


class VersionMismatch(Unreadable):
    """The envelope is of a SOAP version that is not spoken here."""


@dataclass(frozen=True)
class Envelope:
    """A SOAP message: its version, its header's elements and the one element of its Body.

    `multirefs` are the values that rpc/encoded puts beside that element, to be reached by their `id`.
    """

    version: Version
    headers: tuple[etree._Element, ...]
    body: etree._Element
    multirefs: tuple[etree._Element, ...] = ()


def read_xml(body: bytes, charset: str | None) -> etree._Element:
    """The root of an XML document that keeps every rule of the gate.

    `charset` is the parameter of the Content-Type, None where it has none. Raises `Unreadable`.
    """
    text = in_utf8(body, charset)
    markup = text.count(b"<")
    _weigh(text, markup)
    try:
        root = parse(text)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Unreadable(reason=f"it is not well-formed XML, line {line}, column {column}") from None
    if markup > 2 * DEPTH and _TOO_DEEP(root):
        raise Unreadable(reason=f"its elements are nested deeper than {DEPTH}")
    _walk(root)
    if len(text) > TEXT and any(len(value) > TEXT for element in root.iter() for value in element.values()):
        raise Unreadable(reason=f"an attribute is longer than {TEXT} characters")
    return root


def soap_version(root: etree._Element) -> Version:
    """The version of an envelope, which its answer must have too. Raises `VersionMismatch`, `Unreadable`."""
    namespace, _, name = str(root.tag).rpartition("}")
    if name != "Envelope":
        raise Unreadable(reason="it is not a SOAP envelope")
    version = ENVELOPES.get(namespace[1:])
    if version is None:
        raise VersionMismatch(reason="its envelope is neither of SOAP 1.1 nor of SOAP 1.2")
    return version


def read_envelope(root: etree._Element, understood: Set[str] = frozenset()) -> Envelope:
    """The envelope: at most one Header, then exactly one Body with exactly one call in it.

    `understood` are the headers known here, as `{namespace}name`. Raises `Unreadable`; `MustUnderstand` for a
    header that is addressed to us, must be understood and is not known; `VersionMismatch`.
    """
    version = soap_version(root)
    namespace = str(root.tag).removesuffix("Envelope")
    *before, body = root if len(root) else (root,)
    if body.tag != namespace + "Body" or [part.tag for part in before] not in ([], [namespace + "Header"]):
        raise Unreadable(reason="its envelope is not one Body with at most one Header before it")
    headers = tuple(before[0]) if before else ()
    for header in headers:
        if header.tag not in understood and _must_be_understood(header, namespace):
            raise MustUnderstand(header=etree.QName(header).localname[:64])
    calls = [child for child in body if not _has_id(child)]
    if len(calls) != 1:
        raise Unreadable(reason="its Body does not hold exactly one call")
    multirefs = tuple(child for child in body if _has_id(child)) if len(body) > 1 else ()
    return Envelope(version, headers, calls[0], multirefs)


def _must_be_understood(header: etree._Element, namespace: str) -> bool:
    role = header.get(namespace + "actor") or header.get(namespace + "role") or ""
    wish = header.get(namespace + "mustUnderstand", "0")
    return role.strip(SPACE) in _OUR_ROLES and wish.strip(SPACE) not in ("0", "false")


def _has_id(element: etree._Element) -> bool:
    return element.get("id") is not None or element.get(ENCODING_12 + "id") is not None


def _weigh(text: bytes, markup: int) -> None:
    """Refuse what would cost too much to parse. Most calls are too small to be looked at closely."""
    if markup > MARKUP:
        raise Unreadable(reason=f"it has more than {MARKUP} tags")
    if len(text) > len("<a/>") * ELEMENTS or text.count(b"xmlns") > NAMESPACES:
        _scan(text)


def _scan(body: bytes) -> None:
    """Count elements and attributes tag by tag, up to the first that is too many."""
    at = attributes = 0
    for _ in range(ELEMENTS):
        tag = _TAG.match(body, at)
        if tag is None:
            return
        found = _ATTRIBUTE.findall(tag["attributes"]) if tag["attributes"] else []
        namespaces = [value for name, value in found if name == b"xmlns" or name.startswith(b"xmlns:")]
        if len(namespaces) > NAMESPACES:
            raise Unreadable(reason=f"an element declares more than {NAMESPACES} namespaces")
        if len(found) - len(namespaces) > ATTRIBUTES:
            raise Unreadable(reason=f"an element has more than {ATTRIBUTES} attributes")
        if any(len(value) > NAMESPACE + len('""') for value in namespaces):
            raise Unreadable(reason=f"a namespace is longer than {NAMESPACE} characters")
        attributes += len(found)
        if attributes > ALL_ATTRIBUTES:
            raise Unreadable(reason=f"it has more than {ALL_ATTRIBUTES} attributes")
        at = tag.end()
    if _TAG.match(body, at):
        raise Unreadable(reason=f"it has more than {ELEMENTS} elements")


def _walk(root: etree._Element) -> None:
    if root.getnext() is not None or next(root.iter(etree.ProcessingInstruction), None) is not None:
        raise Unreadable(reason="it holds a processing instruction")
    for element in root.iter():
        # The number of attributes is cheap to ask for; reading them all at once is quadratic.
        if len(element.attrib) > ATTRIBUTES:
            raise Unreadable(reason=f"an element has more than {ATTRIBUTES} attributes")
        text, tail = element.text, element.tail
        if text is not None:
            if len(text) > TEXT:
                raise Unreadable(reason=f"a text is longer than {TEXT} characters")
            if len(element) and text.strip(SPACE):
                raise Unreadable(reason="text stands beside elements")
        if tail is not None and tail.strip(SPACE):
            raise Unreadable(reason="text stands beside elements")
