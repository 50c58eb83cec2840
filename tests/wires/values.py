"""Values of a shape: typed ones for answers, texts for requests. Hypothesis makes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from iwapi.kinds import Kind, Plain
from iwapi.shape import Field, Shape

# The characters of XML 1.0, as its specification lists them.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

AWKWARD = st.sampled_from("&<>'\"\r\n\t ]\x00\x1f\x7f\u0085\u2028\ud800\udfff\ufffd\ufffe\uffff\U0010fffféя")


def as_xml_holds(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def texts(kind: Kind, alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts that the facets of a string kind allow."""
    if "enumeration" in kind.facets:
        return st.sampled_from(str(kind.facets["enumeration"]).split("|"))
    if "pattern" in kind.facets:
        return st.from_regex(str(kind.facets["pattern"]), fullmatch=True)
    low = int(kind.facets.get("minLength", 0))
    return st.text(alphabet, min_size=low, max_size=min(int(kind.facets.get("maxLength", 20)), 20))


def natives(kind: Kind) -> st.SearchStrategy[Any]:
    """Values of a kind as actions answer them."""
    if kind.xsd == "boolean":
        return st.booleans()
    if kind.xsd == "dateTime":
        return st.integers(0, 2**42).map(lambda number: datetime.fromtimestamp(number / 1000, UTC))
    if kind.xsd != "string":
        return st.integers(int(kind.facets["minInclusive"]), int(kind.facets["maxInclusive"]))
    made = texts(kind, st.characters() | AWKWARD)
    return made.map(Plain) if kind.secret else made


def answers(shape: Shape) -> st.SearchStrategy[Any]:
    """Answers of a shape."""
    if shape.kind is not None:
        one = natives(shape.kind)
    else:
        assert shape.struct is not None
        one = st.builds(shape.struct, **{item.name: answers(item.shape) for item in shape.fields})
    if shape.many:
        return st.lists(one, max_size=3).map(tuple)
    return st.none() | one if shape.optional else one


def wishes(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """The inputs of a call as programs hold them: numbers, flags, moments, texts that XML can hold."""
    needed = {item.name: wish(item.shape) for item in fields if item.required}
    others = {item.name: wish(item.shape) for item in fields if not item.required}
    return st.fixed_dictionaries(needed, optional=others)


def wish(shape: Shape) -> st.SearchStrategy[Any]:
    if shape.kind is None:
        one = wishes(shape.fields)
    elif shape.kind.xsd == "string":
        one = texts(shape.kind, st.characters() | AWKWARD).map(as_xml_holds)
    else:
        one = natives(shape.kind)
    return st.lists(one, min_size=1, max_size=3) if shape.many else one


def written(kind: Kind) -> st.SearchStrategy[str]:
    """Texts of a kind as requests hold them; every one of them is valid by the schema."""
    if kind.xsd == "boolean":
        return st.sampled_from(["true", "false", "1", "0", " true\n"])
    if kind.xsd == "string":
        return texts(kind, st.characters() | AWKWARD).map(as_xml_holds)
    if kind.xsd == "dateTime":
        return natives(kind).map(datetime.isoformat)
    return natives(kind).map(str) | natives(kind).map("  +{}\t".format)


def requests(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """The members of a call: texts, lists and mappings; what is not required may be absent."""
    needed = {item.name: one_request(item.shape) for item in fields if item.required}
    others = {item.name: one_request(item.shape) for item in fields if not item.required}
    order = [item.name for item in fields]
    made = st.fixed_dictionaries(needed, optional=others)
    return made.map(lambda members: {name: members[name] for name in order if name in members})


def one_request(shape: Shape) -> st.SearchStrategy[Any]:
    one = written(shape.kind) if shape.kind is not None else requests(shape.fields)
    return st.lists(one, min_size=1, max_size=3) if shape.many else one


def wished(fields: tuple[Field, ...], raw: Any) -> dict[str, Any]:
    """What was read, as the program that called held it."""
    shapes = {item.name: item.shape for item in fields}
    return {name: _wished(shapes[name], value) for name, value in raw.items()}


def _wished(shape: Shape, value: Any) -> Any:
    if isinstance(value, list):
        return [_wished(shape, item) for item in value]
    if shape.kind is None:
        return wished(shape.fields, value)
    made = {"boolean": lambda text: text == "true", "dateTime": datetime.fromisoformat, "string": str}
    return made.get(shape.kind.xsd, int)(value)
