"""Every typed operation, made up and real, with its writer and its schema; calls, and how they are read."""

from __future__ import annotations

from string import Formatter
from typing import Any

import pytest
from lxml import etree

import iwapi.actions
from iwapi.action import Action, collect
from iwapi.errors import CATALOGUE, ApiError, Change, DryRun, Pending, Problem
from iwapi.wires.answers import Writer
from iwapi.wires.contract import xsd
from iwapi.wires.document import TypedCall, read_call
from iwapi.wires.gate import read_envelope, read_xml
from iwapi.wires.services import TypedService, typed_services
from tests.wires import made_up

SERVICES = [*made_up.SERVICES.values(), *typed_services(collect(iwapi.actions)).values()]
OPERATIONS = [(service, action) for service in SERVICES for action in service.actions]
WRITERS = {service: Writer(service) for service in SERVICES}
SCHEMAS = {service: etree.XMLSchema(etree.fromstring(xsd(service))) for service in SERVICES}

SOAP_1_1 = "http://schemas.xmlsoap.org/soap/envelope/"

every_operation = pytest.mark.parametrize(
    ("service", "action"), OPERATIONS, ids=[f"{service.name}-{action.name}" for service, action in OPERATIONS]
)
every_error = pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)


def an_error(kind: type[ApiError], *problems: Problem) -> ApiError:
    """An error of the kind, whatever facts its text wants."""
    if kind is DryRun:
        return DryRun([Change("example.com", "status", "", "<active>")], ["12 mailboxes & more"])
    if kind is Pending:
        return Pending(*problems, job=7)
    facts = [name for _, name, _, _ in Formatter().parse(kind.staff) if name]
    return kind(*problems, **dict.fromkeys(facts, "<fact>"))


def body_of(envelope: bytes) -> etree._Element:
    return read_envelope(read_xml(envelope, None)).body


def read(service: TypedService, envelope: bytes) -> TypedCall:
    return read_call(read_envelope(read_xml(envelope, None), service.understood), service)


def call(service: TypedService, action: Action, members: dict[str, Any]) -> bytes:
    """The envelope of a call, its members in the order of the dictionary."""
    envelope = etree.Element(f"{{{SOAP_1_1}}}Envelope", nsmap={"s": SOAP_1_1, "t": service.namespace})
    body = etree.SubElement(envelope, f"{{{SOAP_1_1}}}Body")
    _put(etree.SubElement(body, f"{{{service.namespace}}}{action.name}"), members, service.namespace)
    return etree.tostring(envelope)


def _put(parent: etree._Element, members: dict[str, Any], namespace: str) -> None:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, f"{{{namespace}}}{name}")
            if isinstance(item, dict):
                _put(child, item, namespace)
            else:
                child.text = item
