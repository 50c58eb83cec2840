"""Values in SOAP's encoding, written: PHP decodes each to an equal one."""

import re
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iwapi.wires.gate import read_envelope, read_xml
from iwapi.wires.phpsoap import write_route
from iwapi.wires.routecall import Rows
from tests.wires.phpclient import HERE, VERSIONS, decoded

# Variants of an answer that are ours, by their name in the list of what PHP makes of each.
VARIANTS = {
    "ref": Rows("map", [{"id": 1}]),
    "emptyarray-anytype0": {},
    "double": 1.5,
    "long": 9999999999,
    "integer": 5,
    "bool1": True,
    "cdata": "a<b & c",
    "datetime": "2026-11-23T10:00:00Z",
    "decimal": "1.50",
    "crlf": "a\r\nb\nc\n",
}
SAME = {"soap12env": "ref", "othername": "ref", "qualifiedreturn": "ref", "array-anytype": "ref"}
"""Other forms of the same value: PHP makes the same of them as of ours."""

NEVER = set(
    """
    map-untyped-kv map-untyped-keys noxsi-return array-noarraytype array-wrongcount array-nocount
    emptyarray-noarraytype emptymap array-as-map-intkeys struct-return untyped-elements array-named-elements
    rows-untyped otherwrap nswrap nonamespacewrap qualifieditems wrongmapns pretty nil nil1typed
    status-string href dtd bom noxmldecl
    fault500 fault200 html500 http401 http403 empty200 ref500 ctxml ctsoap12 noctype chunked close
""".split()
)
"""Forms that are never written: untyped, miscounted or pretty values, and what HTTP adds to an answer."""


def said() -> dict[str, str]:
    """What PHP makes of each variant of an answer, by its name."""
    lines = (HERE / "captures" / "php-decodes.txt").read_text().splitlines()
    return {line.split()[2]: line.split(maxsplit=3)[3] for line in lines if "any/rpc-encoded" in line}


def test_every_variant_of_an_answer_is_ours_or_never_written():
    assert said().keys() == VARIANTS.keys() | SAME.keys() | NEVER
    assert {said()[name] for name in SAME} == {said()["ref"]}


@pytest.mark.needs("php")
def test_php_dumps_an_answer_as_the_list_of_variants_says():
    for version in VERSIONS:
        dumps = [
            answer["dump"]
            for answer in decoded([(version, write_route(version, 0, p)) for p in VARIANTS.values()])
        ]
        assert dict(zip(VARIANTS, dumps, strict=True)) == {name: said()[name] for name in VARIANTS}


def seen_by_php(value: Any) -> Any:
    """What decode.php must say of a value that was written."""
    match value:
        case None:
            return ["NULL", None]
        case bool():
            return ["boolean", value]
        case int():
            return ["integer", value]
        case float():
            return ["double", struct.pack(">d", value).hex()]
        case str():
            allowed = "\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
            return ["string", re.sub(f"[^{allowed}]", "\ufffd", value)]
        case Rows("object", rows):
            members = [
                ["object", [[name, seen_by_php(member)] for name, member in row.items()]] for row in rows
            ]
            return ["array", [[position, row] for position, row in enumerate(members)]]
        case Rows(_, rows):
            return seen_by_php(list(rows))
        case dict():
            members = {php_key(key): seen_by_php(member) for key, member in value.items()}
            return ["array", [[key, member] for key, member in members.items()]]
        case _:
            return ["array", [[position, seen_by_php(item)] for position, item in enumerate(value)]]


def php_key(key: str | int) -> str | int:
    """PHP takes a key that looks like an integer for one."""
    if isinstance(key, str) and re.fullmatch("0|-?[1-9][0-9]{0,17}", key, re.ASCII):
        return int(key)
    return seen_by_php(key)[1]


TEXTS = st.text(st.characters(), max_size=20)
NAMES = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,12}\Z")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES | st.integers(0, 99).map(str) | TEXTS, inner, max_size=4)
        | st.builds(Rows, st.just("list"), st.lists(st.lists(inner, max_size=3), max_size=3))
        | st.builds(Rows, st.just("map"), st.lists(st.dictionaries(NAMES, inner, max_size=3), max_size=3))
        | st.builds(Rows, st.just("object"), st.lists(st.dictionaries(NAMES, inner, max_size=3), max_size=3))
    ),
    max_leaves=20,
)
PAYLOADS = VALUES.filter(lambda value: value is not None and value != "")


@pytest.mark.needs("php")
@settings(max_examples=10, deadline=None)
@given(st.lists(PAYLOADS, min_size=20, max_size=40), st.sampled_from(VERSIONS))
def test_php_decodes_any_value_to_an_equal_one(payloads, version):
    answers = [(version, write_route(version, 0, payload)) for payload in payloads]
    found = [answer["value"] for answer in decoded(answers)]
    assert found == [seen_by_php({"status": 0, "payload": payload}) for payload in payloads]


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "",
        2**63,
        -(2**63) - 1,
        float("nan"),
        float("inf"),
        [2**64],
        Rows("object", [{"a b": 1}]),
        object(),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_payload_that_clients_cannot_take_is_a_bug_of_the_caller(version, payload):
    with pytest.raises((ValueError, TypeError)):
        write_route(version, 0, payload)


@pytest.mark.parametrize(
    ("value", "kind"), [(2**31 - 1, "int"), (-(2**31), "int"), (2**31, "long"), (-(2**31) - 1, "long")]
)
def test_an_int_beyond_32_bits_is_a_long(value, kind):
    assert f'<value xsi:type="xsd:{kind}">{value}</value>'.encode() in write_route("1.1", 0, value)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_answer_is_read_by_our_own_gate(version):
    text = "\x00\x1b\ufffe\ud800 ]]> <a>&amp;\r"
    root = read_xml(write_route(version, 11, {"a": text, "b": Rows("list", [])}), "utf-8")
    values = root.xpath("//item[key = 'a']/value/text()")
    assert values == ["\ufffd\ufffd\ufffd\ufffd ]]> <a>&amp;\r"]
    assert read_envelope(root).version == version
