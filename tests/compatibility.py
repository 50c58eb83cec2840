"""What a new WSDL breaks for clients that were generated from an old one.

Inputs may gain optional elements at their end. Everything else that was published stays as it is: one new
member of an answer makes strict zeep raise. New facts get a new operation or a new namespace.
"""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

W = "{http://schemas.xmlsoap.org/wsdl/}"
X = "{http://www.w3.org/2001/XMLSchema}"

Type: TypeAlias = tuple[tuple[str, ...], ...]
"""What a client compiled of a type: its parts, each with everything it says, but for the texts."""


def breaks(old: bytes, new: bytes) -> list[str]:
    """The names of what an old client could no longer use or read."""
    before, after = etree.fromstring(old), etree.fromstring(new)
    operations = {node.get("name") for node in before.iterfind(f"{W}portType/{W}operation")}
    gone = operations - {node.get("name") for node in after.iterfind(f"{W}portType/{W}operation")}
    found, now = types(before), types(after)
    changed = [
        name for name, parts in found.items()
        if now.get(name) != parts and not (name in operations and grown(parts, now.get(name, ())))
    ]  # fmt: skip
    return sorted(gone | set(changed))


def types(root: etree._Element) -> dict[str, Type]:
    return {
        node.get("name", ""): tuple(
            (etree.QName(part).localname, *sorted("=".join(item) for item in part.items()))
            for part in node.iterdescendants(X + "*")
            if etree.QName(part).localname not in ("annotation", "documentation")
        )
        for schema in root.iter(X + "schema")
        for node in schema
        if node.tag != X + "element"
    }


def grown(before: Type, after: Type) -> bool:
    """Whether an input only gained optional elements at its end."""
    added = after[len(before) :]
    return after[: len(before)] == before and all("minOccurs=0" in part for part in added)
