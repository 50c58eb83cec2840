"""The administrator's pages as a browser walks through them, over a real panel."""

from __future__ import annotations

import html
import re
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from iwapi.asked import Asked, Credentials, Dispatch, Outcome, Reply
from iwapi.errors import ApiError, OutcomeUnknown, Throttled
from iwapi.kinds import Plain
from iwapi.web.hosts import Hosts
from iwapi.web.http import Request, Response
from iwapi.web.pages import Pages
from tests.helpers import ADMIN, ADMIN_PASSWORD, World

KEY = re.compile(r"-----BEGIN INTERWORX API KEY-----\nIWAPI1[0-9A-Za-z]{65}\n-----END INTERWORX API KEY-----")


@dataclass
class Browser:
    """Keeps cookies and knows the forms of the page it shows. Nothing in it runs a script."""

    pages: Pages
    cookies: dict[str, str] = field(default_factory=dict)
    shown: Response = field(default_factory=lambda: Response(200))

    @property
    def text(self) -> str:
        """What the page says, without its tags."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.body)).split())

    @property
    def body(self) -> str:
        return self.shown.body.decode()

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> Response:
        sent = {
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "content-type": "application/x-www-form-urlencoded",
            "origin": "https://panel.example.net",
            "user-agent": "browser",
            **headers,
        }
        made = Request(
            "id1", method, path, "", sent, body, "192.0.2.7", True, headers.get("host", "panel.example.net")
        )
        answer: Future[Response] = Future()
        self.pages(made, answer.set_result)
        self.shown = answer.result(10)
        for name, value in self.shown.headers:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
                if "Max-Age=0" in rest:
                    del self.cookies[key]
        return self.shown

    def go(self, path: str) -> Response:
        response = self.request("GET", path)
        while response.status == 303:
            response = self.request("GET", dict(response.headers)["Location"])
        return response

    def send(self, action: str, **fields: str) -> Response:
        """Fill the form with this action on the page that is shown, and send it."""
        form = re.search(rf'<form[^>]*action="{action}">(.*?)</form>', self.body, re.DOTALL)
        assert form, f"no form {action} in {self.text}"
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)">', form[1])
        asked = set(re.findall(r'<input [^>]*name="(\w+)"', form[1])) - {"token"}
        assert asked == fields.keys()
        response = self.request("POST", action, urlencode([*hidden, *fields.items()]).encode())
        return self.go(dict(response.headers)["Location"]) if response.status == 303 else response

    def log_in(self, email: str = ADMIN, password: str = ADMIN_PASSWORD) -> Response:
        self.go("/nodeworx/login")
        return self.send("/nodeworx/login", email=email, password=password)


def browser_of(world: World, dispatch: Dispatch | None = None) -> Browser:
    hosts = Hosts({"panel.example.net"}.__contains__, "https://panel.example.net")
    panel = world.panel
    mac = partial(panel.pepper.mac, "page")
    return Browser(Pages(dispatch or panel.dispatch, panel.catalogue, hosts, mac))


@pytest.fixture
def browser(world: World) -> Browser:
    return browser_of(world)


def key_of(browser: Browser) -> str:
    found = KEY.findall(html.unescape(browser.body))
    assert len(found) == 1
    return str(found[0])


def works(world: World, key: str) -> bool:
    sent = Credentials(apikey=Plain(key), address="192.0.2.9", client="billing/2")
    return world.outcome("ping", by=sent).error is None


def test_the_api_key_page_as_users_know_it(world: World, browser: Browser) -> None:
    assert browser.go("/").status == 200
    assert "Log In" in browser.text
    assert browser.log_in().status == 200
    assert "NodeWorx API Key" in browser.text
    assert "API key not set." in browser.text
    assert "Warning" not in browser.text

    browser.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD)
    assert "New Remote Access Key Generated." in browser.text
    first = key_of(browser)
    assert works(world, first)

    browser.go("/nodeworx/apikey")
    assert not KEY.search(browser.body)
    assert first[-60:-40] not in browser.body
    assert "Every program that holds it must be changed" in browser.text
    world.settle()
    browser.go("/nodeworx/apikey")
    assert "from 192.0.2.9 by billing/2" in browser.text

    browser.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD)
    second = key_of(browser)
    assert (works(world, first), works(world, second)) == (False, True)

    browser.send("/nodeworx/apikey/delete", password=ADMIN_PASSWORD)
    assert "API key successfully deleted." in browser.text
    assert "API Key Not Set." in browser.text
    assert not works(world, second)
    browser.go("/nodeworx/apikey")
    assert "API key not set." in browser.text


def test_a_change_needs_the_password_again(world: World, browser: Browser) -> None:
    browser.log_in()
    refused = browser.send("/nodeworx/apikey/generate", password="wrong")
    assert refused.status == 403
    assert "The password is not right." in browser.text
    assert "API key not set." in browser.text
    browser.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD)
    key = key_of(browser)
    assert browser.send("/nodeworx/apikey/delete", password="").status == 403
    assert works(world, key)


@pytest.mark.parametrize(
    ("email", "password"), [(ADMIN, "wrong"), ("you@example.com", ADMIN_PASSWORD), ("", "")]
)
def test_a_wrong_log_in_says_one_thing(browser: Browser, email: str, password: str) -> None:
    assert browser.log_in(email, password).status == 403
    assert "The e-mail address or the password is not right." in browser.text
    assert "__Host-session" not in browser.cookies
    assert browser.log_in().status == 200
    assert browser.cookies.keys() == {"__Host-session"}


def test_a_session_ends_by_logging_out(browser: Browser) -> None:
    browser.log_in()
    before = dict(browser.cookies)
    browser.send("/nodeworx/logout")
    assert "Log In" in browser.text
    assert "__Host-session" not in browser.cookies
    browser.cookies = before
    browser.go("/nodeworx/apikey")
    assert "Log In" in browser.text


def test_a_session_ends_when_it_is_idle(world: World, browser: Browser) -> None:
    browser.log_in()
    world.clock.forward(14 * 60)
    browser.go("/nodeworx/apikey")
    assert "Log Out" in browser.text
    world.settle()
    world.clock.forward(16 * 60)
    assert browser.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD).status == 200
    assert "E-mail address" in browser.text


def test_a_session_alone_begins_with_a_log_in(browser: Browser) -> None:
    for cookie in ("", "nonsense", "a" * 43):
        browser.cookies = {"__Host-session": cookie}
        assert dict(browser.request("GET", "/nodeworx/apikey").headers)["Location"] == "/nodeworx/login"
        refused = browser.request("POST", "/nodeworx/apikey/generate", b"token=x&password=y")
        assert refused.status in (303, 403)


def test_every_page_forbids_what_it_does_not_need(browser: Browser) -> None:
    responses = [
        browser.request("GET", "/nodeworx/login"),
        browser.request("GET", "/nodeworx/apikey"),
        browser.request("GET", "/nothing"),
        browser.log_in(),
        browser.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD),
    ]
    for response in responses:
        headers = dict(response.headers)
        policy = headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
        assert not any(word in part for part in policy for word in ("unsafe", "script", "*", "http"))
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Permissions-Policy" in headers
        assert response.max_age == 0
        assert not re.search(rb"<script|style=|<style|\bon[a-z]+=|https?://", response.body)


def test_cookies_are_for_this_host_alone_and_unseen_by_scripts(browser: Browser) -> None:
    browser.request("GET", "/nodeworx/login")
    set_cookies = [value for name, value in browser.shown.headers if name == "Set-Cookie"]
    browser.send("/nodeworx/login", email=ADMIN, password=ADMIN_PASSWORD)
    assert all(name.startswith("__Host-") for name in browser.cookies)
    for cookie in set_cookies:
        assert cookie.endswith("; Secure; HttpOnly; SameSite=Strict; Path=/")


def test_what_a_stranger_wrote_is_shown_as_text(browser: Browser) -> None:
    browser.log_in('"><script>alert(1)</script>', "wrong")
    assert "<script>" not in browser.body
    assert "&lt;script&gt;" in browser.body


def test_a_host_that_is_not_ours_gets_nothing(browser: Browser) -> None:
    assert browser.request("GET", "/nodeworx/login", host="evil.example").status == 421
    assert not browser.cookies


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/nodeworx/apikey/generate", 404),
        ("POST", "/", 404),
        ("HEAD", "/nodeworx/login", 200),
        ("GET", "/static/style.css", 200),
        ("GET", "/static/../templates/base.html", 404),
        ("POST", "/nodeworx/login", 400),
    ],
)
def test_paths(browser: Browser, method: str, path: str, status: int) -> None:
    assert browser.request(method, path).status == status


def test_a_form_of_another_session_is_refused(world: World, browser: Browser) -> None:
    browser.log_in()
    other = browser_of(world)
    other.log_in()
    other.shown = browser.shown
    assert other.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD).status == 403
    assert "no longer valid" in other.text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Throttled(seconds=40), 429, "Try again in 40 seconds"),
        (OutcomeUnknown(), 503, "The outcome of this call is unknown"),
    ],
)
def test_an_error_of_a_change_is_told_beside_its_form(
    world: World, error: ApiError, status: int, said: str
) -> None:
    def dispatch(asked: Asked, reply: Reply) -> None:
        if asked.action.name == "generateApiKey":
            reply(Outcome(error=error))
        else:
            world.panel.dispatch(asked, reply)

    browser = browser_of(world, dispatch)
    browser.log_in()
    response = browser.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD)
    assert response.status == status
    assert "Retry-After" in dict(response.headers)
    assert said in browser.text


def test_a_bug_is_a_page_too_and_says_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    def dispatch(asked: Asked, reply: Reply) -> None:
        broken: Any = asked.action.name == "getApiKey"
        reply(Outcome(answer=object())) if broken else world.panel.dispatch(asked, reply)

    browser = browser_of(world, dispatch)
    assert browser.log_in().status == 500
    assert "Internal error. The log knows this request as id1" in browser.text
    assert any(vars(record).get("request_id") == "id1" and record.exc_info for record in caplog.records)


def test_the_pages_write_no_secret_to_the_log(
    world: World, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    browser.log_in()
    browser.send("/nodeworx/apikey/generate", password=ADMIN_PASSWORD)
    secrets = [ADMIN_PASSWORD, key_of(browser)[40:80], browser.cookies["__Host-session"]]
    logged = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert logged
    assert not [secret for secret in secrets if secret in logged]
