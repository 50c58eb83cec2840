"""zeep on the WSDL of route: each value names its type, its part is anyType; an answer comes as elements."""

from __future__ import annotations

from typing import Any

import route
import zeep
from lxml import etree
from story import WSDL, installed
from zeep import xsd

ANY = xsd.AnyType()
ITEM = xsd.ComplexType([xsd.Element("key", ANY), xsd.Element("value", ANY)])
MAP = xsd.ComplexType(
    [xsd.Element("item", ITEM, min_occurs=0, max_occurs="unbounded")],
    qname=etree.QName("http://xml.apache.org/xml-soap", "Map"),
)
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

client = zeep.Client(WSDL, settings=zeep.Settings(strict=False))


def encoded(value: Any) -> Any:
    if isinstance(value, str):
        return xsd.AnyObject(xsd.String(), value)
    if isinstance(value, int):
        return xsd.AnyObject(xsd.Int(), value)
    items = [{"key": encoded(key), "value": encoded(member)} for key, member in value.items()]
    return xsd.AnyObject(MAP, MAP(item=items))


def decoded(element: Any) -> Any:
    kind = element.get(TYPE).partition(":")[2]
    if kind == "Map":
        return mapping(element)
    if kind == "Array":
        return [decoded(item) for item in element]
    if kind == "Struct":
        return {member.tag: decoded(member) for member in element}
    text = element.text or ""
    if kind == "boolean":
        return text == "true"
    return int(text) if kind in ("int", "long") else text


def mapping(items: Any) -> dict[Any, Any]:
    """A Map from its items, which zeep gives in place of the Map itself."""
    return {decoded(item.find("key")): decoded(item.find("value")) for item in items}


def call(apikey: Any, ctrl: str, action: str, given: dict[str, Any]) -> dict[str, Any]:
    return mapping(client.service.route(encoded(apikey), ctrl, action, encoded(given)))


installed("zeep")
route.tell(call)
