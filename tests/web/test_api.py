"""The API's addresses, with a dispatch that only listens: what is read, and how outcomes leave by HTTP."""

from __future__ import annotations

import logging
import re
import xmlrpc.client
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from iwapi.asked import Credentials, Outcome
from iwapi.errors import (
    ApiError,
    DomainTaken,
    InternalError,
    NotAuthenticated,
    OutcomeUnknown,
    Problem,
    Throttled,
    Unavailable,
)
from iwapi.kinds import Plain
from iwapi.web.api import admin
from iwapi.web.http import Answer, Request, Response, says
from iwapi.wires.contract import wsdl
from tests.web.desk import (
    DELETE,
    HOSTS,
    KEY,
    ROUTE,
    SERVICES,
    SOAP,
    Desk,
    answered,
    ask,
    envelope,
    fault,
    request,
)

# Addresses


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/soap", "wsdl", "http://panel.example.net:2080/soap"),
        ("/nodeworx/soap", "WSDL", "http://panel.example.net:2080/nodeworx/soap"),
        ("/soap/billing", "wsdl", "http://panel.example.net:2080/soap/billing"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_each_address_gives_the_wsdl_that_leads_back_to_it(
    path: str, query: str, location: str, method: str
) -> None:
    response, asked = ask(request(path, method=method, query=query))
    assert (response.status, response.content_type) == (200, "text/xml; charset=utf-8")
    root = etree.fromstring(response.body)
    assert root.xpath("string(//*[local-name() = 'address']/@location)") == location
    assert not asked


def test_a_wsdl_is_written_for_each_who_asks() -> None:
    made = request("/soap", method="GET", query="wsdl")
    stranger = Request(*(vars(made) | {"host": "evil.example"}).values())
    assert b'location="https://base:2443/soap"' in ask(stranger)[0].body
    assert b'location="http://panel.example.net:2080/soap"' in ask(made)[0].body


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (request("/", method="GET"), 404),
        (request("/soap/"), 404),
        (request("/soap/admin"), 404),
        (request("/soap", method="GET"), 405),
        (request("/soap", method="GET", query="xsd=1"), 405),
        (request("/soap/billing", method="HEAD"), 405),
        (request("/xmlrpc", method="GET"), 405),
        (request("/xmlrpc", method="GET", query="wsdl"), 405),
        (request("/xmlrpc/"), 404),
        (request("/soap/billing", b"<a/>", content_type=""), 415),
        (request("/soap/billing", b"{}", content_type="application/json"), 415),
        (request("/soap/billing", b"<a/>", content_type="multipart/related"), 415),
        (request("/soap/billing", b"a=<b/>", content_type="application/x-www-form-urlencoded"), 415),
    ],
)
def test_what_is_no_call_gets_a_short_text(made: Request, status: int) -> None:
    response, asked = ask(made)
    assert (response.status, response.content_type) == (status, "text/plain; charset=utf-8")
    assert not asked


TYPED = envelope(DELETE)
BY_ROUTE = envelope(ROUTE % "delete")
BY_RPC = xmlrpc.client.dumps(("K", "/nodeworx/siteworx", "delete"), "iworx.route").encode()


@pytest.mark.parametrize(
    ("path", "body"),
    [("/soap/billing", TYPED), ("/soap", BY_ROUTE), ("/nodeworx/soap", BY_ROUTE), ("/xmlrpc", BY_RPC)],
)
@pytest.mark.parametrize(
    "content_type",
    [
        "text/xml; charset=utf-8",
        "application/xml",
        "application/soap+xml",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
    ],
)
def test_xml_comes_under_several_names(path: str, body: bytes, content_type: str) -> None:
    response, asked = ask(request(path, body, content_type=content_type), NotAuthenticated())
    (call,) = asked
    assert (call.action.controller, call.action.scope) == ("/nodeworx/siteworx", "accounts:delete")
    assert call.credentials.apikey == (None if path == "/soap/billing" else Plain("K"))
    assert response.status in (200, 400, 500)


@pytest.mark.parametrize("path", ["/soap/billing", "/soap", "/nodeworx/soap", "/xmlrpc"])
@pytest.mark.parametrize("body", [b"", b" <a/>", b"apikey=x", b"\xef\xbb\xbf<a/>", b"%3Ca/%3E"])
def test_a_form_that_does_not_begin_as_xml_is_no_call(path: str, body: bytes) -> None:
    response, asked = ask(request(path, body, content_type="application/x-www-form-urlencoded"))
    assert (response.status, response.close) == (415, True)
    assert not asked


# What is asked


def test_a_typed_call_reaches_dispatch_with_where_it_came_from() -> None:
    _, (asked,) = ask(request("/soap/billing", envelope(DELETE, KEY)))
    assert (asked.wire, asked.request_id, asked.strict) == ("soap", "id1", True)
    assert asked.raw == {"domain": "example.com"}
    assert asked.credentials == Credentials(apikey=Plain("K"), address="192.0.2.1", client="test/1")


@pytest.mark.parametrize(
    ("header", "authorization", "key"),
    [
        ("", "Bearer B", "B"),
        ("", "bearer B", "B"),
        (KEY, "Bearer B", "K"),
        ("", "Basic B", None),
        ("", "BearerB", None),
        ("", "", None),
    ],
)
def test_a_key_may_come_as_a_bearer(header: str, authorization: str, key: str | None) -> None:
    _, (asked,) = ask(request("/soap/billing", envelope(DELETE, header), authorization=authorization))
    assert asked.credentials.apikey == (Plain(key) if key else None)


def test_the_admin_service_takes_its_log_in_and_no_bearer() -> None:
    desk = Desk(Outcome(error=NotAuthenticated()))
    handler = admin(SERVICES["admin"], partial(wsdl, SERVICES["admin"]), desk, HOSTS, _pages)
    header = '<Auth xmlns="urn:iwapi:admin:1"><email>me@example.com</email><password>p</password></Auth>'
    call = envelope('<getApiKey xmlns="urn:iwapi:admin:1"/>', header)
    answered(handler, request("/soap/admin", call, authorization="Bearer B"))
    (asked,) = desk.asked
    assert (asked.wire, asked.action.name) == ("admin", "getApiKey")
    assert asked.credentials == Credentials(
        email="me@example.com", password=Plain("p"), address="192.0.2.1", client="test/1"
    )
    assert b"/soap/admin" in answered(handler, request("/soap/admin", method="GET", query="wsdl")).body
    assert answered(handler, request("/nodeworx/apikey", method="GET")).status == 418


def _pages(_: Request, answer: Answer) -> None:
    answer(says(418))


@pytest.mark.parametrize("path", ["/soap", "/nodeworx/soap"])
def test_a_route_call_reaches_dispatch(path: str) -> None:
    _, (asked,) = ask(request(path, envelope(ROUTE % "listFreeIps")), NotAuthenticated())
    assert (asked.wire, asked.request_id, asked.strict) == ("route", "id1", False)
    assert asked.credentials == Credentials(apikey=Plain("K"), address="192.0.2.1", client="test/1")


# What is answered


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_an_answer_is_of_the_version_that_was_asked(version: str) -> None:
    namespace, content_type = SOAP[version]
    call = envelope('<listFreeIps xmlns="urn:iwapi:billing:1"/>', KEY, version)
    response, (asked,) = ask(request("/soap/billing", call), Outcome(SimpleNamespace(addresses=())))
    assert (response.status, response.content_type) == (200, f"{content_type}; charset=utf-8")
    assert etree.fromstring(response.body).tag == f"{{{namespace}}}Envelope"
    assert asked.action.name == "listFreeIps"


@pytest.mark.parametrize(
    ("error", "http", "code"),
    [
        (DomainTaken(Problem("domain", "example.com", "taken")), {"1.1": 500, "1.2": 400}, "DOMAIN_TAKEN"),
        (NotAuthenticated(), {"1.1": 500, "1.2": 400}, "NOT_AUTHENTICATED"),
        (InternalError(), {"1.1": 500, "1.2": 500}, "INTERNAL_ERROR"),
        (Unavailable(reason="busy"), {"1.1": 503, "1.2": 503}, "UNAVAILABLE"),
        (Throttled(seconds=9), {"1.1": 503, "1.2": 503}, "THROTTLED"),
    ],
)
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_an_error_is_a_fault(error: ApiError, http: dict[str, int], code: str, version: str) -> None:
    response, _ = ask(request("/soap/billing", envelope(DELETE, KEY, version)), error)
    side = {"1.1": error.fault, "1.2": {"Client": "Sender", "Server": "Receiver"}[error.fault]}[version]
    found, text, detail = fault(response)
    assert (response.status, found, text) == (http[version], side, error.message)
    assert code in detail
    assert "id1" in detail
    assert ("Retry-After" in dict(response.headers)) == (response.status == 503)
    assert response.content_type == f"{SOAP[version][1]}; charset=utf-8"


@pytest.mark.parametrize("path", ["/soap", "/soap/billing"])
@pytest.mark.parametrize(
    ("body", "content_type", "version", "http", "code"),
    [
        (b"<a", "text/xml", "1.1", 500, "Client"),
        (b"<a", "application/soap+xml", "1.2", 500, "Sender"),
        (b"", "text/xml", "1.1", 500, "Client"),
        (b"\xff\xfe<\0a\0/\0>\0", "text/xml", "1.1", 500, "Client"),
        (envelope("", version="1.2"), "text/xml", "1.2", 500, "Sender"),
        (envelope(DELETE, '<h s:mustUnderstand="1"/>'), "text/xml", "1.1", 500, "MustUnderstand"),
        (envelope(DELETE, '<h s:mustUnderstand="1"/>', "1.2"), "text/xml", "1.2", 500, "MustUnderstand"),
        (b'<s:Envelope xmlns:s="urn:x"/>', "text/xml", "1.1", 500, "VersionMismatch"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_fault(
    path: str, body: bytes, content_type: str, version: str, http: int, code: str
) -> None:
    response, asked = ask(request(path, body, content_type=content_type))
    found, _, detail = fault(response)
    assert (response.status, found) == (http, code)
    assert response.content_type == f"{SOAP[version][1]}; charset=utf-8"
    assert "id1" in detail
    assert response.close == (code != "MustUnderstand")
    assert not asked


def test_an_operation_that_is_not_there_is_a_fault() -> None:
    response, asked = ask(request("/soap/billing", envelope('<suspend xmlns="urn:iwapi:billing:1"/>')))
    assert (response.status, fault(response)[0]) == (500, "Client")
    assert not asked


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        (
            "/soap/billing",
            b"<!DOCTYPE a><a/>",
            "UNREADABLE The request cannot be read: it holds a document type",
        ),
        ("/soap", b"<!DOCTYPE a><a/>", "UNREADABLE The request cannot be read: it holds a document type"),
        ("/soap", envelope("<other/>"), "UNREADABLE The request cannot be read: the only operation here is"),
        ("/soap/billing", envelope('<no xmlns="urn:iwapi:billing:1"/>'), "UNKNOWN_ACTION no is not offered"),
    ],
)
def test_why_a_request_is_no_call_is_in_the_log(
    path: str, body: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ask(request(path, body))
    (record,) = caplog.records
    assert record.getMessage().startswith(f"no call: {why}")
    assert (vars(record)["request_id"], vars(record)["address"]) == ("id1", "192.0.2.1")


def test_an_answer_that_cannot_be_written_is_an_internal_error(caplog: pytest.LogCaptureFixture) -> None:
    response, _ = ask(request("/soap/billing", envelope(DELETE)), Outcome(answer=object()))
    assert (response.status, fault(response)[:2]) == (500, ("Server", InternalError.staff))
    response, _ = ask(request("/soap", envelope(ROUTE % "listFreeIps")), Outcome(answer=object()))
    assert (response.status, fault(response)[:2]) == (500, ("Server", InternalError.staff))
    bugs = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [vars(record)["request_id"] for record in bugs] == ["id1", "id1"]


def route(error: ApiError, action: str = "listFreeIps") -> tuple[Response, Any]:
    response, _ = ask(request("/soap", envelope(ROUTE % action)), error)
    status = re.search(rb"status</key><value[^>]*>([0-9]+)<", response.body)
    return response, int(status[1]) if status else None


@pytest.mark.parametrize(
    ("error", "action", "status"),
    [
        (DomainTaken(), "listFreeIps", 11),
        (NotAuthenticated(), "listFreeIps", 401),
        (Throttled(seconds=9), "listFreeIps", 401),
        (InternalError(), "listFreeIps", 11),
        (NotAuthenticated(), "noSuchAction", 401),
        (DomainTaken(), "noSuchAction", 11),
    ],
)
def test_route_answers_200_with_a_status(error: ApiError, action: str, status: int) -> None:
    response, found = route(error, action)
    assert (response.status, found) == (200, status)


@pytest.mark.parametrize("error", [OutcomeUnknown(), Unavailable(reason="busy")])
def test_route_answers_503_where_the_outcome_is_open(error: ApiError) -> None:
    response, _ = route(error)
    assert (response.status, fault(response)[0]) == (503, "Server")
    assert dict(response.headers)["Retry-After"] == "5"
