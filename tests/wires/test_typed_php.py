"""Typed SOAP through PHP's SoapClient, in WSDL mode, by SOAP 1.1 and 1.2."""

import json
import subprocess
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iwapi.errors import DomainTaken, Problem
from iwapi.kinds import Plain
from iwapi.shape import Shape
from iwapi.wires.contract import wsdl
from iwapi.wires.gate import Version, read_envelope, read_xml
from iwapi.wires.services import TypedService
from tests.wires import made_up
from tests.wires.typed import SERVICES, WRITERS, read
from tests.wires.values import answers, as_xml_holds, wished, wishes

PHP = Path(__file__).parent / "php" / "typed.php"


BILLING = [service for service in SERVICES if service.name == "billing"]


def canned(envelope: bytes) -> str:
    return b64encode(envelope).decode()


def in_php(version: str, calls: list[dict[str, Any]], wsdl_file: Path) -> list[dict[str, Any]]:
    asked = {"wsdl": str(wsdl_file), "version": version, "calls": calls}
    script = json.dumps(asked, default=datetime.isoformat).encode()
    done = subprocess.run(["php", "-d", "error_reporting=-1", str(PHP)], input=script, capture_output=True)
    assert done.stderr == b""
    return json.loads(done.stdout)


def in_php_seen(shape: Shape, value: Any) -> Any:
    """What PHP makes of a value; what is absent or empty is left out on both sides."""
    if shape.many:
        return [in_php_seen(Shape(shape.kind, shape.struct, shape.fields), item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Plain):
        value = value.reveal
    if isinstance(value, str):
        return as_xml_holds(value)
    if shape.kind is not None:
        return value
    return {item.name: in_php_seen(item.shape, member) for item in shape.fields
            if (member := getattr(value, item.name)) is not None}  # fmt: skip


def pruned(value: Any) -> Any:
    if isinstance(value, list):
        return [pruned(item) for item in value]
    if isinstance(value, dict):
        kept = {name: pruned(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, [], {})}
    return value


@pytest.fixture(scope="session")
def wsdl_files(tmp_path_factory: pytest.TempPathFactory) -> dict[TypedService, Path]:
    folder = tmp_path_factory.mktemp("wsdl")
    files = {service: folder / f"{number}.wsdl" for number, service in enumerate(BILLING)}
    for service, file in files.items():
        file.write_bytes(wsdl(service, "http://localhost:1/"))
    return files


@pytest.mark.needs("php")
@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("service", BILLING, ids=["made up", "real"])
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_what_php_sends_is_read_as_it_was_meant_and_php_decodes_every_answer(
    wsdl_files: dict[TypedService, Path], service: TypedService, version: Version, data: st.DataObject
) -> None:
    sent = [data.draw(wishes(action.input.fields)) for action in service.actions]
    answered = [data.draw(answers(action.answer)) for action in service.actions]
    calls = [
        {
            "operation": action.name,
            "arguments": wish,
            "answer": canned(WRITERS[service].answer(version, action, answer)),
        }
        for action, wish, answer in zip(service.actions, sent, answered, strict=True)
    ]
    results = in_php(version, calls, wsdl_files[service])
    for action, wish, answer, result in zip(service.actions, sent, answered, results, strict=True):
        expected = {} if answer is None else {"result": in_php_seen(action.answer, answer)}
        assert pruned(result["value"]) == pruned(expected)
        request = b64decode(result["request"])
        assert read_envelope(read_xml(request, None)).version == version
        asked = read(service, request)
        assert (asked.action, wished(action.input.fields, asked.raw), asked.problems) == (action, wish, ())
        assert asked.credentials.apikey == Plain("the key")


@pytest.mark.needs("php")
@pytest.mark.parametrize(("version", "code"), [("1.1", "Client"), ("1.2", "Sender")])
def test_php_catches_a_fault_with_its_typed_detail(
    wsdl_files: dict[TypedService, Path], version: Version, code: str
) -> None:
    error = DomainTaken(*(Problem("domain", domain, "is taken") for domain in ("a.example", "b.example")))
    answer = canned(WRITERS[made_up.BILLING].fault(version, error, "r1"))
    calls = [{"operation": "countThings", "arguments": {}, "answer": answer}]
    (got,) = in_php(version, calls, wsdl_files[made_up.BILLING])
    assert (got["fault"]["text"], got["fault"]["code"]) == (error.message, f"soap:{code}")
    detail = got["fault"]["detail"]["DomainTakenFault"]
    assert (detail["code"], detail["retryable"], detail["request_id"]) == ("DOMAIN_TAKEN", False, "r1")
    assert [problem["value"] for problem in detail["problems"]] == ["a.example", "b.example"]
