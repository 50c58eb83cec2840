"""XML-RPC written: every client decodes an answer to the value that was given."""

import re
import xmlrpc.client
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwapi.kinds import Plain
from iwapi.shape import shape_of
from iwapi.wires.routecall import Rows, route_answer
from iwapi.wires.xmlrpcanswers import answer_writer, write_answer, write_fault
from tests.wires import made_up
from tests.wires.values import answers, as_xml_holds
from tests.wires.xmlrpcclients import by_node, by_perl, by_python, by_ruby, capture, captures

# What to write for each captured answer but the described calls.
ANSWERS: dict[str, Any] = {
    "string": "Success",
    "lol": Rows("list", [["10.0.0.1", "10.0.0.1 (shared)"]]),
    "lom": Rows("map", [{"domain": "a.com", "f": 1.5, "t": True}]),
    "loo": Rows("object", [{"id": 1}]),
    "empty": Rows("list", []),
    "null": None,
    "true": True,
    "uni": 'ž漢字😀 <&>\n\t"',
    "err": "bad\nUsage: \n",
}
STATUS = {"err": 11}
BIG = 9_999_999_999  # which the reference wrote as if it had 32 bits


def ours(name: str) -> bytes:
    return write_answer({"status": STATUS.get(name, 0), "payload": ANSWERS[name]})


def theirs(client: str, name: str) -> bytes:
    """A captured answer as it left the server; node's own stream kept a line end that XML does not know."""
    return capture(f"{client}.{name}.resp").replace(b"\r\n", b"\n")


def test_every_captured_answer_is_among_them() -> None:
    described = {"key-string", "key-array", "three", "latin1-default"}
    names = {name.split(".")[1] for name in captures("*.resp")}
    assert names == {*ANSWERS, "big", "fault"} | described


@pytest.mark.parametrize(
    ("client", "decode"),
    [
        ("python", by_python),
        ("php", by_python),  # its own decoder is no part of PHP any more
        pytest.param("perl", by_perl, marks=pytest.mark.needs("perl:RPC::XML", "perl:JSON::PP")),
        pytest.param("ruby", by_ruby, marks=pytest.mark.needs("ruby:xmlrpc/parser")),
        pytest.param("node", by_node, marks=pytest.mark.needs("node", "npm")),
    ],
)
def test_a_client_decodes_an_answer_as_it_decodes_the_captured_one(client: str, decode: Any) -> None:
    written = [*map(ours, ANSWERS), write_fault(620, "boom"), ours_big()]
    sent = [theirs(client, name) for name in (*ANSWERS, "fault", "big")]
    *decoded, big = decode(written)
    *expected, wrapped = decode(sent)
    assert decoded == expected
    assert str(BIG) in str(big)
    assert "1410065407" in str(wrapped)


def ours_big() -> bytes:
    return write_answer({"status": 0, "payload": BIG})


DATE = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
INNER = "<array><data><value><int>1</int></value></data></array>"
FORMS = [
    (None, "<string></string>"), ("", "<string></string>"), (True, "<boolean>1</boolean>"),
    (False, "<boolean>0</boolean>"), (5, "<int>5</int>"), (2**31 - 1, "<int>2147483647</int>"),
    (-(2**31), "<int>-2147483648</int>"), (2**31, "<double>2147483648.0</double>"),
    (-(2**31) - 1, "<double>-2147483649.0</double>"), (2**53, "<double>9007199254740992.0</double>"),
    (2**53 + 1, "<string>9007199254740993</string>"), (-(2**53) - 1, "<string>-9007199254740993</string>"),
    (1.5, "<double>1.5</double>"), (100.0, "<double>100.0</double>"), (-0.0, "<double>-0.0</double>"),
    (1e22, "<double>10000000000000000000000.0</double>"), (1e-7, "<double>0.0000001</double>"),
    (DATE, "<dateTime.iso8601>20261124T10:00:00</dateTime.iso8601>"),
    (DATE.astimezone(timezone(timedelta(hours=5))), "<dateTime.iso8601>20261124T10:00:00</dateTime.iso8601>"),
    (DATE.replace(year=7, microsecond=9), "<dateTime.iso8601>00071124T10:00:00</dateTime.iso8601>"),
    ("a<b>&\r]]>\x00\ud800", "<string>a&lt;b&gt;&amp;&#13;]]&gt;\ufffd\ufffd</string>"),
    ([], "<array><data></data></array>"), ((), "<array><data></data></array>"), ({}, "<struct></struct>"),
    (Rows("map", []), "<array><data></data></array>"), (Rows("object", []), "<array><data></data></array>"),
    ({5: 1}, "<struct><member><name>5</name><value><int>1</int></value></member></struct>"),
    ({"<": ""}, "<struct><member><name>&lt;</name><value><string></string></value></member></struct>"),
    ([[1]], f"<array><data><value>{INNER}</value></data></array>"),
    (Rows("list", [[1]]), f"<array><data><value>{INNER}</value></data></array>"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "form"), FORMS, ids=[form[:40] for _, form in FORMS])
def test_each_value_has_one_form(value: Any, form: str) -> None:
    text = write_answer(value).decode()
    assert text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse><params><param>'
        f"<value>{form}</value></param></params></methodResponse>\n"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), [float("nan")], object(), 1j])
def test_what_no_client_can_take_is_a_bug_of_the_caller(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        write_answer(value)


@pytest.mark.parametrize("payload", [None, ""])
def test_a_payload_is_never_empty(payload: Any) -> None:
    with pytest.raises(ValueError, match="never empty"):
        route_answer(0, payload)


TEXTS = st.text(st.characters(), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**54), 2**54) | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1),  # noqa: DTZ001
                   timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5))])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS | st.integers(0, 99), inner, max_size=4)
        | st.builds(Rows, st.just("list"), st.lists(st.lists(inner, max_size=3), max_size=3))
        | st.builds(Rows, st.sampled_from(["map", "object"]),
                    st.lists(st.dictionaries(TEXTS, inner, max_size=3), max_size=3))
    ),
    max_leaves=20,
)  # fmt: skip


def decoded(value: Any) -> Any:
    """What a client has of a value: a few types are not XML-RPC's."""
    match value:
        case Plain():
            return decoded(value.reveal)
        case Rows(_, rows):
            return decoded(rows)
        case dict():
            return {decoded(str(name)): decoded(member) for name, member in value.items()}
        case list() | tuple():
            return [decoded(item) for item in value]
        case _ if hasattr(value, "__dataclass_fields__"):
            return decoded({name: member for name, member in vars(value).items() if member is not None})
        case _:
            return scalar(value)


def scalar(value: Any) -> Any:
    match value:
        case None:
            return ""
        case str():
            return as_xml_holds(value)
        case datetime():
            return value.astimezone(UTC).replace(microsecond=0, tzinfo=None, fold=0)
        case int() if abs(value) > 2**53:
            return str(value)
        case int() if not -(2**31) <= value < 2**31:
            return float(value)
        case _:
            return value


def loaded(answer: bytes) -> Any:
    (value,), _ = xmlrpc.client.loads(answer, use_builtin_types=True)
    return value


def same(one: Any, other: Any) -> bool:
    """Equal in type too: 1 is not true. The order of members does not count."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


@given(VALUES)
def test_python_decodes_any_value_to_an_equal_one(value: Any) -> None:
    answer = write_answer(value)
    assert same(loaded(answer), decoded(value))
    assert not re.search(rb"<(?:ex:)?(?:nil|i8)", answer)


@given(st.integers(-(2**31), 2**31 - 1), TEXTS)
def test_python_raises_a_fault_with_its_number_and_its_text(number: int, text: str) -> None:
    with pytest.raises(xmlrpc.client.Fault) as fault:
        loaded(write_fault(number, text))
    assert (fault.value.faultCode, fault.value.faultString) == (number, as_xml_holds(text))


WRITERS = {action: answer_writer(action.answer) for action in made_up.CATALOGUE.actions}


@given(st.data())
@pytest.mark.parametrize("action", WRITERS, ids=lambda action: action.name)
def test_python_decodes_any_typed_answer_to_its_members(action: Any, data: st.DataObject) -> None:
    value = data.draw(answers(action.answer))
    written = WRITERS[action](value)
    assert same(loaded(written), decoded(value))


def test_a_member_that_is_none_is_left_out_and_an_empty_list_is_not() -> None:
    place = made_up.Place(address="192.0.2.1", note=None, ports=())
    assert loaded(answer_writer(shape_of(made_up.Place))(place)) == {"address": "192.0.2.1", "ports": []}


def test_an_answer_of_nothing_is_the_empty_text() -> None:
    assert loaded(answer_writer(made_up.CATALOGUE.named["findThing"].answer)(None)) == ""
