"""A server as it is seen from outside: typed SOAP, InterWorx's `route`, XML-RPC, web pages and DNS.

It shares no code with the server, so that what it sees is what others see.
"""

from __future__ import annotations

import http.client
import socket
import struct
import xml.etree.ElementTree as ET
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_ENVELOPE = (
    f'<s:Envelope xmlns:s="{_SOAP}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">%s</s:Envelope>'
)
_SECONDS = 20

Endpoint = tuple[str, int]


class NoAnswer(Exception):
    """The server did not answer as it should; the text says what came."""


@dataclass(frozen=True)
class Answered:
    """What came back over HTTP."""

    status: int
    body: str

    def member(self, name: str) -> str:
        """The text of the first element of that name; empty where there is none."""
        for element in self._root().iter():
            if element.tag.rpartition("}")[2] == name:
                return (element.text or "").strip()
        return ""

    def entry(self, key: str) -> str:
        """The value of a key in a map of `route`; empty where there is none."""
        for item in self._root().iter("item"):
            if item.findtext("key") == key:
                return (item.findtext("value") or "").strip()
        return ""

    def _root(self) -> ET.Element:
        try:
            return ET.fromstring(self.body)  # noqa: S314  (our own server's answer, on loopback)
        except ET.ParseError:
            raise NoAnswer(f"HTTP {self.status}: {self.body[:200]}") from None


def ask(at: Endpoint, path: str, body: str | None = None, host: str | None = None) -> Answered:
    """One HTTP request: a GET, or the POST of an XML document."""
    connection = http.client.HTTPConnection(*at, timeout=_SECONDS)
    try:
        headers = {"Content-Type": "text/xml; charset=utf-8"} if body else {}
        sent = body.encode() if body else None
        connection.request(
            "POST" if body else "GET", path, sent, {**headers, **({"Host": host} if host else {})}
        )
        response = connection.getresponse()
        return Answered(response.status, response.read().decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(repr(error)) from error
    finally:
        connection.close()


def typed(
    at: Endpoint, service: str, auth: Mapping[str, str], operation: str, inputs: Mapping[str, str]
) -> Answered:
    """Call an operation of typed SOAP."""
    space = f'xmlns="urn:iwapi:{service}:1"'
    header = f"<s:Header><Auth {space}>{_elements(auth)}</Auth></s:Header>"
    body = f"<s:Body><{operation} {space}>{_elements(inputs)}</{operation}></s:Body>"
    return ask(at, f"/soap/{service}", _ENVELOPE % (header + body))


def _elements(values: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())


def route(at: Endpoint, apikey: str, controller: str, action: str, inputs: Mapping[str, str]) -> Answered:
    """Call an action by InterWorx's envelope, rpc/encoded."""
    items = "".join(
        f"<item><key>{name}</key><value>{escape(value)}</value></item>" for name, value in inputs.items()
    )
    parts = _elements({"apikey": apikey, "ctrl_name": controller, "action": action})
    map_ = f'<input xmlns:m="http://xml.apache.org/xml-soap" i:type="m:Map">{items}</input>'
    body = f'<s:Body><r:route xmlns:r="urn:iworx">{parts}{map_}</r:route></s:Body>'
    return ask(at, "/soap", _ENVELOPE % body)


def call(at: Endpoint, method: str, *params: Any) -> Any:
    """Call a method by XML-RPC; its answer."""
    host = f"[{at[0]}]" if ":" in at[0] else at[0]
    try:
        with xmlrpc.client.ServerProxy(f"http://{host}:{at[1]}/xmlrpc") as server:
            return getattr(server, method)(*params)
    except (OSError, http.client.HTTPException, xmlrpc.client.Error, ExpatError) as error:
        raise NoAnswer(repr(error)) from error


def resolve(at: Endpoint, name: str) -> list[str]:
    """The IPv4 addresses that the DNS server knows for a name; none where it knows no such name."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    question = struct.pack("!6H", 1, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", 1, 1)
    family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.settimeout(_SECONDS)
        try:
            asking.sendto(question, at)
            answer = asking.recv(4096)
        except OSError as error:
            raise NoAnswer(repr(error)) from error
    return _addresses(answer, after=len(question))


def _addresses(answer: bytes, after: int) -> list[str]:
    """The addresses of an answer's records; each stands after a name, which is compressed to two bytes."""
    found = []
    for _ in range(struct.unpack_from("!H", answer, 6)[0]):
        kind, _family, _ttl, length = struct.unpack_from("!2HIH", answer, after + 2)
        after += 12 + length
        if kind == 1:
            found.append(socket.inet_ntoa(answer[after - 4 : after]))
    return found
