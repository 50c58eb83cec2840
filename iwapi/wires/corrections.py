"""What Spyne's WSDL needs so that generated clients of every kind can use it.

gSOAP speaks SOAP 1.2 as soon as that namespace is declared, used or not. `parameterOrder` is for rpc, and is
wrong where it names no part. Where a call may have two headers, Spyne writes a message for each operation;
one for each header is enough. wsimport makes a class of each type, of the port type and of the service, and
on many disks `Ping` and `ping` are one file. The order is fixed: the same declarations make the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lxml import etree

_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_SECTIONS = [_WSDL + name for name in ("types", "message", "portType", "binding", "service")]
_HEADER = "{http://schemas.xmlsoap.org/wsdl/soap/}header"
_COMPONENTS = [_XSD + name for name in ("simpleType", "complexType", "element")]


def corrected(root: etree._Element, texts: Mapping[str, str]) -> etree._Element:
    """The WSDL, corrected in place; `texts` are what its types mean, by name.

    Two types that a client could not tell apart are a `TypeError`.
    """
    (schema,) = root.iter(_XSD + "schema")
    for operation in root.iterfind(f"{_WSDL}portType/{_WSDL}operation"):
        operation.attrib.pop("parameterOrder")
    _share_header_messages(root)
    _drop_needless_elements(root, schema)
    _document_types(schema, texts)
    _refuse_collisions(root, schema)
    schema[:] = sorted(schema, key=lambda node: (_COMPONENTS.index(str(node.tag)), node.get("name")))
    root[:] = sorted(root, key=lambda node: _SECTIONS.index(str(node.tag)))
    etree.cleanup_namespaces(root, keep_ns_prefixes=["tns", "xs"])
    etree.indent(root)
    return root


def schema_of(root: etree._Element) -> etree._Element:
    """The schema of a corrected WSDL, as the root of a document of its own."""
    (schema,) = root.iter(_XSD + "schema")
    prefixes = {prefix: root.nsmap[prefix] for prefix in ("xs", "tns")}
    alone = etree.Element(str(schema.tag), dict(schema.attrib), nsmap=prefixes)
    alone.extend(list(schema))
    etree.indent(alone)
    return alone


def _share_header_messages(root: etree._Element) -> None:
    """A message of one part for each header."""
    used = list(root.iter(_HEADER))
    names = {header.get("message", "").partition(":")[2] for header in used}
    parts: dict[str, etree._Element] = {}
    for message in root.findall(_WSDL + "message"):
        if message.get("name") in names:
            parts |= {part.get("name", ""): part for part in message}
            root.remove(message)
    for name, part in parts.items():
        etree.SubElement(root, _WSDL + "message", name=name).append(part)
    for header in used:
        header.set("message", f"tns:{header.get('part')}")


def _drop_needless_elements(root: etree._Element, schema: etree._Element) -> None:
    """Only what stands in a message or a fault is an element of its own; Spyne makes one of each type."""
    needed = {part.get("element") for part in root.iter(_WSDL + "part")}
    for element in schema.findall(_XSD + "element"):
        name = element.get("name", "")
        if f"tns:{name}" not in needed and not name.endswith("Fault"):
            schema.remove(element)


def _document_types(schema: etree._Element, texts: Mapping[str, str]) -> None:
    """Spyne repeats on a struct's type what is said of one of its uses, whichever comes last."""
    for node in schema.iterfind(_XSD + "complexType"):
        for misplaced in node.findall(_XSD + "annotation"):
            node.remove(misplaced)
        if text := texts.get(node.get("name", "")):
            annotation = etree.Element(_XSD + "annotation")
            etree.SubElement(annotation, _XSD + "documentation").text = text
            node.insert(0, annotation)


def _refuse_collisions(root: etree._Element, schema: etree._Element) -> None:
    classes = [*root.iterfind(f"{_WSDL}portType"), *root.iterfind(f"{_WSDL}service")]
    classes += schema.iterfind(f"{_XSD}complexType")
    classes += dict.fromkeys(schema.iterfind(f"{_XSD}simpleType/{_XSD}restriction/{_XSD}enumeration/../.."))
    counted = Counter(node.get("name", "").casefold() for node in classes)
    twice = [name for name, count in counted.items() if count > 1]
    if twice:
        raise TypeError(f"{root.get('targetNamespace')} has two types of one name: {', '.join(twice)}")
