"""Requests that mean harm are refused cleanly while everybody else is served."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
import requests

from tests.clients.byhand import call, create, endpoint, said
from tests.sandbox import Sandbox

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MOST_SECONDS = 0.25
"""In which a ping is answered, whatever others do."""


@pytest.fixture(scope="module", autouse=True)
def slow_sender(sandbox: Sandbox) -> Iterator[list[tuple[float, bytes]]]:
    """A client that sends its head a byte at a time, and what it is told after how many seconds."""
    told: list[tuple[float, bytes]] = []

    def drip() -> None:
        began = time.monotonic()
        with socket.create_connection(endpoint(sandbox.soap), timeout=0.2) as connection:
            connection.sendall(b"POST /soap/billing HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            while time.monotonic() < began + 20:
                connection.sendall(b"a")
                try:
                    told.append((time.monotonic() - began, connection.recv(4096)))
                    return
                except TimeoutError:
                    continue

    thread = threading.Thread(target=drip)
    thread.start()
    yield told
    thread.join()


@pytest.fixture(scope="module")
def pinged(sandbox: Sandbox) -> Iterator[list[float]]:
    """When each ping of another client was answered, who sends one after the other all the time."""
    stop = threading.Event()
    answered = [time.monotonic()]

    def ping() -> None:
        while not stop.is_set():
            if said(call(sandbox, "ping")) == "ok":
                answered.append(time.monotonic())

    thread = threading.Thread(target=ping)
    thread.start()
    yield answered
    stop.set()
    thread.join()


@pytest.fixture
def pings(pinged: list[float]) -> Iterator[None]:
    """The other client is answered quickly while the test runs."""
    before = len(pinged)
    yield
    while len(pinged) < before + 2:
        time.sleep(0.001)
    assert max(after - before for before, after in pairwise(pinged[before - 1 :])) < MOST_SECONDS


@dataclass(frozen=True)
class Call:
    """A call that is good, and places in it for what is not."""

    path: str
    header: str
    name: str
    inside: str

    def __call__(self, inside: str = "", attributes: str = "", header: str = "", beside: str = "") -> str:
        body = f"<{self.name}{attributes}>{self.inside}{inside}</{self.name}>{beside}"
        inner = f"<s:Header>{self.header}{header}</s:Header><s:Body>{body}</s:Body>"
        return f'<s:Envelope xmlns:s="{SOAP}" xmlns="urn:iwapi:billing:1">{inner}</s:Envelope>'


CALLS = [
    Call("/soap/billing", "<Auth><apikey>KEY</apikey></Auth>", "ping", ""),
    Call(
        "/soap", "", "route",
        "<apikey>KEY</apikey><ctrl_name>/nodeworx/siteworx</ctrl_name><action>listFreeIps</action>",
    ),
]  # fmt: skip
HOSTILE: dict[str, Callable[[Call], str | bytes]] = {
    "a DOCTYPE": lambda call: f"<!DOCTYPE x>{call()}",
    "an external entity": lambda call: (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{call("<a>&e;</a>")}'
    ),
    "a billion laughs": lambda call: (
        f'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "{"&a;" * 999}">]>{call("<a>&b;</a>")}'
    ),
    "a DOCTYPE in UTF-16": lambda call: f"<!DOCTYPE x>{call()}".encode("utf-16"),
    "UTF-16": lambda call: call().encode("utf-16"),
    "UTF-32": lambda call: call().encode("utf-32"),
    "UTF-7": lambda call: f'<?xml version="1.0" encoding="utf-7"?>{call()}',
    "no text at all": lambda _: b"\0\xff\xfe\0" * 100,
    "bytes that are no UTF-8": lambda call: call("<a>-</a>").encode().replace(b"-", b"\xff"),
    "a processing instruction": lambda call: call("<?php x?>"),
    "a stylesheet": lambda call: f'<?xml-stylesheet href="http://127.0.0.1:1/x"?>{call()}',
    "100,000 attributes": lambda call: call(
        attributes="".join(f' a{number}=""' for number in range(100_000))
    ),
    "10,000 namespaces": lambda call: call(
        attributes="".join(f' xmlns:n{number}="urn:{number}"' for number in range(10_000))
    ),
    "deep": lambda call: call("<a>" * 5_000 + "</a>" * 5_000),
    "wide": lambda call: call("<a/>" * 200_000),
    "a long text": lambda call: call(f"<a>{'x' * 900_000}</a>"),
    "a long attribute": lambda call: call(attributes=f' a="{"x" * 900_000}"'),
    "many comments": lambda call: call("<!---->" * 100_000),
    "not closed": lambda call: call()[:-12],
    "two documents": lambda call: call() * 2,
    "nothing": lambda _: "",
    "no XML": lambda _: "ping please",
    "another root": lambda call: f"<{call.name}/>",
    "another envelope": lambda call: call().replace(SOAP, "urn:soap:9"),
    "no body": lambda _: f'<s:Envelope xmlns:s="{SOAP}"/>',
    "an empty body": lambda call: re.sub("<s:Body>.*</s:Body>", "<s:Body/>", call()),
    "two calls": lambda call: call(beside=f"<{call.name}/>"),
    "two bodies": lambda call: call().replace("</s:Envelope>", "<s:Body/></s:Envelope>"),
    "two headers": lambda call: call().replace("<s:Body>", "<s:Header/><s:Body>"),
    "text beside the call": lambda call: call(beside="ping"),
    "text beside elements": lambda call: call("<a>b<c/></a>"),
    "a header that must be understood": lambda call: call(
        header='<x xmlns="urn:x" s:mustUnderstand="1"/>'
    ),
    "a value that refers to itself": lambda call: (
        call(beside='<m id="a"><x href="#a"/></m>').replace("<apikey>KEY</apikey>", '<apikey href="#a"/>')
    ),
}  # fmt: skip


def send(sandbox: Sandbox, call: Call, sent: str | bytes) -> requests.Response:
    body = sent.encode() if isinstance(sent, str) else sent
    body = body.replace(b"KEY", sandbox.api_key.encode())
    url = sandbox.soap.removesuffix("/soap") + call.path
    return requests.post(url, body, headers={"Content-Type": "text/xml"}, timeout=10)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_the_call_that_the_hostile_ones_are_made_of_is_good(sandbox: Sandbox, call: Call) -> None:
    assert send(sandbox, call, call()).status_code == 200


@pytest.mark.usefixtures("pings")
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_envelope_is_refused_with_a_clean_fault(
    sandbox: Sandbox, call: Call, make: Callable[[Call], str | bytes]
) -> None:
    answered = send(sandbox, call, make(call))
    assert answered.status_code == 500
    code, text = re.findall(
        "<faultcode>[^:]*:(.*)</faultcode><faultstring>(.*)</faultstring>", answered.text
    )[0]
    assert code in ("Client", "MustUnderstand", "VersionMismatch")
    assert text.startswith("The request cannot be read: ") or code == "MustUnderstand"
    assert len(text) < 300
    assert answered.headers["X-Request-Id"] in answered.text
    for leaked in ("root:", "Traceback", "lxml", "iwapi/", ".py"):
        assert leaked not in answered.text


@pytest.mark.usefixtures("pings")
@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("POST", {}, b" " * (2 << 20), 413),
        ("POST", {"Transfer-Encoding": "chunked"}, b" " * (2 << 20), 413),
        ("POST", {"Content-Encoding": "gzip"}, b"", 415),
        ("POST", {"Content-Type": "application/json"}, b"{}", 415),
        ("POST", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        ("PUT", {}, b"", 405),
        ("GET", {}, b"", 405),
        ("POST", {f"X-{number}": "x" for number in range(70)}, b"", 431),
        ("POST", {"X-Long": "x" * 20_000}, b"", 431),
        ("POST", {"Expect": "a miracle"}, b"", 417),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_request_that_is_no_call_is_refused_by_its_head(
    sandbox: Sandbox, method: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    sent: bytes | Iterator[bytes] = iter([body]) if "Transfer-Encoding" in headers else body
    headers = {"Content-Type": "text/xml", **headers}
    headers.pop("Transfer-Encoding", None)
    try:
        answered = requests.request(method, sandbox.soap_typed, data=sent, headers=headers, timeout=10)
    except requests.ConnectionError:
        assert status == 413, "only who sends too much may find the connection closed"
        return
    assert answered.status_code == status
    assert answered.headers["Connection"] == "close"


@pytest.mark.usefixtures("pings")
def test_a_crowd_of_connections_that_say_nothing_keeps_nobody_out(sandbox: Sandbox) -> None:
    crowd = [socket.create_connection(endpoint(sandbox.soap)) for _ in range(300)]
    assert said(create(sandbox, "crowd.example")) == "ok"
    for connection in crowd:
        connection.close()


def test_who_sends_a_byte_at_a_time_is_told_that_it_took_too_long(
    slow_sender: list[tuple[float, bytes]],
) -> None:
    until = time.monotonic() + 15
    while not slow_sender and time.monotonic() < until:
        time.sleep(0.05)
    ((seconds, answer),) = slow_sender
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert 9 < seconds < 12
