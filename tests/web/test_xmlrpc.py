"""XML-RPC over HTTP, with a dispatch that only listens: what is asked, and how outcomes leave."""

from __future__ import annotations

import logging
import xmlrpc.client
from types import SimpleNamespace
from typing import Any

import pytest

from iwapi.asked import Asked, Credentials, Outcome
from iwapi.errors import (
    ApiError,
    DomainTaken,
    InternalError,
    InvalidInput,
    NotAuthenticated,
    OutcomeUnknown,
    Pending,
    Problem,
    Throttled,
    Unavailable,
)
from iwapi.kinds import Plain
from iwapi.web.http import Response
from tests.web.desk import ask, request

FROM = {"address": "192.0.2.1", "client": "test/1"}
KEYED = Credentials(apikey=Plain("K"), **FROM)


def call(
    method: str, *params: Any, outcome: Outcome | ApiError = Outcome(error=NotAuthenticated())  # noqa: B008
) -> tuple[Response, list[Asked]]:  # fmt: skip
    body = xmlrpc.client.dumps(params, method, allow_none=True).encode()
    return ask(request("/xmlrpc", body), outcome)


def decoded(response: Response) -> Any:
    assert response.content_type == "text/xml; charset=utf-8"
    (value,), _ = xmlrpc.client.loads(response.body)
    return value


def fault(response: Response) -> tuple[int, int, str]:
    """The HTTP status, the faultCode and the faultString."""
    with pytest.raises(xmlrpc.client.Fault) as fault:
        decoded(response)
    return response.status, fault.value.faultCode, fault.value.faultString


# What is asked


@pytest.mark.parametrize(
    ("first", "credentials"),
    [
        ("K", KEYED),
        ({"apikey": "K"}, KEYED),
        ({"apikey": "K", "domain": "d"}, Credentials(apikey=Plain("K"), domain="d", **FROM)),
        ({"email": "e", "password": "p"}, Credentials(email="e", password=Plain("p"), **FROM)),
        (
            {"email": "e", "password": "p", "domain": "d"},
            Credentials(email="e", password=Plain("p"), domain="d", **FROM),
        ),
        ({"sessionid": "s"}, Credentials(session=Plain("s"), **FROM)),
        ({"sessionid": "s", "domain": "d"}, Credentials(session=Plain("s"), domain="d", **FROM)),
        (None, Credentials(**FROM)),
        (["K"], Credentials(**FROM)),
        ({}, Credentials(**FROM)),
        ({"apikey": ["K"]}, Credentials(**FROM)),
        ({"apikey": "K", "more": ""}, Credentials(**FROM)),
        ({"email": "e"}, Credentials(**FROM)),
    ],
)
def test_the_first_parameter_has_the_same_forms_for_route_and_operations(
    first: Any, credentials: Credentials
) -> None:
    _, (routed,) = call("iworx.route", first, "/nodeworx/siteworx", "delete", {"domain": "example.com"})
    _, (operated,) = call("iwapi.deleteSiteWorxAccount", first, {"domain": "example.com"})
    for asked in (routed, operated):
        assert asked.credentials == credentials
        assert (asked.wire, asked.request_id, asked.raw) == ("xmlrpc", "id1", {"domain": "example.com"})
    assert (routed.strict, operated.strict) == (False, True)
    assert routed.action.path == "/nodeworx/siteworx/delete"
    assert operated.action.path == "deleteSiteWorxAccount"


def test_the_key_may_stand_among_the_inputs_of_an_operation() -> None:
    _, (asked,) = call("iwapi.deleteSiteWorxAccount", {"apikey": "K", "domain": "example.com"})
    assert (asked.raw, asked.credentials) == ({"domain": "example.com"}, KEYED)


@pytest.mark.parametrize("given", [(), ({},), ([],), (None,), ("",)])
def test_no_input_has_many_forms(given: tuple[Any, ...]) -> None:
    _, (asked,) = call("iworx.route", "K", "nodeworx/siteworx/", "delete", *given)
    assert (asked.raw, asked.credentials) == ({}, KEYED)


# What is answered


@pytest.mark.parametrize(
    ("error", "status"), [(DomainTaken(), 11), (NotAuthenticated(), 401), (Throttled(seconds=9), 401)]
)
def test_route_answers_a_status_and_a_payload(error: ApiError, status: int) -> None:
    response, _ = call("iworx.route", "K", "/nodeworx/siteworx", "delete", outcome=error)
    answer = decoded(response)
    assert response.status == 200
    assert answer["status"] == status
    assert answer["payload"].startswith(error.text)


def test_an_answer_of_route_is_a_struct() -> None:
    response, _ = call(
        "iworx.route", "K", "/nodeworx/siteworx", "delete", {},
        outcome=Outcome((SimpleNamespace(master_domain="example.com"),)),
    )  # fmt: skip
    assert decoded(response) == {"status": 0, "payload": "Account example.com has been deleted."}


def test_an_answer_of_an_operation_is_a_struct_of_its_members() -> None:
    addresses = (SimpleNamespace(address="192.0.2.1", shared=True),)
    response, _ = call("iwapi.listFreeIps", "K", outcome=Outcome(SimpleNamespace(addresses=addresses)))
    assert decoded(response) == {"addresses": [{"address": "192.0.2.1", "shared": True}]}


BAD = InvalidInput(Problem("domain", "x", "This is wrong", "a domain"), Problem("a", "", "Unknown"))
BAD_TEXT = f"INVALID_INPUT: {InvalidInput.staff}\ndomain: x This is wrong (allowed: a domain)\na: Unknown"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DomainTaken(), (200, 3002, "DOMAIN_TAKEN: The domain name is taken.")),
        (BAD, (200, 1001, BAD_TEXT)),
        (NotAuthenticated(), (200, 2001, "NOT_AUTHENTICATED: The credentials were not accepted.")),
        (Pending(job=7), (200, 4001, f"PENDING: {Pending.staff.format(job=7)}")),
        (InternalError(), (200, 5004, "INTERNAL_ERROR: Internal error.")),
        (Throttled(seconds=9), (503, 2003, f"THROTTLED: {Throttled.staff.format(seconds=9)}")),
    ],
)
def test_an_error_of_an_operation_is_a_fault_with_its_number_and_its_code(
    error: ApiError, expected: tuple[int, int, str]
) -> None:
    response, _ = call("iwapi.deleteSiteWorxAccount", "K", {"domain": "x"}, outcome=error)
    assert fault(response) == expected


@pytest.mark.parametrize("error", [OutcomeUnknown(), Unavailable(reason="busy")])
@pytest.mark.parametrize(
    "params", [("iworx.route", "K", "/nodeworx/siteworx", "delete"), ("iwapi.listFreeIps", "K")]
)
def test_what_may_come_true_later_is_a_fault_that_says_when_to_ask_again(
    error: ApiError, params: tuple[Any, ...]
) -> None:
    response, _ = call(*params, outcome=error)
    assert fault(response) == (503, error.number, f"{error.code}: {error.text}")
    assert dict(response.headers)["Retry-After"] == "5"
    assert not response.close


@pytest.mark.parametrize(
    ("method", "params", "text"),
    [
        ("iwapi.suspend", ("K",), "iwapi.suspend is not offered by this server. The nearest is iwapi."),
        (
            "deleteSiteWorxAccount",
            ("K",),
            "deleteSiteWorxAccount is not offered by this server. The nearest is ",
        ),
        ("iwapi.generateApiKey", ("K",), "iwapi.generateApiKey is not offered by this server."),
        (
            "system.multicall",
            ([],),
            "system.multicall is not offered by this server. Make its calls one by one.",
        ),
        ("system.methodHelp", ("x",), "x is not offered by this server."),
    ],
)
def test_a_method_that_is_not_there_is_a_fault(method: str, params: tuple[Any, ...], text: str) -> None:
    response, asked = call(method, *params)
    http, number, said = fault(response)
    assert (http, number) == (200, 1002)
    assert said.startswith(f"UNKNOWN_ACTION: {text}")
    assert not asked


def test_what_can_be_called_is_told_to_whoever_asks() -> None:
    names = decoded(call("system.listMethods")[0])
    assert {"iworx.route", "iwapi.createSiteWorxAccount", "system.methodHelp"} <= set(names)
    assert "system.multicall" not in names
    for name in names:
        response, asked = call("system.methodHelp", name)
        assert decoded(response)
        assert not asked
        signatures = decoded(call("system.methodSignature", name)[0])
        assert {kind for signature in signatures for kind in signature} <= {
            "string", "int", "boolean", "dateTime.iso8601", "struct", "array"
        }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<a", "it is not well-formed XML"),
        (b"", "it is not XML"),
        (b"<!DOCTYPE a><a/>", "it holds a document type declaration"),
        (b"<methodResponse/>", "it is not a methodCall"),
        (xmlrpc.client.dumps((10,), "m").replace("10", "1_0").encode(), "an integer is not a whole number"),
        (xmlrpc.client.dumps(("K", "/x"), "iworx.route").encode(), "the part action is missing"),
        (xmlrpc.client.dumps((), "iworx.route").encode(), "the part apikey is missing"),
        (xmlrpc.client.dumps((1, 2, 3), "iwapi.ping").encode(), "the params of an operation are"),
        (xmlrpc.client.dumps(("x",), "system.listMethods").encode(), "system.listMethods takes no params"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_fault_with_status_500(
    body: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    response, asked = ask(request("/xmlrpc", body))
    http, number, text = fault(response)
    assert (http, number, response.close) == (500, 1003, True)
    assert text.startswith(f"UNREADABLE: The request cannot be read: {reason}")
    assert not asked
    (record,) = caplog.records
    assert record.getMessage().startswith(f"no call: UNREADABLE The request cannot be read: {reason}")
    assert (vars(record)["request_id"], vars(record)["address"]) == ("id1", "192.0.2.1")


@pytest.mark.parametrize(
    "params", [("iworx.route", "K", "/nodeworx/siteworx", "listFreeIps"), ("iwapi.listFreeIps", "K")]
)
def test_an_answer_that_cannot_be_written_is_an_internal_error(
    params: tuple[Any, ...], caplog: pytest.LogCaptureFixture
) -> None:
    response, _ = call(*params, outcome=Outcome(answer=object()))
    assert fault(response) == (200, 5004, "INTERNAL_ERROR: Internal error.")
    bugs = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [vars(record)["request_id"] for record in bugs] == ["id1"]


@pytest.mark.parametrize("form", ["text/xml; charset=iso-8859-1", "text/xml"])
def test_a_call_in_iso_8859_1_is_read(form: str) -> None:
    head = "" if "charset" in form else "<?xml version='1.0' encoding='iso-8859-1'?>"
    text = xmlrpc.client.dumps(("K", {"domain": "müller"}), "iwapi.getSiteWorxAccount")
    body = (head + text.partition("?>")[2]).encode("iso-8859-1")
    _, (asked,) = ask(request("/xmlrpc", body, content_type=form), NotAuthenticated())
    assert asked.raw == {"domain": "müller"}
