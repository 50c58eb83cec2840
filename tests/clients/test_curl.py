"""The API and the API Key page with nothing but curl: envelopes typed by hand, and a browser's forms."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients.visitor import curl
from tests.sandbox import Sandbox

pytestmark = pytest.mark.needs("curl")

KEY = r"-----BEGIN INTERWORX API KEY-----\nIWAPI1[0-9A-Za-z]{65}\n-----END INTERWORX API KEY-----"
TYPED = """\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:iwapi:billing:1">
  <soap:Header><Auth><apikey>{key}</apikey></Auth></soap:Header>
  <soap:Body>
    <createSiteWorxAccount>
      <!-- the order is as it came to mind -->
      <packagetemplate>basic</packagetemplate>
      <master_domain>example.com</master_domain>
      <password><![CDATA[Correct<&>horse7]]></password>
      <email>me@example.com</email>
    </createSiteWorxAccount>
  </soap:Body>
</soap:Envelope>
"""
ROUTE = """\
<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:m="http://xml.apache.org/xml-soap"><Body>
  <route xmlns="">
    <apikey>{key}</apikey><ctrl_name>/nodeworx/siteworx</ctrl_name><action>edit</action>
    <input x:type="m:Map">
      <item><key>domain</key><value>example.com</value></item>
      <item><key>status</key><value>0</value></item>
    </input>
  </route>
</Body></Envelope>
"""


def post(address: str, envelope: str, *words: str) -> str:
    kind = ("--header", "Content-Type: text/xml; charset=utf-8")
    return curl(*kind, "--data-binary", "@-", *words, address, body=envelope.encode())


def ping(sandbox: Sandbox, key: str) -> str:
    """The answer to a ping: its first line, or the fault's text."""
    body = re.sub(r"<createSite.*</createSiteWorxAccount>", "<ping/>", TYPED, flags=re.DOTALL)
    answer = post(sandbox.soap_typed, body.format(key=key))
    (told,) = re.findall("<caller>(.*)</caller>|<faultstring>(.*)</faultstring>", answer)
    return "".join(told)


def test_envelopes_that_a_person_typed_are_understood(sandbox: Sandbox) -> None:
    opened = post(sandbox.soap_typed, TYPED.format(key=sandbox.api_key), "--include")
    assert opened.startswith("HTTP/1.1 200 OK")
    assert "<master_domain>example.com</master_domain>" in opened
    edited = post(sandbox.soap, ROUTE.format(key=sandbox.api_key))
    assert '<value xsi:type="xsd:int">0</value>' in edited
    assert "Account example.com has been changed." in edited
    suspended = curl("--include", "--header", "Host: example.com", sandbox.site)
    assert suspended.startswith("HTTP/1.1 503 ")


def test_a_wsdl_names_the_address_that_this_client_used_and_no_other(sandbox: Sandbox) -> None:
    local = sandbox.soap.replace("127.0.0.1", "localhost")
    for address in (sandbox.soap, sandbox.soap_typed, local, f"{local}/billing"):
        assert f'location="{address}"' in curl(f"{address}?wsdl")
    secure = curl("--cacert", sandbox.ca, f"{sandbox.tls}?wsdl")
    assert f'location="{sandbox.tls}"' in secure
    for address in (sandbox.soap, sandbox.soap_typed):
        forged = curl(
            "--header", "Host: evil.example", "--header", "X-Forwarded-Host: evil.example", f"{address}?wsdl"
        )
        assert "evil.example" not in forged
        assert 'location="https://localhost:' in forged
        assert f'location="{address}"' in curl(f"{address}?wsdl")


@dataclass(frozen=True)
class Browser:
    """curl with a cookie jar, at the administrator's pages."""

    sandbox: Sandbox
    jar: Path

    @property
    def origin(self) -> str:
        return self.sandbox.pages.removesuffix("/")

    def go(self, path: str, *words: str) -> str:
        """A page and the heads before it."""
        jar = ("--cookie", str(self.jar), "--cookie-jar", str(self.jar))
        return curl("--include", "--location", *jar, *words, self.origin + path)

    def send(self, page: str, action: str, *words: str, origin: str = "", **fields: str) -> str:
        """Send the form of a page, with the token in it."""
        token = re.search(rf'action="{action}">\s*<input type="hidden" name="token" value="(\w+)">', page)
        assert token, page
        data = [f"{name}={value}" for name, value in {"token": token[1], **fields}.items()]
        encoded = [word for one in data for word in ("--data-urlencode", one)]
        return self.go(action, "--header", f"Origin: {origin or self.origin}", *encoded, *words)

    def log_in(self, password: str) -> str:
        log_in = {"email": self.sandbox.admin_email, "password": password}
        return self.send(self.go("/"), "/nodeworx/login", **log_in)


@pytest.fixture
def browser(sandbox: Sandbox, tmp_path: Path) -> Browser:
    return Browser(sandbox, tmp_path / "jar")


def test_an_administrator_walks_through_the_api_key_page(sandbox: Sandbox, browser: Browser) -> None:
    password = {"password": sandbox.admin_password}
    generate, delete = "/nodeworx/apikey/generate", "/nodeworx/apikey/delete"
    assert "<h1>Log In</h1>" in browser.go("/nodeworx/apikey")
    assert "HTTP/1.1 403 " in browser.log_in("wrong")
    page = browser.log_in(sandbox.admin_password)
    assert "<h1>API Key</h1>" in page
    assert ">NodeWorx<" in page
    assert "Every program that holds it must be changed" in page

    before = ping(sandbox, sandbox.api_key)
    refused = browser.send(page, generate, password="wrong")
    assert "The password is not right." in refused
    assert ping(sandbox, sandbox.api_key) == before

    keys = []
    for _ in range(2):
        shown = browser.send(page, generate, **password)
        assert "New Remote Access Key Generated." in shown
        assert "Cache-Control: no-store" in shown
        (key,) = re.findall(KEY, html.unescape(shown))
        keys.append(key)
        assert ping(sandbox, key).startswith("key:")
        page = browser.go("/nodeworx/apikey")
        assert key.splitlines()[1] not in page
    assert ping(sandbox, sandbox.api_key) == ping(sandbox, keys[0]) == "The credentials were not accepted."

    gone = browser.send(page, delete, **password)
    assert "API key successfully deleted." in gone
    assert "API Key Not Set." in gone
    assert ping(sandbox, keys[1]) == "The credentials were not accepted."
    page = browser.go("/nodeworx/apikey")
    assert "API key not set." in page
    assert "<h1>Log In</h1>" in browser.send(page, "/nodeworx/logout")
    assert "<h1>Log In</h1>" in browser.go("/nodeworx/apikey")


def test_a_page_is_not_fooled_by_another_host_origin_or_token(sandbox: Sandbox, browser: Browser) -> None:
    action, password = "/nodeworx/apikey/generate", {"password": sandbox.admin_password}
    page = browser.log_in(sandbox.admin_password)
    assert "HTTP/1.1 421 " in browser.go("/nodeworx/apikey", "--header", "Host: evil.example")
    foreign = browser.send(page, action, origin="http://evil.example", **password)
    assert "HTTP/1.1 403 " in foreign
    assert "HTTP/1.1 403 " in browser.send(page, action, "--header", "Sec-Fetch-Site: cross-site", **password)
    assert "HTTP/1.1 403 " in browser.send(re.sub('value="(\\w+)"', 'value="0"', page), action, **password)
    without = browser.go(action, "--header", f"Origin: {browser.origin}", "--data", "password=adminpw")
    assert "HTTP/1.1 400 " in without
    no_cookie = Browser(sandbox, browser.jar.with_name("empty")).send(page, action, **password)
    assert "<h1>Log In</h1>" in no_cookie
    assert browser.go("/nodeworx/apikey").partition("<main")[2] == page.partition("<main")[2]
