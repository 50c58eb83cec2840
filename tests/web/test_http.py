"""Requests and answers as values: rows."""

from __future__ import annotations

import pytest

from iwapi.errors import DomainTaken, OutcomeUnknown, Throttled
from iwapi.web.hosts import Hosts, host_name
from iwapi.web.http import Request, Response, retry_after, says, write_head
from iwapi.web.proxies import origin_of


def request(secure: bool = False, host: str = "x", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("id1", "POST", "/soap", "", named, b"", "192.0.2.1", secure, host)


@pytest.mark.parametrize(
    ("content_type", "media_type", "charset"),
    [
        ("", "", None),
        ("text/xml", "text/xml", None),
        ("Text/XML ; Charset=UTF-8", "text/xml", "UTF-8"),
        ('application/soap+xml; action="urn:x#ping"; charset="utf-8"', "application/soap+xml", '"utf-8"'),
        ("text/xml;charset=iso-8859-1;x=y", "text/xml", "iso-8859-1"),
    ],
)
def test_the_content_type_is_read_in_any_form(
    content_type: str, media_type: str, charset: str | None
) -> None:
    made = request(content_type=content_type)
    assert (made.media_type, made.charset) == (media_type, charset)


def test_a_request_shows_no_header_and_no_body() -> None:
    shown = repr(request(authorization="Bearer secret", cookie="secret"))
    assert "secret" not in shown


def test_the_head_of_an_answer() -> None:
    response = Response(405, b"no\n", headers=(("Allow", "POST"),))
    assert write_head(response, "id1", "today", closing=True) == (
        b"HTTP/1.1 405 Method Not Allowed\r\nDate: today\r\nX-Request-Id: id1\r\nCache-Control: no-store\r\n"
        b"Content-Length: 3\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
        b"Allow: POST\r\nConnection: close\r\n\r\n"
    )
    kept = write_head(Response(200, max_age=600), "id1", "today", closing=False)
    assert kept == (
        b"HTTP/1.1 200 OK\r\nDate: today\r\nX-Request-Id: id1\r\nCache-Control: max-age=600\r\n"
        b"Content-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x", "a\nb", "a\rb", "a\0b"])
def test_no_value_begins_a_header_of_its_own(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        write_head(says(200, "", ("X", value)), "id1", "today", closing=False)


def test_who_may_try_again_is_told_when() -> None:
    assert retry_after(OutcomeUnknown()) == (("Retry-After", "5"),)
    assert retry_after(Throttled(seconds=40)) == (("Retry-After", "60"),)
    assert retry_after(DomainTaken()) == ()


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("panel.example.net", "panel.example.net"),
        ("panel.example.net.", "panel.example.net"),
        ("panel.example.net:2443", "panel.example.net"),
        ("192.0.2.1:80", "192.0.2.1"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ("[::1]", "::1"),
        ("", ""),
    ],
)
def test_a_host_without_its_port(host: str, name: str) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize(
    ("made", "address"),
    [
        (request(host="panel.example.net:2080"), "http://panel.example.net:2080/soap"),
        (request(host="[::1]:2080"), "http://[::1]:2080/soap"),
        (request(secure=True, host="panel.example.net"), "https://panel.example.net/soap"),
        (request(host="evil.example"), "https://base:2443/soap"),
        (request(host="panel.example.net.evil.example"), "https://base:2443/soap"),
        (request(host=""), "https://base:2443/soap"),
    ],
)
def test_an_address_is_made_of_a_host_that_is_ours_or_of_the_configured_one(
    made: Request, address: str
) -> None:
    hosts = Hosts({"panel.example.net", "::1"}.__contains__, "https://base:2443")
    assert hosts.address(made) == address


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("203.0.113.5", {}, ("203.0.113.5", False)),
        ("::ffff:203.0.113.5", {}, ("203.0.113.5", False)),
        ("203.0.113.5", {"x-forwarded-for": "192.0.2.1"}, ("203.0.113.5", False)),  # nobody's proxy
        ("203.0.113.5", {"x-forwarded-proto": "https"}, ("203.0.113.5", False)),
        ("10.0.0.1", {}, ("10.0.0.1", False)),
        ("10.0.0.1", {"x-forwarded-for": "192.0.2.1"}, ("192.0.2.1", False)),
        ("::ffff:10.0.0.1", {"x-forwarded-for": "192.0.2.1"}, ("192.0.2.1", False)),
        ("10.0.0.1", {"x-forwarded-for": "198.51.100.9, 192.0.2.1"}, ("192.0.2.1", False)),
        ("10.0.0.1", {"x-forwarded-for": "198.51.100.9, 192.0.2.1, 10.0.0.2"}, ("192.0.2.1", False)),
        ("10.0.0.1", {"x-forwarded-for": "192.0.2.1, unknown"}, ("10.0.0.1", False)),
        ("10.0.0.1", {"x-forwarded-for": "10.0.0.2"}, ("10.0.0.2", False)),
        ("10.0.0.1", {"x-forwarded-proto": "https"}, ("10.0.0.1", True)),
        ("10.0.0.1", {"x-forwarded-proto": "https, http"}, ("10.0.0.1", False)),
    ],
)
def test_only_a_proxy_of_ours_tells_who_its_client_is(
    peer: str, forwarded: dict[str, str], seen: tuple[str, bool]
) -> None:
    assert origin_of(peer, False, forwarded, {"10.0.0.1", "10.0.0.2"}) == seen
