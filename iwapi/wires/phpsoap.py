"""InterWorx's envelope on SOAP: the call `route(apikey, ctrl_name, action, input)` and its answer.

rpc/encoded, in SOAP 1.1 or 1.2, as PHP's SoapClient and others speak it. An answer is in the version of its
call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from lxml import etree

from iwapi.errors import Unreadable
from iwapi.wires.elements import escape
from iwapi.wires.gate import Envelope, Version
from iwapi.wires.routecall import PARTS, RouteCall, route_answer, route_call
from iwapi.wires.soapdecode import Decoder, local
from iwapi.wires.soapencode import ENCODERS

NAMESPACE = "urn:iworx"

FaultSide = Literal["Client", "Server", "VersionMismatch", "MustUnderstand"]


def read_route(envelope: Envelope) -> RouteCall:
    """The call in an envelope. The namespace of `route` is free: no two clients agree on it.

    Raises `Unreadable`.
    """
    if local(envelope.body) != "route":
        raise Unreadable(reason="the only operation here is route")
    parts = _parts(envelope.body)
    decoder = Decoder(envelope.body, *envelope.multirefs)
    values = {name: decoder.read(part) for name, part in parts.items()}
    return route_call(values)


def _parts(call: etree._Element) -> dict[str, etree._Element]:
    """The call's parts by name, in any order; a part with a name of its client's own goes by its position."""
    parts: dict[str, etree._Element] = {}
    for position, part in enumerate(call):
        name = local(part)
        if name not in PARTS:
            name = PARTS[position] if position < len(PARTS) else ""
        if not name or name in parts:
            raise Unreadable(reason=f"the parts of route are {', '.join(PARTS)}, each once")
        parts[name] = part
    return parts


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TYPES = (
    f'xmlns:ns1="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:ns2="http://xml.apache.org/xml-soap"'
)

# An answer around its status and its payload.
_ANSWERS: Mapping[Version, str] = {
    "1.1": (
        f'{_XML}<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" {_TYPES} '
        'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" '
        'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body>'
        "<ns1:routeResponse>%s</ns1:routeResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
    ),
    "1.2": (
        f'{_XML}<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" {_TYPES} '
        'xmlns:enc="http://www.w3.org/2003/05/soap-encoding">'
        '<env:Body xmlns:rpc="http://www.w3.org/2003/05/soap-rpc">'
        '<ns1:routeResponse env:encodingStyle="http://www.w3.org/2003/05/soap-encoding">'
        "<rpc:result>return</rpc:result>%s</ns1:routeResponse></env:Body></env:Envelope>\n"
    ),
}

# A fault around its code, its text and the request id.
_FAULTS: Mapping[Version, str] = {
    "1.1": (
        f'{_XML}<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>'
        "<SOAP-ENV:Fault><faultcode>SOAP-ENV:%s</faultcode><faultstring>%s</faultstring>"
        f'<detail><ns1:request_id xmlns:ns1="{NAMESPACE}">%s</ns1:request_id></detail>'
        "</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
    ),
    "1.2": (
        f'{_XML}<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault>'
        "<env:Code><env:Value>env:%s</env:Value></env:Code>"
        '<env:Reason><env:Text xml:lang="en">%s</env:Text></env:Reason>'
        f'<env:Detail><ns1:request_id xmlns:ns1="{NAMESPACE}">%s</ns1:request_id></env:Detail>'
        "</env:Fault></env:Body></env:Envelope>\n"
    ),
}
_SIDES_12 = {"Client": "Sender", "Server": "Receiver"}


def write_route(version: Version, status: int, payload: Any) -> bytes:
    """The answer: PHP sees an array of `status` and `payload`.

    The payload is str, int, float, bool, list, dict or `Rows`, nested at will, and None inside it. Characters
    that XML cannot hold become U+FFFD. Raises `ValueError` for a payload of None or the empty text, which
    clients take for a failure, and for values that cannot be written.
    """
    answer = ENCODERS[version].write("return", route_answer(status, payload))
    return (_ANSWERS[version] % answer).encode()


def write_fault(version: Version, fault_side: FaultSide, text: str, request_id: str) -> bytes:
    """A fault: whose mistake it is, in one text, and the id under which the log knows the call."""
    code = _SIDES_12.get(fault_side, fault_side) if version == "1.2" else fault_side
    return (_FAULTS[version] % (code, escape(text), escape(request_id))).encode()
