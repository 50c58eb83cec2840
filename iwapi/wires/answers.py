"""Typed SOAP, document/literal, written: the envelope that answers, in the version that was asked.

An operation answers with one element `<operation>Response` that holds the answer as `result`. One member,
whatever the answer is: a sentence, a struct or a list. Generators that unwrap (wsimport, svcutil, zeep) then
return the answer itself, where the answer's own members in its place would become a row of out parameters;
the others (PHP, gSOAP, node) read `->result` in every case. A list is `result` repeated, none when empty.
"""

from __future__ import annotations

from typing import Any

from iwapi.action import Action
from iwapi.errors import CATALOGUE, ApiError, MustUnderstand
from iwapi.shape import shape_of
from iwapi.wires.elements import content_writer, element_writer, escape
from iwapi.wires.faults import FaultDetail, detail_of, fault_name
from iwapi.wires.gate import ENVELOPES, Version, VersionMismatch
from iwapi.wires.services import TypedService

RESULT = "result"
"""The one member of every response."""

CONTENT_TYPES: dict[Version, str] = {
    "1.1": "text/xml; charset=utf-8",
    "1.2": "application/soap+xml; charset=utf-8",
}

_ENVELOPES = {
    version: f'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="{uri}">'
    "<soap:Body>%s</soap:Body></soap:Envelope>"
    for uri, version in ENVELOPES.items()
}
_FAULTS: dict[Version, str] = {
    "1.1": "<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{text}</faultstring>"
    "<detail>{detail}</detail></soap:Fault>",
    "1.2": '<soap:Fault xmlns:tns="{namespace}"><soap:Code><soap:Value>soap:{code}</soap:Value>'
    "<soap:Subcode><soap:Value>tns:{error}</soap:Value></soap:Subcode></soap:Code>"
    '<soap:Reason><soap:Text xml:lang="en">{text}</soap:Text></soap:Reason>'
    "<soap:Detail>{detail}</soap:Detail></soap:Fault>",
}
_BOOLEAN = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xsi:type="xs:boolean"'
)
_CODES_OF_1_2 = {"Client": "Sender", "Server": "Receiver"}
_detail = content_writer(shape_of(FaultDetail))


class Writer:
    """Writes what a service answers. Made once, at start-up."""

    def __init__(self, service: TypedService) -> None:
        self._namespace = service.namespace
        self._results = {
            action: (
                f'<{name}Response xmlns="{service.namespace}">',
                element_writer(RESULT, action.answer),
                f"</{name}Response>",
            )
            for name, action in service.operations.items()
        }

    def answer(self, version: Version, action: Action, value: Any) -> bytes:
        """The envelope that answers an operation with a value of its type."""
        start, write, end = self._results[action]
        return (_ENVELOPES[version] % (start + write(value) + end)).encode()

    def fault(self, version: Version, error: ApiError, request_id: str) -> bytes:
        """The envelope that refuses a call; the fault's text is the staff text with every problem."""
        fault = _FAULTS[version].format(
            code=_fault_code(version, error),
            error=error.code,
            text=escape(error.message),
            detail=detail_element(self._namespace, error, request_id),
            namespace=self._namespace,
        )
        return (_ENVELOPES[version] % fault).encode()


def detail_element(namespace: str, error: ApiError, request_id: str) -> str:
    """What stands in the fault's detail: the element of the error's code.

    PHP reads it without the schema. Its flag names its own type, or it would be the text "false" there,
    which is true.
    """
    name = fault_name(CATALOGUE[error.code])
    members = _detail(detail_of(error, request_id))
    members = members.replace("<retryable>", f"<retryable {_BOOLEAN}>", 1)
    return f'<{name} xmlns="{namespace}">{members}</{name}>'


def _fault_code(version: Version, error: ApiError) -> str:
    if isinstance(error, MustUnderstand | VersionMismatch):
        return type(error).__name__
    return error.fault if version == "1.1" else _CODES_OF_1_2[error.fault]
