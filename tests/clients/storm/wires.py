"""A create on each of the wires, as bytes, and what came back, as one of a few words.

It shares no code with the server.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

SPACE = "urn:iwapi:billing:1"
OPERATION = "createSiteWorxAccount"
TYPED = ("typed SOAP", "typed XML-RPC")
ROUTED = ("route by SOAP", "route by XML-RPC")
WIRES = (*TYPED, *ROUTED)

_ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">%s</s:Envelope>'
)
_AGAIN = {"PENDING", "PROVISIONING_FAILED", "UNAVAILABLE", "OUTCOME_UNKNOWN"}
_NUMBERS = {4001: "PENDING", 5001: "PROVISIONING_FAILED", 5002: "UNAVAILABLE", 5003: "OUTCOME_UNKNOWN"}
_SENTENCES = {
    "PENDING": r"The change is still in progress \(job \d+\), repeat this call\.",
    "PROVISIONING_FAILED": r"The account could not be set up ",
    "UNAVAILABLE": r"The server cannot do this now: ",
    "OUTCOME_UNKNOWN": r"The outcome of this call is unknown\.",
    "TAKEN": r"[^\0]*: \S+ Domain name already exists",
}


@dataclass(frozen=True)
class Told:
    """What a client was told: `ok` and the members of the answer, or an error in a word."""

    said: str
    members: Mapping[str, str]

    @property
    def again(self) -> bool:
        """Whether a billing system repeats the call."""
        return self.said in _AGAIN


def request(
    wire: str, apikey: str, inputs: Mapping[str, str], options: Mapping[str, str], headers: bool = False
) -> bytes:
    """The bytes of an HTTP request. Its options stand in the envelope, or the key in a header."""
    lines = []
    if headers and "idempotency_key" in options:
        lines.append(f'Idempotency-Key: "{options["idempotency_key"]}"')
        options = {name: value for name, value in options.items() if name != "idempotency_key"}
    path, body = _WRITERS[wire](apikey, inputs, options)
    head = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: text/xml; charset=utf-8",
            f"Content-Length: {len(body)}", "Connection: close", *lines]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _typed_soap(apikey: str, inputs: Mapping[str, str], options: Mapping[str, str]) -> tuple[str, bytes]:
    auth = f'<Auth xmlns="{SPACE}"><apikey>{escape(apikey)}</apikey></Auth>'
    if options:
        auth += f'<Options xmlns="{SPACE}">{_elements(options)}</Options>'
    body = f'<{OPERATION} xmlns="{SPACE}">{_elements(inputs)}</{OPERATION}>'
    return "/soap/billing", (_ENVELOPE % f"<s:Header>{auth}</s:Header><s:Body>{body}</s:Body>").encode()


def _typed_xmlrpc(apikey: str, inputs: Mapping[str, str], options: Mapping[str, str]) -> tuple[str, bytes]:
    first = {"apikey": apikey, **options} if options else apikey
    return "/xmlrpc", xmlrpc.client.dumps((first, dict(inputs)), f"iwapi.{OPERATION}").encode()


def _route_soap(apikey: str, inputs: Mapping[str, str], options: Mapping[str, str]) -> tuple[str, bytes]:
    map_ = 'xmlns:m="http://xml.apache.org/xml-soap" i:type="m:Map"'
    first = f"<apikey {map_}>{_items({'apikey': apikey, **options})}</apikey>"
    if not options:
        first = f"<apikey>{escape(apikey)}</apikey>"
    rest = (
        f"<ctrl_name>/nodeworx/siteworx</ctrl_name><action>add</action><input {map_}>{_items(inputs)}</input>"
    )
    body = f'<s:Body><r:route xmlns:r="urn:iworx">{first}{rest}</r:route></s:Body>'
    return "/soap", (_ENVELOPE % body).encode()


def _route_xmlrpc(apikey: str, inputs: Mapping[str, str], options: Mapping[str, str]) -> tuple[str, bytes]:
    first = {"apikey": apikey, **options} if options else apikey
    params = (first, "/nodeworx/siteworx", "add", dict(inputs))
    return "/xmlrpc", xmlrpc.client.dumps(params, "iworx.route").encode()


_WRITERS = {
    "typed SOAP": _typed_soap,
    "typed XML-RPC": _typed_xmlrpc,
    "route by SOAP": _route_soap,
    "route by XML-RPC": _route_xmlrpc,
}


def _elements(values: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())


def _items(values: Mapping[str, str]) -> str:
    return "".join(
        f"<item><key>{name}</key><value>{escape(value)}</value></item>" for name, value in values.items()
    )


def read(wire: str, status: int, body: bytes) -> Told:
    """What an answer says."""
    if status == 503 and not body.startswith(b"<"):
        return Told("UNAVAILABLE", {})
    if not body.startswith(b"<"):
        return Told(f"{status}: {body[:200]!r}", {})
    if wire.endswith("XML-RPC"):
        return _xmlrpc(wire, body)
    root = ET.fromstring(body)
    texts = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
    if "faultstring" in texts:
        return _failed(texts["faultstring"], texts.get("code", ""))
    if wire in ROUTED:
        items = {item.findtext("key", ""): item.findtext("value", "") for item in root.iter("item")}
        return _routed(items["status"], items["payload"])
    (answer,) = (element for element in root.iter() if element.tag == f"{{{SPACE}}}{OPERATION}Response")
    return Told("ok", dict(_leaves(answer)))


def _leaves(top: ET.Element) -> list[tuple[str, str]]:
    return [
        (element.tag.rpartition("}")[2], (element.text or "").strip())
        for element in top.iter()
        if not len(element)
    ]


def _xmlrpc(wire: str, body: bytes) -> Told:
    try:
        ((answer,), _) = xmlrpc.client.loads(body, use_builtin_types=True)
    except xmlrpc.client.Fault as fault:
        return _failed(fault.faultString, _NUMBERS.get(fault.faultCode, ""))
    assert isinstance(answer, dict)
    if wire in ROUTED:
        return _routed(str(answer["status"]), str(answer["payload"]))
    return Told("ok", {name: _plain(value) for name, value in answer.items() if value != []})


def _plain(value: Any) -> str:
    """A value as typed SOAP writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return str(value)


def _routed(status: str, payload: str) -> Told:
    return Told("ok", {"text": payload}) if status == "0" else _failed(payload)


def _failed(text: str, code: str = "") -> Told:
    """By its sentence, as modules tell errors apart; by its code, where it has another."""
    known = (code for code, pattern in _SENTENCES.items() if re.match(pattern, text))
    return Told(next(known, code or text), {"text": text})
