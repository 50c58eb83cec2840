"""The codec accepts what the published schema accepts, but for order, `xsi:nil` and the kinds' own rules."""

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from iwapi import errors
from iwapi.action import Action
from iwapi.kinds import Rules
from iwapi.parse import NOT_TEXT, TWICE, UNKNOWN, parse
from iwapi.shape import Field
from iwapi.wires.services import TypedService
from tests.wires import made_up
from tests.wires.typed import SCHEMAS, body_of, call, every_operation, read
from tests.wires.values import requests


@every_operation
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_what_the_schema_accepts_is_read_to_what_was_sent_in_any_order(
    service: TypedService, action: Action, data: st.DataObject
) -> None:
    sent = data.draw(requests(action.input.fields))
    envelope = call(service, action, sent)
    SCHEMAS[service].assertValid(body_of(envelope))
    shuffled = dict(data.draw(st.permutations(list(sent.items()))))
    for message in (envelope, call(service, action, shuffled)):
        got = read(service, message)
        assert (got.action, got.raw, got.problems) == (action, sent, ())


XSI = "http://www.w3.org/2001/XMLSchema-instance"
BY_STRUCTURE = {UNKNOWN, TWICE, NOT_TEXT, errors.REQUIRED, "This must be a structure"}
MAIMINGS = ["drop", "double", "rename", "namespace", "text", "element", "attribute", "nil"]


def examples(fields: tuple[Field, ...]) -> dict[str, Any]:
    """Every input, with the example of its kind."""
    found: dict[str, Any] = {}
    for item in fields:
        one = item.shape.kind.example if item.shape.kind is not None else examples(item.shape.fields)
        found[item.name] = [one, one] if item.shape.many else one
    return found


def maimed(element: etree._Element, how: str, junk: str) -> None:
    """Do to one element of a call what clients do wrong."""
    name = etree.QName(element)
    parent = element.getparent()
    match how:
        case "drop":
            parent.remove(element)
        case "double":
            parent.append(deepcopy(element))
        case "rename":
            element.tag = f"{{{name.namespace}}}x_{name.localname}"
        case "namespace":
            element.tag = f"{{urn:other}}{name.localname}"
        case "text":
            element[:] = []
            element.text = junk
        case "element":
            element.text = None
            etree.SubElement(element, f"{{{name.namespace}}}x")
        case "attribute":
            element.set("about", junk)
        case "nil":
            element.set(f"{{{XSI}}}nil", "true")


def orderly(element: etree._Element, fields: tuple[Field, ...]) -> None:
    """Give the schema what it wants: elements in its order, none that is nil."""
    places = {item.name: place for place, item in enumerate(fields)}
    children = [child for child in element if child.get(f"{{{XSI}}}nil") != "true"]
    element[:] = sorted(children, key=lambda child: places.get(etree.QName(child).localname, -1))
    for child in element:
        inner = [item.shape.fields for item in fields if item.name == etree.QName(child).localname]
        orderly(child, inner[0] if inner else ())


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_what_clients_do_wrong_is_refused_exactly_where_the_schema_refuses_it(data: st.DataObject) -> None:
    service, action = made_up.BILLING, made_up.create
    root = etree.fromstring(call(service, action, examples(action.input.fields)))
    body = root[-1][0]
    for _ in range(data.draw(st.integers(1, 2))):
        element = data.draw(st.sampled_from(list(body.iterdescendants())))
        maimed(element, data.draw(st.sampled_from(MAIMINGS)), data.draw(st.sampled_from(["", "maybe", "-1"])))
    try:
        got = read(service, etree.tostring(root))
    except errors.Unreadable:
        return  # text beside elements, which the gate refuses
    _, problems = parse(action.input, got.raw, Rules(allow_reserved_domains=True), strict=True)
    by_wire = [*got.problems, *(problem for problem in problems if problem.problem in BY_STRUCTURE)]
    if SCHEMAS[service].validate(body):
        assert not by_wire
    if not by_wire and not problems:
        orderly(body, action.input.fields)
        SCHEMAS[service].assertValid(body)
