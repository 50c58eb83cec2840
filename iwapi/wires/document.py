"""Typed SOAP, document/literal, read: which operation an envelope asks for, with which inputs, by whom.

Elements are taken by name, in any order. What is wrong is named, never dropped: members that are not known, a
member given twice, elements where a text is meant reach dispatch as they came and are named there; what only
this wire can see is handed on as problems, so that one answer names everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from lxml import etree

from iwapi.action import Action
from iwapi.asked import Credentials
from iwapi.errors import Problem, UnknownAction, Unreadable
from iwapi.kinds import Plain, Raw
from iwapi.shape import Shape
from iwapi.wires.gate import Envelope
from iwapi.wires.services import AUTH, OPTIONS, TypedService

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NIL = {"true": True, "1": True, "false": False, "0": False}
_LONGEST_NAME = 64  # of an operation that is not there, in the answer that says so


@dataclass(frozen=True)
class TypedCall:
    """A typed call as it was read. Its credentials and options are those of its headers alone."""

    action: Action
    raw: Mapping[str, Raw]
    credentials: Credentials
    options: Mapping[str, Raw]
    problems: tuple[Problem, ...]


def read_call(envelope: Envelope, service: TypedService) -> TypedCall:
    """Read the operation, its inputs, its credentials and its options. Raises `UnknownAction`, `Unreadable`.

    Headers that are not known are passed over; those that must be understood never come this far.
    """
    if envelope.multirefs:
        raise Unreadable(reason="its Body does not hold exactly one call")
    element = envelope.body
    layout = _layout(service)
    try:
        action, inputs = layout.operations[element.tag]
    except KeyError:
        raise _unknown(element, service) from None
    reader = _Reader(layout)
    raw = {} if element.keys() and reader.nil(element) else reader.members(element, inputs)
    credentials = reader.credentials(envelope.headers)
    options = reader.header(envelope.headers, layout.options)
    return TypedCall(action, raw, credentials, options, tuple(reader.problems))


@dataclass(frozen=True)
class _Members:
    """The elements that may stand in a struct: by qualified name, and by local name."""

    by_tag: Mapping[Any, _Member]
    by_name: Mapping[str, _Member]


@dataclass(frozen=True)
class _Member:
    name: str
    many: bool
    inner: _Members | None  # of a struct


def _members(shape: Shape, namespace: str) -> _Members:
    found = [
        _Member(item.name, item.shape.many, None if item.shape.kind else _members(item.shape, namespace))
        for item in shape.fields
    ]
    by_name = {item.name: item for item in found}
    return _Members({f"{{{namespace}}}{name}": item for name, item in by_name.items()}, by_name)


@dataclass(frozen=True)
class _Header:
    """A header known here: its name, its qualified name, its members."""

    name: str
    tag: str
    members: _Members


@dataclass(frozen=True)
class _Layout:
    """What the messages of a service look like; made once."""

    namespace: str
    operations: Mapping[Any, tuple[Action, _Members]]  # by qualified name
    auth: _Header
    secrets: frozenset[str]  # of the members of that header
    options: _Header


@cache
def _layout(service: TypedService) -> _Layout:
    namespace = service.namespace
    operations = {
        f"{{{namespace}}}{name}": (action, _members(action.input, namespace))
        for name, action in service.operations.items()
    }
    secrets = frozenset(item.name for item in service.auth.fields if item.shape.secret)
    auth, options = (
        _Header(name, f"{{{namespace}}}{name}", _members(shape, namespace))
        for name, shape in ((AUTH, service.auth), (OPTIONS, service.options))
    )
    return _Layout(namespace, operations, auth, secrets, options)


def _unknown(element: etree._Element, service: TypedService) -> UnknownAction:
    name = etree.QName(element).localname[:_LONGEST_NAME]
    if name in service.operations:
        return UnknownAction(action=name, nearest=f" Its namespace must be {service.namespace}.")
    near = get_close_matches(name, service.operations, n=1, cutoff=0)
    return UnknownAction(action=name, nearest="".join(f" The nearest is {other}." for other in near))


@dataclass
class _Reader:
    """One walk over one call. A problem never repeats what was sent: it may be a secret."""

    layout: _Layout
    problems: list[Problem] = field(default_factory=list)

    def members(self, element: etree._Element, members: _Members) -> dict[str, Raw]:
        """The members of a struct. One that says that it is nil is left out: it was not given."""
        raw: dict[str, Any] = {}
        nothing: list[str] = []
        for child in element:
            member = members.by_tag.get(child.tag)
            if member is None and (member := self._stranger(child, members, raw)) is None:
                continue
            name = member.name
            if child.keys() and self.nil(child):
                nothing.append(name)
                continue
            scalar = member.inner is None and not len(child)
            value = child.text or "" if scalar else self._value(child, member)
            if name not in raw:
                raw[name] = [value] if member.many else value
            elif isinstance(raw[name], list):
                raw[name].append(value)
            else:
                raw[name] = [raw[name], value]
        for name in nothing:
            if name in raw:
                self._wrong(name, "This element is given, and given as nil")
        return raw

    def _value(self, element: etree._Element, member: _Member) -> Raw:
        """A struct, or what stands where a struct or a text should: dispatch names it."""
        if member.inner is None:
            return {}
        text = element.text or ""
        return self.members(element, member.inner) if len(element) or not text.strip() else text

    def _stranger(self, child: etree._Element, members: _Members, raw: dict[str, Any]) -> _Member | None:
        """An element that has no place here: only its namespace is wrong, or it is not known at all."""
        name = etree.QName(child).localname
        member = members.by_name.get(name)
        if member is None:
            raw[name] = ""
        else:
            self._wrong(name, f"This element must be in the namespace {self.layout.namespace}")
        return member

    def nil(self, element: etree._Element) -> bool:
        """Whether the element says that it holds nothing; other attributes than XML Schema's are wrong."""
        says = False
        name = etree.QName(element).localname
        for attribute, text in element.attrib.items():
            if attribute == _XSI + "nil" and text in _NIL:
                says = _NIL[text]
            elif attribute != _XSI + "type":
                local = etree.QName(attribute).localname[:_LONGEST_NAME]
                self._wrong(name, f"This element cannot have the attribute {local}")
        if says and (len(element) or element.text):
            self._wrong(name, "This element says that it is nil, and holds something")
        return says

    def credentials(self, headers: Iterable[etree._Element]) -> Credentials:
        """What the `Auth` header holds."""
        given: dict[str, Any] = self.header(headers, self.layout.auth)
        for name in self.layout.secrets & given.keys():
            given[name] = Plain(given[name])
        return Credentials(**given)

    def header(self, headers: Iterable[etree._Element], known: _Header) -> dict[str, str]:
        """The members of a header; nothing where there is none, or more than one."""
        sent = [header for header in headers if header.tag == known.tag]
        if len(sent) != 1:
            for _ in sent[1:]:
                self._wrong(known.name, "This header was given more than once")
            return {}
        given: dict[str, str] = {}
        for name, value in self.members(sent[0], known.members).items():
            if name not in known.members.by_name:
                self._wrong(name, f"This input is not known in {known.name}")
            elif not isinstance(value, str):
                self._wrong(name, "This must be a single value")
            else:
                given[name] = value
        return given

    def _wrong(self, name: str, problem: str) -> None:
        self.problems.append(Problem(name[:_LONGEST_NAME], "", problem))
