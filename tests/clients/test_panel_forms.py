"""Log-in forms, links and sessions on the API's own ports, with TLS and without, as modules use them."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xmlrpc.client import ServerProxy

import pytest

from tests.clients.byhand import PASSWORD, at_once, create
from tests.clients.visitor import curl
from tests.sandbox import Sandbox

DOMAIN = "example.com"
SITE = {"email": "me@example.com", "password": PASSWORD, "domain": DOMAIN}


@dataclass(frozen=True)
class Page:
    """What a port answered."""

    status: int
    body: str
    headers: dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def account(sandbox: Sandbox) -> None:
    assert create(sandbox, DOMAIN).status == 200


def ask(sandbox: Sandbox, url: str, method: str = "GET", body: str | bytes = b"", **headers: str) -> Page:
    """One request; the certificate must be the server's."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=sandbox.ca)
        made: Any = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=20, context=context)
    else:
        made = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        made.request(method, f"{parts.path}?{parts.query}", body, {**kind, **headers})
        answer = made.getresponse()
        return Page(answer.status, answer.read().decode(), dict(answer.getheaders()))
    finally:
        made.close()


def ports(sandbox: Sandbox) -> list[str]:
    return [url.removesuffix("/soap") for url in (sandbox.soap, sandbox.tls)]


def call(sandbox: Sandbox, who: object, controller: str, action: str, **inputs: str) -> Any:
    return ServerProxy(f"{ports(sandbox)[0]}/xmlrpc").iworx.route(who, controller, action, inputs)


def route(sandbox: Sandbox, who: object, controller: str, action: str, **inputs: str) -> Any:
    """The payload of a call by XML-RPC that succeeds."""
    answer = call(sandbox, who, controller, action, **inputs)
    assert answer["status"] == 0, answer
    return answer["payload"]


def link(sandbox: Sandbox, **inputs: str) -> str:
    made = route(
        sandbox, sandbox.api_key, "/nodeworx/siteworx", "siteworxLogin", login_domain=DOMAIN, **inputs
    )
    return str(made)


def test_a_module_posts_its_log_in_and_reads_the_state(sandbox: Sandbox) -> None:
    master = {"email": sandbox.admin_email, "password": sandbox.admin_password}
    posts = [
        (f"{port}/{door}{target}", {**fields, "action": "login", "more": "x"}, said)
        for port in ports(sandbox)
        for door, fields, said in (("siteworx", SITE, DOMAIN), ("nodeworx", master, sandbox.admin_email))
        for target in ("/index.php?action=login", "/?action=login", "/", "")
    ]
    for url, fields, said in posts:
        page = ask(sandbox, url, "POST", urlencode(fields))
        assert page.status == 200
        assert f"<h1>{said}</h1>" in page.body or f"<dd>{said}</dd>" in page.body
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in page.headers


@pytest.mark.needs("curl")
def test_curl_does_too(sandbox: Sandbox) -> None:
    words = ("--cacert", sandbox.ca, "--data-urlencode", f"password={PASSWORD}")
    more = ("--data", "email=me@example.com", "--data", f"domain={DOMAIN}")
    url = ports(sandbox)[1] + "/siteworx/index.php?action=login"
    assert f"<h1>{DOMAIN}</h1>" in curl(*words, *more, url)
    assert "is not right" in curl("--cacert", sandbox.ca, "--data", "password=x", *more, url)


@pytest.mark.needs("php")
def test_php_calls_with_a_session_and_its_customer_opens_a_page(sandbox: Sandbox) -> None:
    script = Path(__file__).parent / "php" / "session.php"
    told = json.dumps({"wsdl": f"{sandbox.soap}?wsdl", "key": sandbox.api_key})
    ran = subprocess.run(["php", script], input=told, capture_output=True, text=True, check=True)
    said = json.loads(ran.stdout)
    assert {name: said[name]["status"] for name in said} == {
        "begun": 0, "site": 0, "details": 0, "renewed": 11, "domains": 0, "guess": 401, "link": 0,
    }  # fmt: skip
    assert said["details"]["payload"]["domain"] == said["domains"]["payload"]["domain"] == DOMAIN
    assert re.fullmatch("[0-9a-f]{32}", said["begun"]["payload"])
    port = ports(sandbox)[1]
    for url in (
        f"{port}/siteworx/?sid={said['site']['payload']}", said["link"]["payload"],
        f"{port}/nodeworx/index?sid={said['begun']['payload']}",
    ):  # fmt: skip
        opened, again = ask(sandbox, url), ask(sandbox, url)
        assert (opened.status, again.status) == (200, 403)
        assert DOMAIN in opened.body or sandbox.admin_email in opened.body
    spent = {"sessionid": said["begun"]["payload"]}
    assert call(sandbox, spent, "/nodeworx/index", "getSession")["status"] == 401


def test_a_link_leads_to_the_port_that_is_bound(sandbox: Sandbox) -> None:
    made = urlsplit(link(sandbox))
    assert (made.scheme, made.hostname, made.path) == ("https", "localhost", "/siteworx/")
    assert made.port == urlsplit(sandbox.tls).port
    assert re.fullmatch("sid=[0-9a-f]{32}", made.query)


def test_of_twenty_who_open_a_link_at_once_one_sees_the_page(sandbox: Sandbox) -> None:
    for _ in range(3):
        url = link(sandbox)
        pages = at_once([lambda: ask(sandbox, url) for _ in range(20)])  # noqa: B023
        assert sorted(page.status for page in pages) == [200] + [403] * 19
        assert sum(f"<h1>{DOMAIN}</h1>" in page.body for page in pages) == 1


def test_a_link_of_another_address_stays_shut(sandbox: Sandbox) -> None:
    assert ask(sandbox, link(sandbox, client_ip="198.51.100.7")).status == 403
    assert ask(sandbox, link(sandbox, client_ip="127.0.0.1")).status == 200


def test_a_head_looks_and_opens_nothing(sandbox: Sandbox) -> None:
    url = link(sandbox)
    assert ask(sandbox, url, "HEAD").status == 200
    assert ask(sandbox, url).status == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("x" * 17 * 1024, None, 413),
        (urlencode({**SITE, "more": "x" * 17 * 1024}), None, 413),
        (urlencode(SITE), "text/plain", 415),
        ('--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nme@example.com\r\n--x--\r\n',
         "multipart/form-data; boundary=x", 415),
        (urlencode([*SITE.items(), ("password", "x")]), None, 400),
        ("", None, 400),
        ("email=%ff", None, 400),
        (b"\x00\xff" * 100, None, 400),
        ("<?xml version='1.0'?><a/>", "text/xml", 415),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_hostile_body_is_refused_with_a_page(
    sandbox: Sandbox, body: str | bytes, kind: str | None, status: int
) -> None:
    for port in ports(sandbox):
        kinds = {} if kind is None else {"Content-Type": kind}
        page = ask(sandbox, f"{port}/siteworx/index.php?action=login", "POST", body, **kinds)
        assert page.status == status
        assert "That did not work" in page.body
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_another_host_name_is_misdirected(sandbox: Sandbox) -> None:
    for port in ports(sandbox):
        assert ask(sandbox, f"{port}/siteworx/", Host="evil.example").status == 421


def test_the_style_is_there_and_nothing_else_is(sandbox: Sandbox) -> None:
    for port in ports(sandbox):
        assert ask(sandbox, f"{port}/static/style.css").headers["Content-Type"].startswith("text/css")
        for path in ("/", "/nodeworx/apikey", "/nodeworx/login", "/siteworx/x", "/static/", "/favicon.ico"):
            assert ask(sandbox, port + path).status == 404


def test_no_secret_is_in_the_log(sandbox: Sandbox) -> None:
    port = ports(sandbox)[0]
    url = link(sandbox)
    session = route(sandbox, sandbox.api_key, "/nodeworx/index", "getSession")
    assert ask(sandbox, url).status == 200
    assert ask(sandbox, url, Referer=url, **{"User-Agent": f"browser {url}"}).status == 403
    ask(sandbox, f"{port}/siteworx/", "POST", urlencode({**SITE, "password": "a wrong secret"}))
    ask(sandbox, f"{port}/siteworx/?action=login", "POST", urlencode({**SITE, "password": "a wrong secret"}))
    route(sandbox, {"sessionid": session}, "/nodeworx/overview", "listVersion")
    logged = sandbox.logged()
    assert "/panel/open_link ok" in logged
    for secret in (url.rpartition("=")[2], session, PASSWORD, "a wrong secret", "a+wrong", "action=login"):
        assert secret not in logged
