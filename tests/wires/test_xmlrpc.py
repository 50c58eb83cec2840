"""XML-RPC read: every captured call, and whatever Python's own client can send; the rest is refused."""

import json
import xmlrpc.client
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwapi.errors import Unreadable
from iwapi.wires.xmlrpc import MethodCall
from tests.wires.values import as_xml_holds
from tests.wires.xmlrpcclients import capture, captures, read

CLIENTS = ("node", "perl", "php", "python", "ruby")
DESCRIBED = [
    name for name in captures("*.req")
    if "key-" in name or name in ("php.three.req", "php.latin1-default.req")
]  # fmt: skip
OTHERS = [name for name in captures("*.req") if name not in DESCRIBED]


def same(read: Any, seen: Any) -> bool:
    """Whether what was read is what the reference server saw; it typed its scalars."""
    match seen:
        case bool():
            return read == str(int(seen))
        case int():
            return int(read) == seen
        case float():
            return float(read) == seen
        case dict():
            return read.keys() == seen.keys() and all(same(read[name], seen[name]) for name in seen)
        case list():
            return len(read) == len(seen) and all(map(same, read, seen))
        case _:
            return read == seen


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_captured_call_is_read_as_the_reference_server_saw_it(name: str) -> None:
    answer, _ = xmlrpc.client.loads(capture(name.replace(".req", ".resp")))
    seen = json.loads(answer[0]["payload"])
    call = read(capture(name))
    assert call.method == "iworx.route"
    if name == "php.three.req":
        assert seen.pop() is None
    if seen[3:] == [[]]:
        seen[3] = call.params[3]  # PHP has one empty array for both
        assert not seen[3]
    assert same(list(call.params), seen)


@pytest.mark.parametrize("name", OTHERS)
def test_a_captured_call_without_input_is_read(name: str) -> None:
    (_, action, _) = name.split(".")
    assert read(capture(name)) in [
        MethodCall("iworx.route", ("KEY", "/x", action, empty)) for empty in ([], {})
    ]


def test_every_captured_call_is_among_them() -> None:
    assert {name.partition(".")[0] for name in DESCRIBED} == set(CLIENTS)
    assert len(DESCRIBED) + len(OTHERS) == len(captures("*.resp")) == 67


@pytest.mark.parametrize("charset", [None, "iso-8859-1"])
def test_bytes_of_iso_8859_1_are_read(charset: str | None) -> None:
    head = "<?xml version='1.0' encoding='iso-8859-1'?>" if charset is None else ""
    call = (
        "<methodCall><methodName>m</methodName><params><param><value>Müller &#382;</value></param></params>"
    )
    body = f"{head}{call}</methodCall>".encode("iso-8859-1")
    assert read(body, charset).params == ("Müller ž",)


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20).map(as_xml_holds)
SENT = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.datetimes().map(lambda moment: moment.replace(microsecond=0))
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=20).map(str.encode),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def lines(text: str) -> str:
    """XML has one kind of line end, and Python's client does not write the others by number."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_read(value: Any) -> Any:
    """What must be read of a value that Python's client sent."""
    match value:
        case None:
            return None
        case bool():
            return str(int(value))
        case float():
            return repr(value)
        case int():
            return str(value)
        case str():
            return lines(value)
        case bytes():
            return value.decode()
        case datetime():
            return value.isoformat() + "Z"
        case dict():
            return {lines(name): as_read(member) for name, member in value.items()}
        case _:
            return [as_read(item) for item in value]


def no_member_twice(value: Any) -> bool:
    if isinstance(value, dict):
        return len({lines(name) for name in value}) == len(value) and all(
            map(no_member_twice, value.values())
        )
    return not isinstance(value, list) or all(map(no_member_twice, value))


@given(
    st.lists(SENT.filter(no_member_twice), max_size=4), st.sampled_from(["utf-8", "iso-8859-1", "us-ascii"])
)
def test_whatever_python_sends_is_read_to_the_same_texts(params: list[Any], encoding: str) -> None:
    text = xmlrpc.client.dumps(tuple(params), "iworx.route", encoding=encoding, allow_none=True)
    call = read(text.encode(encoding, "xmlcharrefreplace"))
    assert call == MethodCall("iworx.route", tuple(as_read(param) for param in params))


SEEDS = [capture(name) for name in ("python.key-array.req", "php.latin1-default.req", "node.key-array.req")]
PIECES = [b"<value>", b"</value>", b"<int>", b"<nil/>", b"<i8>1</i8>", b"<struct/>", b"<member>",
          b"<params/>", b"9", b"\xff", b"&#0;", b"<base64>!</base64>", b"<!-- -->", b"1e999"]  # fmt: skip
PUT_IN = st.sampled_from(PIECES) | st.binary(max_size=4)


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), PUT_IN), max_size=4))
def test_any_bytes_are_a_call_or_a_clean_refusal(
    body: bytes, changes: list[tuple[float, int, bytes]]
) -> None:
    for place, cut, piece in changes:
        at = int(place * len(body))
        body = body[:at] + piece + body[at + cut :]
    try:
        found: MethodCall | Exception = read(body)
    except Unreadable as refused:
        found = refused
    assert isinstance(found, MethodCall | Unreadable)
