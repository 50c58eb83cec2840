"""suds-community on the WSDL of route. It writes a dict as a struct.

It loses the item of an array that has only one, so the answers are read from the XML that it gives on demand.
"""

from __future__ import annotations

from typing import Any

import route
from story import WSDL, installed
from suds.client import Client
from suds.sax import Namespace
from suds.sax.parser import Parser

client = Client(WSDL, cache=None, retxml=True)


def decoded(element: Any) -> Any:
    kind = element.get("type", Namespace.xsins).partition(":")[2]
    if kind == "Map":
        return {decoded(i.getChild("key")): decoded(i.getChild("value")) for i in element}
    if kind == "Array":
        return [decoded(item) for item in element]
    if kind == "Struct":
        return {member.name: decoded(member) for member in element}
    text = str(element.getText() or "")
    if kind == "boolean":
        return text == "true"
    return int(text) if kind in ("int", "long") else text


def call(apikey: Any, ctrl: str, action: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = Parser().parse(string=client.service.route(apikey, ctrl, action, given)).root()
    payload: dict[str, Any] = decoded(answer.childAtPath("Body/routeResponse/return"))
    return payload


installed("suds-community")
route.tell(call)
