"""The codec against zeep and the published schema, on every operation, made up and real."""

import io
from typing import Any, ClassVar

import pytest
import zeep
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from zeep.helpers import serialize_object

from iwapi.action import Action
from iwapi.asked import Credentials
from iwapi.errors import ApiError, Problem
from iwapi.kinds import Plain
from iwapi.shape import Shape, shape_of
from iwapi.wires.contract import wsdl
from iwapi.wires.faults import FaultDetail, detail_of
from iwapi.wires.services import TypedService
from tests.wires import made_up
from tests.wires.typed import (
    SCHEMAS,
    SERVICES,
    WRITERS,
    an_error,
    body_of,
    every_error,
    every_operation,
    read,
)
from tests.wires.values import AWKWARD, answers, as_xml_holds, wished, wishes

TEXT = "some\r\ntext"
CLIENTS = {service: zeep.Client(io.BytesIO(wsdl(service, "http://localhost:1/"))) for service in SERVICES}


class Response:
    """What zeep wants of an HTTP response."""

    headers: ClassVar = {"Content-Type": "text/xml; charset=utf-8"}
    encoding = "utf-8"

    def __init__(self, content: bytes, status_code: int = 200) -> None:
        self.content = content
        self.status_code = status_code


def decoded(service: TypedService, action: Action, envelope: bytes, status: int = 200) -> Any:
    """What strict zeep makes of an answer."""
    client = CLIENTS[service]
    binding = client.service._binding
    value = binding.process_reply(client, binding.get(action.name), Response(envelope, status))
    return serialize_object(value, dict)


def returned(shape: Shape, answer: Any) -> Any:
    """What zeep returns for an answer: where a struct has one member, that member."""
    value = seen(shape, answer)
    if isinstance(value, dict) and len(value) == 1:
        return next(iter(value.values()))
    return value


def seen(shape: Shape, value: Any) -> Any:
    """What zeep makes of a value: an empty element is None, no elements are an empty list."""
    if value is None:
        return None
    if shape.many:
        return [seen(Shape(shape.kind, shape.struct, shape.fields), item) for item in value]
    if shape.kind is None:
        members = {item.name: getattr(value, item.name) for item in shape.fields}
        if all(member in (None, ()) for member in members.values()):
            return None
        return {item.name: seen(item.shape, members[item.name]) for item in shape.fields}
    if isinstance(value, Plain):
        value = value.reveal
    return as_xml_holds(value) or None if isinstance(value, str) else value


@every_operation
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_every_answer_is_valid_and_zeep_decodes_it_to_equal_values(
    service: TypedService, action: Action, data: st.DataObject
) -> None:
    answer = data.draw(answers(action.answer))
    envelope = WRITERS[service].answer("1.1", action, answer)
    SCHEMAS[service].assertValid(body_of(envelope))
    value = decoded(service, action, envelope)
    assert (value or [] if action.answer.many else value) == returned(action.answer, answer)
    in_1_2 = body_of(WRITERS[service].answer("1.2", action, answer))
    assert etree.tostring(in_1_2, method="c14n", exclusive=True) == etree.tostring(
        body_of(envelope), method="c14n", exclusive=True
    )


SAID = st.text(st.characters() | AWKWARD, max_size=20)
PROBLEMS = st.lists(st.builds(Problem, SAID, SAID, SAID, SAID, SAID), max_size=3)


@pytest.mark.parametrize("service", made_up.SERVICES.values(), ids=lambda service: service.name)
@every_error
@given(problems=PROBLEMS, request_id=SAID)
@settings(max_examples=5, deadline=None)
def test_every_fault_has_a_valid_typed_detail_that_zeep_decodes(
    service: TypedService, kind: type[ApiError], problems: list[Problem], request_id: str
) -> None:
    error = an_error(kind, *problems)
    with pytest.raises(zeep.exceptions.Fault) as raised:
        decoded(service, service.actions[0], WRITERS[service].fault("1.1", error, request_id), error.http)
    (detail,) = raised.value.detail
    SCHEMAS[service].assertValid(detail)
    assert etree.QName(detail).localname == f"{kind.__name__}Fault"
    assert raised.value.code.removeprefix("soap:") in (kind.fault, kind.__name__)
    assert raised.value.message == as_xml_holds(error.message)
    found = serialize_object(CLIENTS[service].wsdl.types.deserialize(detail), dict)
    assert found == seen(shape_of(FaultDetail), detail_of(error, request_id))


@every_error
def test_in_soap_1_2_a_fault_has_its_code_its_reason_and_the_same_detail(kind: type[ApiError]) -> None:
    error = an_error(kind, Problem("domain", "<b>", "is wrong"))
    writer = WRITERS[made_up.BILLING]
    fault = body_of(writer.fault("1.2", error, "r1"))
    soap = {"s": "http://www.w3.org/2003/05/soap-envelope"}
    parts = [etree.QName(part).localname for part in fault]
    assert parts == ["Code", "Reason", "Detail"]
    value = fault.findtext("s:Code/s:Value", namespaces=soap)
    assert value in ("soap:Sender", "soap:Receiver", "soap:MustUnderstand")
    assert fault.findtext("s:Code/s:Subcode/s:Value", namespaces=soap) == f"tns:{kind.code}"
    assert fault.nsmap["tns"] == made_up.BILLING.namespace
    assert fault.findtext("s:Reason/s:Text", namespaces=soap) == error.message
    SCHEMAS[made_up.BILLING].assertValid(fault.find("s:Detail", soap)[0])


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "idempotency_key": st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1),
        "wait_seconds": st.integers(-(2**31), 2**31 - 1),
        "dry_run": st.booleans(),
    },
)


@every_operation
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_what_zeep_sends_is_read_as_it_was_meant(
    service: TypedService, action: Action, data: st.DataObject
) -> None:
    sent = data.draw(wishes(action.input.fields))
    client = CLIENTS[service]
    auth = {item.name: TEXT for item in service.auth.fields}
    options = data.draw(OPTIONS)
    headers = {"Auth": auth, "Options": options} if options else {"Auth": auth}
    message = client.create_message(client.service, action.name, _soapheaders=headers, **sent)
    got = read(service, etree.tostring(message))
    assert got.options == {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in options.items()
    }
    assert wished(action.input.fields, got.raw) == sent
    assert not got.problems
    assert got.credentials == Credentials(
        **{item.name: Plain(TEXT) if item.shape.secret else TEXT for item in service.auth.fields}
    )
