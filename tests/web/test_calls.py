"""A key that travelled in clear is a warning, once a minute in all, and never where nobody could listen."""

from __future__ import annotations

import dataclasses
import logging
import urllib.request
import xmlrpc.client
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet import reactor

from iwapi.asked import Outcome
from iwapi.errors import DomainTaken, NotAuthenticated
from iwapi.web.calls import Calls
from iwapi.web.http import Response
from iwapi.web.route import Route
from iwapi.web.serve import Listener, serve
from iwapi.web.typed import Typed
from iwapi.web.xmlrpc import XmlRpc
from iwapi.wires.route import RouteWire
from tests.helpers import Clock
from tests.reactor import in_reactor, no_traceback
from tests.web.desk import CATALOGUE, DELETE, KEY, ROUTE, SERVICES, Desk, answered, envelope, request

__all__ = ["in_reactor", "no_traceback"]

WARNING = "a key or password came without TLS from 192.0.2.1: the setting listen opens a port for that"
BILLING = SERVICES["billing"]


def rpc(first: Any) -> bytes:
    return xmlrpc.client.dumps((first, "/nodeworx/siteworx", "listAccounts"), "iworx.route").encode()


class Server:
    """The API's handlers behind one warning, under a clock of the test."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.desk = Desk(Outcome(error=NotAuthenticated()))
        calls = Calls(self.desk, "listen", self.clock)
        wire = RouteWire(CATALOGUE)
        self.typed, self.route = Typed(BILLING, calls, "soap"), Route(wire, calls)
        self.xmlrpc = XmlRpc(BILLING, wire, calls)

    def ask(self, handler: Any, body: bytes, **headers: str) -> None:
        answered(handler, request("/", body, **headers))


@pytest.fixture
def server() -> Server:
    return Server()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_a_key_in_clear_is_a_warning_on_every_wire(caplog: pytest.LogCaptureFixture) -> None:
    for ask in (
        lambda server: server.ask(server.typed, envelope(DELETE, KEY)),
        lambda server: server.ask(server.typed, envelope(DELETE), authorization="Bearer K"),
        lambda server: server.ask(server.route, envelope(ROUTE % "listFreeIps")),
        lambda server: server.ask(server.xmlrpc, rpc("K")),
        lambda server: server.ask(server.xmlrpc, rpc({"email": "me@example.com", "password": "P"})),
        lambda server: server.ask(server.xmlrpc, rpc({"sessionid": "S"})),
    ):
        caplog.clear()
        ask(Server())
        assert warnings(caplog) == [WARNING]
        (record,) = caplog.records
        assert (vars(record)["address"], vars(record)["request_id"]) == ("192.0.2.1", "id1")


def test_a_flood_is_one_warning_a_minute(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    for second in range(121):
        server.clock.now = second
        server.ask(server.xmlrpc, rpc("K"))
        server.ask(server.route, envelope(ROUTE % "listFreeIps"))
    assert warnings(caplog) == [WARNING] * 3
    assert len(server.desk.asked) == 242


@pytest.mark.parametrize(
    "harmless",
    [
        {"secure": True},
        {"address": "127.0.0.1"},
        {"address": "127.8.8.8"},
        {"address": "::1"},
        {"body": rpc("")},
        {"body": rpc({"apikey": "K", "more": "x"})},
        {"body": rpc([])},
        {"body": b"<methodCall><methodName>system.listMethods</methodName></methodCall>"},
    ],
    ids=str,
)
def test_where_nothing_was_given_away_there_is_no_warning(
    server: Server, harmless: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    answered(server.xmlrpc, dataclasses.replace(request("/xmlrpc", rpc("K")), **harmless))
    assert warnings(caplog) == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, []),
        ({"X-Forwarded-For": "192.0.2.1"}, [WARNING]),
        ({"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, []),
    ],
    ids=["direct", "plain", "tls"],
)
def test_behind_a_trusted_proxy_the_client_s_own_address_counts(
    server: Server, headers: dict[str, str], expected: list[str], caplog: pytest.LogCaptureFixture,
    in_reactor: Callable[..., Any], no_traceback: list[str],
) -> None:  # fmt: skip
    listeners = [Listener(server.xmlrpc, [("127.0.0.1", 0)], None)]
    listening = in_reactor(lambda: serve(reactor, listeners, 10, ["127.0.0.1"]))
    try:
        port = listening.addresses[0][0][1]
        sent = {"Content-Type": "text/xml", **headers}
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/xmlrpc", rpc("K"), sent)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.status == 200
    finally:
        in_reactor(listening.stop, 0.1)
    assert warnings(caplog) == expected
    assert server.desk.asked[0].credentials.address == headers.get("X-Forwarded-For", "127.0.0.1")


def test_the_key_itself_is_in_no_log(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.ask(server.xmlrpc, rpc("SECRETKEY"))
    server.ask(server.xmlrpc, rpc({"email": "me@example.com", "password": "SECRETKEY"}))
    assert warnings(caplog)
    assert "SECRETKEY" not in caplog.text


def test_each_wire_hands_on_what_is_to_be_called_when_its_answer_was_sent(server: Server) -> None:
    sent: list[str] = []
    operation = envelope('<listFreeIps xmlns="urn:iwapi:billing:1"/>', KEY)
    answer, deleted = SimpleNamespace(addresses=()), (SimpleNamespace(master_domain="a.com"),)
    for handler, body, told in (
        (server.typed, operation, answer),
        (server.route, envelope(ROUTE % "delete"), deleted),
        (server.xmlrpc, xmlrpc.client.dumps(("K",), "iwapi.listFreeIps").encode(), answer),
        (server.xmlrpc, rpc("K").replace(b"listAccounts", b"delete"), deleted),
    ):
        server.desk.outcome = Outcome(told, delivered=lambda: sent.append("sent"))
        response = answered(handler, request("/", body))
        assert response.status == 200
        assert not sent
        assert response.sent
        response.sent()
        assert sent.pop() == "sent"


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(error=DomainTaken()),
        Outcome(answer=object(), delivered=lambda: pytest.fail("it was not written")),
    ],
)
def test_what_is_no_answer_is_never_delivered(server: Server, outcome: Outcome) -> None:
    server.desk.outcome = outcome
    for handler, body in (
        (server.typed, envelope(DELETE, KEY)),
        (server.route, envelope(ROUTE % "delete")),
        (server.xmlrpc, rpc("K")),
    ):
        response: Response = answered(handler, request("/", body))
        assert response.sent is None
