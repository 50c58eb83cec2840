"""Options of a call that come as HTTP headers, on every wire, beside those of the envelope."""

from __future__ import annotations

import time
import xmlrpc.client
from typing import Any

import pytest

from iwapi.asked import Asked
from iwapi.errors import NotAuthenticated
from iwapi.web.options import with_headers
from tests.web.desk import CATALOGUE, DELETE, KEY, ROUTE, ask, envelope, request

OPTIONS = '<Options xmlns="urn:iwapi:billing:1">%s</Options>'
BY_ROUTE = ROUTE.replace("<apikey>K</apikey>", "%s") % ("%s", "delete")
MAP = (
    '<apikey xmlns:m="http://xml.apache.org/xml-soap" xsi:type="m:Map">'
    "<item><key>apikey</key><value>K</value></item>%s</apikey>"
)
SAYS_ELSE = "The HTTP header {} says something else"


def by_rpc(method: str, first: Any, *rest: Any) -> bytes:
    return xmlrpc.client.dumps((first, *rest), method).encode()


def typed(**options: str) -> tuple[str, bytes]:
    members = "".join(f"<{name}>{value}</{name}>" for name, value in options.items())
    return "/soap/billing", envelope(DELETE, KEY + OPTIONS % members)


def routed(**options: str) -> tuple[str, bytes]:
    items = "".join(
        f"<item><key>{name}</key><value>{value}</value></item>" for name, value in options.items()
    )
    return "/soap", envelope(BY_ROUTE % (MAP % items))


def routed_by_rpc(**options: str) -> tuple[str, bytes]:
    return "/xmlrpc", by_rpc("iworx.route", {"apikey": "K", **options}, "/nodeworx/siteworx", "delete")


def operated(**options: str) -> tuple[str, bytes]:
    return "/xmlrpc", by_rpc("iwapi.deleteSiteWorxAccount", {"apikey": "K", "domain": "a.com", **options})


every_wire = pytest.mark.parametrize("call", [typed, routed, routed_by_rpc, operated])


def asked_of(call: tuple[str, bytes], **headers: str) -> Asked:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    _, (asked,) = ask(request(*call, **named), NotAuthenticated())
    assert asked.credentials.apikey
    return asked


def from_headers(**headers: str) -> dict[str, Any]:
    action = CATALOGUE.named["deleteSiteWorxAccount"]
    asked = Asked(action, {}, asked_of(typed()).credentials, "soap", "id1")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return dict(with_headers(request("/", **named), asked).options)


@every_wire
def test_the_envelope_gives_options(call: Any) -> None:
    given = {"idempotency_key": "order-1234", "wait_seconds": "5", "dry_run": "true"}
    asked = asked_of(call(**given))
    assert (asked.options, asked.problems) == (given, ())
    assert asked_of(call()).options == {}


@every_wire
def test_http_headers_give_options(call: Any) -> None:
    asked = asked_of(call(), idempotency_key="order-1234", prefer="wait=5", dry_run="true")
    assert asked.options == {"idempotency_key": "order-1234", "wait_seconds": "5", "dry_run": "true"}
    assert asked.problems == ()


@every_wire
def test_what_both_say_is_no_problem(call: Any) -> None:
    given = {"idempotency_key": "order-1234", "wait_seconds": "5", "dry_run": "1"}
    asked = asked_of(call(**given), idempotency_key='"order-1234"', prefer="wait=5", dry_run="True")
    assert (asked.options, asked.problems) == (given, ())


@every_wire
def test_each_option_that_both_say_differently_is_a_problem(call: Any) -> None:
    given = {"idempotency_key": "order-1234", "wait_seconds": "5", "dry_run": "0"}
    asked = asked_of(call(**given), idempotency_key="order-1235", prefer="wait=6", dry_run="true")
    assert asked.options == given
    assert {problem.field: problem.problem for problem in asked.problems} == {
        "idempotency_key": SAYS_ELSE.format("Idempotency-Key"),
        "wait_seconds": SAYS_ELSE.format("Prefer: wait"),
        "dry_run": SAYS_ELSE.format("Dry-Run"),
    }
    assert not any(problem.value for problem in asked.problems)


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("order-1234", "order-1234"),
        ('"order-1234"', "order-1234"),
        (r'"a\"b\\c-1234"', r'a"b\c-1234'),
        ('""', ""),
        ("", ""),
        ("order-1, order-2", "order-1, order-2"),  # a header that came twice: its kind refuses it
        ('"order-1", "order-2"', '"order-1", "order-2"'),
        (r'"a\b"', r'"a\b"'),
        ('"order-1234";x=1', '"order-1234";x=1'),
        ('"ordér"', '"ordér"'),
    ],
)
def test_an_idempotency_key_may_stand_in_quotes(sent: str, key: str) -> None:
    assert from_headers(idempotency_key=sent) == {"idempotency_key": key}


@pytest.mark.parametrize(
    ("sent", "wait"),
    [
        ("wait=5", "5"),
        ("WAIT = 5", "5"),
        ('wait="5"', "5"),
        ("respond-async, wait=5", "5"),
        ("respond-async,wait=5;x=y, return=minimal", "5"),
        ("wait=5, wait=9", "5"),
        ("wait=soon", "soon"),
        ("wait=", ""),
        ("safe", None),
        ("await=5", None),
        ("wait", None),
        ('a="b, wait=9"', None),
        ("", None),
    ],
)
def test_of_preferences_only_wait_counts(sent: str, wait: str | None) -> None:
    assert from_headers(prefer=sent) == ({} if wait is None else {"wait_seconds": wait})


@pytest.mark.parametrize(("sent", "dry"), [("true", "true"), ("False", "false"), ("1", "1"), ("yes", "yes")])
def test_a_dry_run_is_a_flag(sent: str, dry: str) -> None:
    assert from_headers(dry_run=sent) == {"dry_run": dry}


@pytest.mark.parametrize("part", ['"', '\\"', '"\\', " ", ",", "wait=", "wait = ", 'wait="', "=", ";", "a"])
def test_no_header_takes_long_to_read(part: str) -> None:
    began = time.monotonic()
    for sent in (part * 8000, '"' + part * 8000, "wait=" + part * 8000 + '"x"y'):
        from_headers(prefer=sent, idempotency_key=sent, dry_run=sent)
    assert time.monotonic() - began < 1
