"""Options on every wire of a real server: what is done once, what is not done at all, what is refused."""

from __future__ import annotations

import re
import socket
import xmlrpc.client
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

import pytest
import requests
from zeep.helpers import serialize_object

from tests.clients.byhand import OPENING, endpoint, eventually
from tests.clients.zeeped import COMMITTED, Client
from tests.helpers import rows
from tests.sandbox import Sandbox, running

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
KEY = {"idempotency_key": "order-1234"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(program="tests.slow_sandbox") as sandbox:
        yield sandbox


@pytest.fixture
def domain(request: pytest.FixtureRequest) -> str:
    return re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[-50:].strip("-") + ".example"


class Zeep(Client):
    """zeep, with options in the envelope, and in HTTP headers."""

    options: Mapping[str, Any] = MappingProxyType({})

    def __call__(self, operation: str, **inputs: Any) -> Any:
        headers = {"Auth": self.auth, **({"Options": self.options} if self.options else {})}
        return serialize_object(self.service[operation](**inputs, _soapheaders=headers), dict)


@pytest.fixture
def client(sandbox: Sandbox) -> Zeep:
    session = requests.Session()
    return Zeep(str(COMMITTED / "iwapi.wsdl"), {"apikey": sandbox.api_key}, sandbox.soap_typed, session)


def http(client: Zeep) -> dict[str, Any]:
    headers: dict[str, Any] = client.zeep.transport.session.headers
    return headers


def accounts(sandbox: Sandbox, domain: str) -> int:
    ((count,),) = rows(sandbox.state, "select count(*) from account where domain = ?", domain)
    return int(count)


def test_a_repeat_is_the_first_call_on_any_wire(sandbox: Sandbox, client: Zeep, domain: str) -> None:
    wanted = {"master_domain": domain, **OPENING}
    key = {"idempotency_key": domain}
    client.options = key
    first = client("createSiteWorxAccount", **wanted)
    assert client("createSiteWorxAccount", **wanted) == first
    client.options = {}
    http(client)["Idempotency-Key"] = f'"{domain}"'
    assert client("createSiteWorxAccount", **wanted) == first
    proxy = xmlrpc.client.ServerProxy(sandbox.soap.replace("/soap", "/xmlrpc"))
    by_rpc: Any = proxy.iwapi.createSiteWorxAccount({"apikey": sandbox.api_key, **key, **wanted})
    assert by_rpc["uniqname"] == first["uniqname"]
    routed: Any = proxy.iworx.route({"apikey": sandbox.api_key, **key}, "/nodeworx/siteworx", "add", wanted)
    assert routed["status"] == 0
    assert accounts(sandbox, domain) == 1
    name, detail = client.refused("createSiteWorxAccount", **{**wanted, "nickname": "other"})
    assert (name, detail["retryable"]) == ("IdempotencyMismatchFault", False)
    assert "createSiteWorxAccount" in detail["message"]


def test_a_dry_run_has_the_fault_that_tells_what_would_change(
    sandbox: Sandbox, client: Zeep, domain: str
) -> None:
    for options, header in (({"dry_run": True}, None), ({}, "true"), ({"dry_run": True}, "TRUE")):
        client.options = options
        http(client)["Dry-Run"] = header
        name, detail = client.refused("createSiteWorxAccount", master_domain=domain, **OPENING)
        assert (name, detail["code"], detail["problems"]) == ("DryRunFault", "DRY_RUN", [])
        assert {"about", "member", "before", "after"} == detail["changes"][0].keys()
        assert domain in [change["after"] for change in detail["changes"]]
        assert all(isinstance(text, str) for text in detail["consequences"])
    assert accounts(sandbox, domain) == 0
    name, _ = client.refused("createSiteWorxAccount", master_domain="x", **OPENING)
    assert name == "InvalidInputFault"


def test_what_takes_longer_than_it_may_is_pending_and_names_its_job(client: Zeep, domain: str) -> None:
    wanted = {"master_domain": domain, "uniqname": "slowone", **OPENING}
    client.options = {"idempotency_key": domain, "wait_seconds": 0}
    name, detail = client.refused("createSiteWorxAccount", **wanted)
    assert (name, detail["retryable"]) == ("PendingFault", True)
    assert f"(job {detail['job']})" in detail["message"]
    client.options = {"idempotency_key": domain}
    http(client)["Prefer"] = "wait=0"
    assert client.refused("createSiteWorxAccount", **wanted)[1]["job"] == detail["job"]
    http(client)["Prefer"] = "respond-async"
    assert client("createSiteWorxAccount", **wanted)["status"] == "active"


@pytest.mark.parametrize(
    ("options", "headers", "fields"),
    [
        ({"idempotency_key": "short"}, {}, ["idempotency_key"]),
        ({"idempotency_key": "order 1234"}, {}, ["idempotency_key"]),
        ({"idempotency_key": "k" * 129}, {}, ["idempotency_key"]),
        ({"idempotency_key": "k" * 60_000}, {}, ["idempotency_key"]),
        ({"idempotency_key": "order-1234\r\nX-Evil: 1"}, {}, ["idempotency_key"]),
        ({"idempotency_key": "ordér-1234"}, {}, ["idempotency_key"]),
        ({"idempotency_key": "order-1234\n"}, {}, ["idempotency_key"]),
        ({"wait_seconds": "301"}, {}, ["wait_seconds"]),
        ({"wait_seconds": "-1", "dry_run": "yes"}, {}, ["wait_seconds", "dry_run"]),
        ({}, {"Idempotency-Key": ""}, ["idempotency_key"]),
        ({}, {"Idempotency-Key": '"order-1234", "order-1235"'}, ["idempotency_key"]),
        ({}, {"Prefer": "wait=soon", "Dry-Run": "maybe"}, ["wait_seconds", "dry_run"]),
        (KEY, {"Idempotency-Key": "order-1235"}, ["idempotency_key"]),
    ],
)  # fmt: skip
def test_an_option_that_is_wrong_stops_the_call_on_every_wire(
    sandbox: Sandbox, domain: str, options: dict[str, str], headers: dict[str, str], fields: list[str]
) -> None:
    wanted = {"master_domain": domain, **OPENING}
    for url, body in every_wire(sandbox, wanted, options):
        answer = requests.post(url, body, headers={"Content-Type": "text/xml", **headers}, timeout=20)
        for field in fields:
            assert f"{field}: " in answer.text, answer.text
        assert "There was a problem validating the form" in answer.text
        assert "X-Evil" not in answer.headers
    assert accounts(sandbox, domain) == 0


def every_wire(
    sandbox: Sandbox, wanted: dict[str, str], options: dict[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The address and the body of the call that opens an account."""
    auth, given = {"apikey": sandbox.api_key}, members(options)
    yield sandbox.soap_typed, typed(f"<Options>{given}</Options>" if options else "", auth, wanted)
    rpc = sandbox.soap.replace("/soap", "/xmlrpc")
    for params, method in (
        (({**auth, **options, **wanted},), "iwapi.createSiteWorxAccount"),
        (({**auth, **options}, wanted), "iwapi.createSiteWorxAccount"),
        (({**auth, **options}, "/nodeworx/siteworx", "add", wanted), "iworx.route"),
    ):
        yield rpc, xmlrpc.client.dumps(params, method).replace("\r", "&#13;").encode()
    yield sandbox.soap, routed({**auth, **options}, wanted)


def members(values: dict[str, str]) -> str:
    texts = {name: escape(value, {"\r": "&#13;"}) for name, value in values.items()}
    return "".join(f"<{name}>{text}</{name}>" for name, text in texts.items())


def typed(header: str, auth: dict[str, str], wanted: dict[str, str]) -> bytes:
    space = 'xmlns="urn:iwapi:billing:1"'
    header = f"<Auth {space}>{members(auth)}</Auth>" + re.sub(r"<(\w+)", rf"<\1 {space}", header, count=1)
    call = f"<createSiteWorxAccount {space}>{members(wanted)}</createSiteWorxAccount>"
    return enveloped(header, call)


def routed(first: dict[str, str], wanted: dict[str, str]) -> bytes:
    def map_(name: str, values: dict[str, str]) -> str:
        texts = {key: escape(value, {"\r": "&#13;"}) for key, value in values.items()}
        items = "".join(f"<item><key>{key}</key><value>{text}</value></item>" for key, text in texts.items())
        return f'<{name} xmlns:m="http://xml.apache.org/xml-soap" i:type="m:Map">{items}</{name}>'

    rest = "<ctrl_name>/nodeworx/siteworx</ctrl_name><action>add</action>"
    return enveloped(
        "", f'<r:route xmlns:r="urn:iworx">{map_("apikey", first)}{rest}{map_("input", wanted)}</r:route>'
    )


def enveloped(header: str, call: str) -> bytes:
    spaces = f'xmlns:s="{SOAP}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    envelope = f"<s:Envelope {spaces}><s:Header>{header}</s:Header><s:Body>{call}</s:Body></s:Envelope>"
    return envelope.encode()


SECOND = '<Options xmlns="urn:iwapi:billing:1"><dry_run>0</dry_run></Options>'


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("<Options><dry_run>0</dry_run></Options>" + SECOND, "Options"),
        ("<Options><Options><dry_run>1</dry_run></Options></Options>", "Options"),
        ("<Options><dry_run><x>1</x></dry_run></Options>", "dry_run"),
        ("<Options><dry_run>1</dry_run><dry_run>0</dry_run></Options>", "dry_run"),
        ('<Options><dry_run xmlns="urn:iwapi:admin:1">0</dry_run></Options>', "dry_run"),
        ("<Options><apikey>k</apikey></Options>", "apikey"),
        ('<Options><wait_seconds x="1">5</wait_seconds></Options>', "wait_seconds"),
    ],
)  # fmt: skip
def test_an_options_header_that_could_be_read_in_two_ways_stops_the_call(
    sandbox: Sandbox, domain: str, header: str, field: str
) -> None:
    body = typed(header, {"apikey": sandbox.api_key}, {"master_domain": domain, **OPENING})
    answer = requests.post(sandbox.soap_typed, body, headers={"Content-Type": "text/xml"}, timeout=20)
    assert answer.status_code == 500
    assert "<code>INVALID_INPUT</code>" in answer.text
    assert f"<field>{field}</field>" in answer.text
    assert accounts(sandbox, domain) == 0


@pytest.mark.parametrize("value", [[], {}, ["1"], {"a": "b"}, 1.5, ""])
def test_an_option_of_another_type_stops_the_call(sandbox: Sandbox, domain: str, value: Any) -> None:
    proxy = xmlrpc.client.ServerProxy(sandbox.soap.replace("/soap", "/xmlrpc"), allow_none=True)
    first = {"apikey": sandbox.api_key, "dry_run": value}
    with pytest.raises(xmlrpc.client.Fault, match="dry_run: "):
        proxy.iwapi.createSiteWorxAccount(first, {"master_domain": domain, **OPENING})
    wanted = {"master_domain": domain, **OPENING}
    answer: Any = proxy.iworx.route(first, "/nodeworx/siteworx", "add", wanted)
    assert (answer["status"], "dry_run: " in answer["payload"]) == (11, True)
    assert accounts(sandbox, domain) == 0


def test_an_option_is_no_way_around_a_log_in(sandbox: Sandbox, domain: str) -> None:
    proxy = xmlrpc.client.ServerProxy(sandbox.soap.replace("/soap", "/xmlrpc"))
    for first in (
        KEY,
        {"dry_run": True},
        {"apikey": "nonsense", **KEY},
        {"apikey": sandbox.api_key, "x": "", **KEY},
    ):
        with pytest.raises(xmlrpc.client.Fault, match="NOT_AUTHENTICATED"):
            proxy.iwapi.createSiteWorxAccount(first, {"master_domain": domain, **OPENING})


def test_an_add_whose_client_left_is_repeated_until_an_answer_was_handed_over(
    sandbox: Sandbox, domain: str
) -> None:
    body = routed({"apikey": sandbox.api_key}, {"master_domain": domain, "uniqname": "slowcut", **OPENING})
    head = f"POST /soap HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(endpoint(sandbox.soap)) as connection:
        connection.sendall(head.encode() + body)
    eventually(lambda: "POST /soap 200" in sandbox.logged())
    answers = [
        requests.post(sandbox.soap, body, headers={"Content-Type": "text/xml"}, timeout=20).text
        for _ in range(2)
    ]
    assert ["Domain name already exists" in answer for answer in answers] == [False, True]
    assert accounts(sandbox, domain) == 1
