"""The page Terminations: who closed accounts lately, and a button that lets it go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from iwapi.asked import Credentials
from iwapi.provision.recording import Recording
from tests.helpers import PASSWORD, World, config, open_world, selling
from tests.web.test_pages import Browser, browser_of

PAGE = "/nodeworx/terminations"
APPROVE = f"{PAGE}/approve"


@pytest.fixture
def world(state: Path, cheap_passwords: None) -> Iterator[World]:
    """A server on which two closed accounts are enough."""
    world = open_world(state, [Recording()], config(terminations_most="2"))
    yield world
    world.panel.close()


@pytest.fixture
def key(world: World) -> Credentials:
    """A key that was stopped."""
    key = world.key()
    for name in ("a.test", "b.test", "c.test"):
        world.open(name)
    for name in ("a.test", "b.test"):
        world.call("deleteSiteWorxAccount", {"domain": name}, key)
    return key


@pytest.fixture
def browser(world: World) -> Browser:
    browser = browser_of(world)
    browser.log_in()
    return browser


def may_close(world: World, key: Credentials) -> bool:
    error = world.outcome("deleteSiteWorxAccount", {"domain": "c.test"}, key).error
    assert error is None or error.code == "NEEDS_APPROVAL"
    return error is None


def who(world: World) -> str:
    return str(world.value("select who from breaker"))


def test_it_says_when_there_is_nobody(browser: Browser) -> None:
    assert browser.go(PAGE).status == 200
    assert "Nobody closed accounts lately." in browser.text


def test_its_button_lets_a_key_go_on(world: World, browser: Browser, key: Credentials) -> None:
    browser.go("/nodeworx/apikey")
    assert f'href="{PAGE}"' in browser.body
    browser.go(PAGE)
    for said in ("Remote Access Key", "admin@example.com", "Closed accounts 2", "It closes no more accounts",
                 who(world), "Let it close more", "iwapi listClosedSiteWorxAccounts"):  # fmt: skip
        assert said in browser.text
    assert not may_close(world, key)
    caller = who(world)
    assert browser.send(APPROVE, who=caller).status == 200
    assert f"{caller} is counted anew, and may close accounts." in browser.text
    assert "Nobody closed accounts lately." in browser.text
    assert may_close(world, key)
    assert world.rows("select about from audit where action = 'approveTerminations'") == [(caller,)]


def test_one_that_was_never_stopped_is_counted_anew(world: World, browser: Browser) -> None:
    world.open("a.test")
    world.call("deleteSiteWorxAccount", {"domain": "a.test"}, world.key())
    caller = str(world.value("select who from termination"))
    browser.go(PAGE)
    assert "Count anew" in browser.text
    assert "Let it close more" not in browser.text
    browser.send(APPROVE, who=caller)
    assert f"{caller} is counted anew, and may close accounts." in browser.text
    assert "again" not in browser.text


def test_what_is_no_caller_is_told_beside_the_list(browser: Browser, key: Credentials) -> None:
    browser.go(PAGE)
    assert browser.send(APPROVE, who="<b>x</b>").status == 400
    assert "&lt;b&gt;x&lt;/b&gt; This is not a valid option" in browser.body
    assert "It closes no more accounts" in browser.text


def test_a_form_from_elsewhere_lets_nobody_go_on(world: World, browser: Browser, key: Credentials) -> None:
    browser.go(PAGE)
    caller = who(world)
    token = browser.body.split('name="token" value="')[1].split('"')[0]
    body = urlencode({"token": token, "who": caller}).encode()
    assert browser.request("POST", APPROVE, body, origin="https://evil.example").status == 403
    assert browser.request("POST", APPROVE, body, **{"sec-fetch-site": "cross-site"}).status == 403
    for fields in ({"who": caller}, {"token": "0" * 64, "who": caller}, {"token": token}):
        assert browser.request("POST", APPROVE, urlencode(fields).encode()).status in (400, 403)
    other = browser_of(world)
    assert other.request("POST", APPROVE, body).status == 303  # to the log-in
    assert not may_close(world, key)
    assert browser.request("POST", APPROVE, body).status == 200


@pytest.mark.parametrize("path", [PAGE, APPROVE])
def test_it_is_the_master_s_alone(
    world: World, key: Credentials, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the reseller logs in with its password
    raw = selling(RSL_OPT_SITEWORX_ACCOUNTS="1", email="r@example.com", password=PASSWORD)
    world.call("createReseller", raw)
    browser = browser_of(world)
    assert browser.log_in("r@example.com", PASSWORD).status == 200
    assert PAGE not in browser.body
    if path == PAGE:
        assert browser.go(PAGE).status == 403
    else:
        token = browser.body.split('name="token" value="')[1].split('"')[0]
        body = urlencode({"token": token, "who": who(world)}).encode()
        assert browser.request("POST", APPROVE, body).status == 403
    assert not may_close(world, key)


def test_without_a_session_it_asks_for_a_log_in(world: World, key: Credentials) -> None:
    browser = browser_of(world)
    for path in (PAGE, "/"):
        browser.go(path)
        assert "Log In" in browser.text
