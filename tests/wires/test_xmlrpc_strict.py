"""XML-RPC is read to the letter: every type as its specification says, and a reason for whatever is not."""

from typing import Any

import pytest

from iwapi.errors import Unreadable
from iwapi.wires.xmlrpc import MethodCall
from tests.wires.xmlrpcclients import called, read

EXTENSIONS = 'xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions"'
MEMBER = "<member><name>{}</name><value>{}</value></member>"

GOOD = [
    ("", ""), (" x\n", " x\n"), ("<string/>", ""), ("<string> x\n</string>", " x\n"),
    ("\n <string>x</string> ", "x"),
    ("<string><![CDATA[<nil/>]]></string>", "<nil/>"), ("a<!-- c -->b", "ab"),
    ("<int>0123</int>", "0123"), ("<i4>-2147483648</i4>", "-2147483648"),
    ("<int>+2147483647</int>", "+2147483647"),
    ("<int>-0</int>", "-0"), ("<i8>-9223372036854775808</i8>", "-9223372036854775808"),
    (f"<ex:i8 {EXTENSIONS}>9223372036854775807</ex:i8>", "9223372036854775807"),
    ("<boolean>1</boolean>", "1"), ("<boolean>0</boolean>", "0"),
    ("<double>1.500000</double>", "1.500000"), ("<double>-.5</double>", "-.5"), ("<double>5.</double>", "5."),
    ("<double>1e308</double>", "1e308"), ("<double>5E-324</double>", "5E-324"), ("<double>+3</double>", "+3"),
    (f"<double>{'9' * 308}.0</double>", "9" * 308 + ".0"),
    ("<dateTime.iso8601>20261124T10:00:00</dateTime.iso8601>", "2026-11-24T10:00:00Z"),
    ("<dateTime.iso8601>2026-11-24T10:00:00Z</dateTime.iso8601>", "2026-11-24T10:00:00Z"),
    ("<dateTime.iso8601>20261124T10:00:00.5+02:00</dateTime.iso8601>", "2026-11-24T10:00:00.5+02:00"),
    ("<dateTime.iso8601>20240229T23:59:59</dateTime.iso8601>", "2024-02-29T23:59:59Z"),
    ("<base64>xb7Cvg==</base64>", "ž¾"), ("<base64/>", ""),
     ("<base64>\n eA\r\n\t== </base64>", "x"),
    ("<nil/>", None), (f"<ex:nil {EXTENSIONS}/>", None), ("<nil></nil>", None),
    ("<array><data/></array>", []), ("<array> <data> </data> </array>", []),
    ("<array><data><value/><value><nil/></value></data></array>", ["", None]),
    ("<struct/>", {}), (f"<struct>{MEMBER.format('', 'x')}</struct>", {"": "x"}),
    (f"<struct>{MEMBER.format('5', '<int>5</int>')}{MEMBER.format(' a', '<struct/>')}</struct>",
     {"5": "5", " a": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("form", "value"), GOOD, ids=[form[:40] for form, _ in GOOD])
def test_a_value_is_read(form: str, value: Any) -> None:
    assert called(f"<value>{form}</value>") == value


INTEGER = "an integer is not a whole number of {} bits"
DOUBLE = "a double is not a number, or is beyond what a double can be"
FORM = "a dateTime.iso8601 has not the form 20261124T10:00:00"
CALENDAR = "a dateTime.iso8601 is in no calendar"
BASE64 = "a base64 does not hold a text in UTF-8"
TYPE = "a value has a type that XML-RPC does not have"
MEMBERS = "a struct holds something else than members with one name and one value"
TEXT = "elements stand where a text is meant"
VALUE = "something else than a value with at most one type stands there"

BAD = {
    INTEGER.format(32): [
        f"<{kind}>{text}</{kind}>" for kind in ("int", "i4")
        for text in ("", " 5", "5 ", "1_000", "٣", "５", "0x10", "1e3", "1.0", "2147483648", "-2147483649",
                     "NaN", "--1", "+", "true", "9" * 5000)
    ],
    INTEGER.format(64): ["<i8>9223372036854775808</i8>", "<i8>-9223372036854775809</i8>", "<i8/>",
                         "<i8>1.0</i8>", f"<ex:i8 {EXTENSIONS}>x</ex:i8>"],
    "a boolean is neither 0 nor 1": [
        f"<boolean>{text}</boolean>" for text in ("", "true", "false", "2", " 1", "01", "１")
    ],
    DOUBLE: [
        f"<double>{text}</double>" for text in
        ("", "NaN", "nan", "INF", "-inf", "Infinity", "1e999", "-1e999", "1_0.5", "٣.5", "1,5", " 1.5",
         "1.5 ", ".", "e5", "1e", "0x1p3", "1.5f", "9" * 309, "1." + "0" * 2000)
    ],
    FORM: [
        f"<dateTime.iso8601>{text}</dateTime.iso8601>" for text in
        ("", "20261124", "2026-1124T10:00:00", "202611-24T10:00:00", "20261124 10:00:00", "20261124T100000",
         "20261124T10:00", "20261124T10:00:00+0200", "20261124T10:00:00 Z", "２0261124T10:00:00",
         "261124T10:00:00")
    ],
    CALENDAR: [
        f"<dateTime.iso8601>{text}</dateTime.iso8601>" for text in
        ("20260229T10:00:00", "20261301T10:00:00", "20261100T10:00:00", "20261124T24:01:00",
         "20261124T10:60:00", "20261124T23:59:60", "00000101T00:00:00", "20261124T10:00:00+24:00")
    ],
    BASE64: [f"<base64>{text}</base64>" for text in
             ("eA", "eA=", "e_A=", "eA-=", "é", "=", "eA==eA==", "//79", "7aCA", "eA\u00a0==")],
    TYPE: ["<Int>5</Int>", "<i1>5</i1>", "<float>1.5</float>", "<value/>", "<foo/>",
           '<int xmlns="urn:x">5</int>', '<x:nil xmlns:x="urn:x"/>', f"<ex:string {EXTENSIONS}/>",
           "<dateTime>20261124T10:00:00</dateTime>"],
    "a nil holds something": ["<nil> </nil>", "<nil>x</nil>"],
    TEXT: ["<string><b/></string>", "<int><int>5</int></int>", "<base64><a/></base64>", "<nil><a/></nil>",
           "<struct><member><name><a/></name><value/></member></struct>"],
    "a member is given twice": [f"<struct>{MEMBER.format('a', 'x') * 2}</struct>"],
    MEMBERS: [
        f"<struct>{text}</struct>" for text in
        ("<member/>", "<member><name>a</name></member>", "<member><value/></member>", "<a/>",
         "<member><value/><name>a</name></member>", "<member><name>a</name><name>b</name><value/></member>",
         "<member><name>a</name><value/><value/></member>", "<name>a</name>")
    ],
    VALUE: ["<int>5</int><int>6</int>", "<array><data><int>5</int></data></array>"],
    "something else than a array with exactly one data stands there": [
        "<array/>", "<array><data/><data/></array>", "<array><value/></array>", "<array>x</array>"
    ],
}  # fmt: skip


ROWS = [(form, reason) for reason, forms in BAD.items() for form in forms]


@pytest.mark.parametrize(("form", "reason"), ROWS, ids=lambda text: text[:40])
def test_a_value_of_another_form_is_refused(form: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        called(f"<value>{form}</value>")
    assert refused.value.text == f"The request cannot be read: {reason}."


NO_CALL = "a methodCall is one methodName with at most one params after it"
NO_PARAM = "something else than a param with exactly one value stands there"
NO_NAME = "its methodName is not the name of a method"


NAMED = "<methodCall><methodName>{}</methodName></methodCall>"
WITH = "<methodCall><methodName>m</methodName>{}</methodCall>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<methodResponse/>", "it is not a methodCall"),
        ("<m:methodCall xmlns:m='urn:m'><methodName>m</methodName></m:methodCall>", "it is not a methodCall"),
        ("<methodCall/>", NO_CALL),
        ("<methodCall><params/></methodCall>", NO_CALL),
        ("<methodCall><params/><methodName>m</methodName></methodCall>", NO_CALL),
        (WITH.format("<methodName>n</methodName>"), NO_CALL),
        (WITH.format("<params/><params/>"), NO_CALL),
        (NAMED.format(""), NO_NAME),
        (NAMED.format(" m"), NO_NAME),
        (NAMED.format("é"), NO_NAME),
        (NAMED.format("m" * 101), NO_NAME),
        (NAMED.format("<a/>"), TEXT),
        (WITH.format("<params><value/></params>"), NO_PARAM),
        (WITH.format("<params><param/></params>"), NO_PARAM),
        (WITH.format("<params><param>x</param></params>"), NO_PARAM),
        (WITH.format("<params><param><value/><value/></param></params>"), NO_PARAM),
        (WITH.format("<params><param><a/></param></params>"), NO_PARAM),
    ],
)
def test_a_document_of_another_form_is_refused(body: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(body.encode())
    assert refused.value.text == f"The request cannot be read: {reason}."


@pytest.mark.parametrize("params", ["", "<params/>", "<params> </params>"])
def test_a_call_may_have_no_params(params: str) -> None:
    body = f"<methodCall>\n<methodName>system.listMethods</methodName>{params}</methodCall>"
    assert read(body.encode()) == MethodCall("system.listMethods", ())


def test_a_call_never_shows_what_it_holds_and_a_refusal_never_repeats_it() -> None:
    assert "secret" not in repr(MethodCall("m", ("secret", {"a": "secret"})))
    for form in ("<secret/>", "<int>secret</int>", "<double>secret</double>", "<base64>secret!</base64>",
                 f"<struct>{MEMBER.format('secret', 'x') * 2}</struct>"):  # fmt: skip
        with pytest.raises(Unreadable) as refused:
            called(f"<value>{form}</value>")
        assert "secret" not in str(refused.value)
