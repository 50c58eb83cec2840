"""Typed SOAP, written: whole messages, byte for byte, so that a change of them is seen."""

from datetime import UTC, datetime

import pytest

from iwapi.errors import InvalidInput, MustUnderstand, Pending, Problem, Unavailable, Unreadable
from iwapi.kinds import Plain
from iwapi.wires.answers import Writer
from iwapi.wires.gate import VersionMismatch
from tests.wires.made_up import ADMIN, BILLING, Place, Thing, count, delete, find, list_names, make_secret

WRITER = Writer(BILLING)
START = '<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="%s"><soap:Body>'
START_1_1 = START % "http://schemas.xmlsoap.org/soap/envelope/"
START_1_2 = START % "http://www.w3.org/2003/05/soap-envelope"
END = "</soap:Body></soap:Envelope>"

THING = Thing(
    OPT_STORAGE=5000, OPT_SSL=False, id=7, domain="a.com", uniqname="a", nickname="A & <B>\r\x00",
    strength="weak", active=True, made=datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC), used=2**40,
    secret=Plain("x>y"), aliases=("b.com", "c.com"), place=Place(address="192.0.2.1", ports=(80, 443)),
)  # fmt: skip


def written(envelope: bytes, start: str = START_1_1) -> str:
    text = envelope.decode()
    assert text.startswith(start)
    assert text.endswith(END)
    return text[len(start) : -len(END)]


def test_an_answer_stands_in_result_and_what_is_not_there_is_left_out() -> None:
    assert written(WRITER.answer("1.1", find, THING)) == (
        '<findThingResponse xmlns="urn:iwapi:billing:1"><result>'
        "<id>7</id><domain>a.com</domain><uniqname>a</uniqname>"
        "<nickname>A &amp; &lt;B&gt;&#13;\ufffd</nickname>"
        "<strength>weak</strength><active>true</active><made>2026-11-24T10:00:00Z</made>"
        "<used>1099511627776</used><secret>x&gt;y</secret><aliases>b.com</aliases><aliases>c.com</aliases>"
        "<place><address>192.0.2.1</address><ports>80</ports><ports>443</ports></place>"
        "<OPT_STORAGE>5000</OPT_STORAGE><OPT_SSL>false</OPT_SSL></result></findThingResponse>"
    )


def test_a_list_is_result_repeated_and_none_when_it_is_empty() -> None:
    start, end = '<listNamesResponse xmlns="urn:iwapi:billing:1">', "</listNamesResponse>"
    two = written(WRITER.answer("1.1", list_names, iter(("a", "b"))))
    assert two == f"{start}<result>a</result><result>b</result>{end}"
    assert written(WRITER.answer("1.1", list_names, ())) == start + end


def test_sentences_numbers_and_nothing() -> None:
    assert "<result>Gone.</result>" in written(WRITER.answer("1.1", delete, "Gone."))
    assert "<result>3</result>" in written(WRITER.answer("1.1", count, 3))
    assert "result" not in written(WRITER.answer("1.1", find, None))


def test_a_new_secret_is_written_in_clear() -> None:
    answer = Writer(ADMIN).answer("1.1", make_secret, Plain("k-1"))
    assert written(answer) == (
        '<makeSecretResponse xmlns="urn:iwapi:admin:1"><result>k-1</result></makeSecretResponse>'
    )


def test_an_answer_is_in_the_version_that_was_asked() -> None:
    assert "<result>3</result>" in written(WRITER.answer("1.2", count, 3), START_1_2)


def test_times_are_written_in_utc() -> None:
    made = datetime.fromisoformat("2026-11-24T10:00:00.5+02:00")
    answer = written(WRITER.answer("1.1", find, THING.__class__(**(vars(THING) | {"made": made}))))
    assert "<made>2026-11-24T08:00:00.500000Z</made>" in answer


DETAIL = (
    '<InvalidInputFault xmlns="urn:iwapi:billing:1"><code>INVALID_INPUT</code>'
    '<retryable xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:boolean">false</retryable>'
    "<request_id>r-1</request_id>"
    "<message>There was a problem validating the form. Please see details below.</message>"
    "<customer_message>Some of the details of this order are not valid. Please contact support."
    "</customer_message><problems><field>domain</field><value>&lt;&gt;</value><problem>is wrong</problem>"
    "<allowed>a domain</allowed><code>INVALID_INPUT</code></problems></InvalidInputFault>"
)
TEXT = (
    "There was a problem validating the form. Please see details below.\n"
    "domain: &lt;&gt; is wrong (allowed: a domain)"
)
WRONG = InvalidInput(Problem("domain", "<>", "is wrong", "a domain"))


def test_a_fault_of_soap_1_1() -> None:
    assert written(WRITER.fault("1.1", WRONG, "r-1")) == (
        f"<soap:Fault><faultcode>soap:Client</faultcode><faultstring>{TEXT}</faultstring>"
        f"<detail>{DETAIL}</detail></soap:Fault>"
    )


def test_a_fault_of_soap_1_2() -> None:
    assert written(WRITER.fault("1.2", WRONG, "r-1"), START_1_2) == (
        '<soap:Fault xmlns:tns="urn:iwapi:billing:1"><soap:Code><soap:Value>soap:Sender</soap:Value>'
        "<soap:Subcode><soap:Value>tns:INVALID_INPUT</soap:Value></soap:Subcode></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="en">{TEXT}</soap:Text></soap:Reason>'
        f"<soap:Detail>{DETAIL}</soap:Detail></soap:Fault>"
    )


@pytest.mark.parametrize(
    ("error", "code_1_1", "code_1_2"),
    [
        (Pending(job=1), "Client", "Sender"),
        (Unavailable(reason="full"), "Server", "Receiver"),
        (Unreadable(reason="no"), "Client", "Sender"),
        (MustUnderstand(header="x"), "MustUnderstand", "MustUnderstand"),
        (VersionMismatch(reason="no"), "VersionMismatch", "VersionMismatch"),
    ],
)
def test_fault_codes_are_those_of_the_version(error: Exception, code_1_1: str, code_1_2: str) -> None:
    assert f"<faultcode>soap:{code_1_1}<" in written(WRITER.fault("1.1", error, "r"))
    assert f"<soap:Value>soap:{code_1_2}<" in written(WRITER.fault("1.2", error, "r"), START_1_2)
