"""The log-in forms of the API's port, as billing modules and browsers use them, over a real panel."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from iwapi.asked import Asked, Credentials, Dispatch, Outcome, Reply
from iwapi.errors import OutcomeUnknown, Unavailable
from iwapi.kinds import Plain
from iwapi.web.hosts import Hosts
from iwapi.web.http import Request, Response
from iwapi.web.panelpages import PanelPages
from tests.helpers import ADMIN, ADMIN_PASSWORD, PASSWORD, World, selling

FORM = "application/x-www-form-urlencoded"
SITE = {"email": "me@example.com", "password": PASSWORD, "domain": "example.com"}
MASTER = {"email": ADMIN, "password": ADMIN_PASSWORD}
REFUSED = "The e-mail address or the password is not right."
PATHS = [
    f"/{door}{rest}" for door in ("nodeworx", "siteworx") for rest in ("", "/", "/index", "/index.php")
]  # fmt: skip


@dataclass
class Port:
    """The API's port, where nothing is kept between two requests."""

    pages: PanelPages

    def send(
        self, method: str, target: str, body: bytes = b"", address: str = "203.0.113.5", **headers: str
    ) -> Response:
        path, _, query = target.partition("?")
        sent = {"content-type": FORM, "user-agent": "module/1", **headers}
        host = sent.get("host", "panel.example.net:2443")
        answer: Future[Response] = Future()
        made = Request("id1", method, path, query, sent, body, address, True, host)
        self.pages(made, answer.set_result)
        return answer.result(20)

    def get(self, target: str, **rest: str) -> Response:
        return self.send("GET", target, **rest)

    def post(self, target: str, fields: dict[str, str] | list[tuple[str, str]], **rest: str) -> Response:
        return self.send("POST", target, urlencode(fields).encode(), **rest)

    def site(self, **fields: str) -> Response:
        return self.post("/siteworx/index.php?action=login", {**SITE, **fields})

    def user(self, **fields: str) -> Response:
        return self.post("/nodeworx/index.php?action=login", {**MASTER, **fields})


def text(response: Response) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.body.decode())).split())


def port_of(world: World, dispatch: Dispatch | None = None) -> Port:
    hosts = Hosts({"panel.example.net"}.__contains__, "https://panel.example.net:2443")
    return Port(PanelPages(dispatch or world.panel.dispatch, world.panel.catalogue, hosts))


@pytest.fixture
def port(world: World) -> Port:
    return port_of(world)


def link(world: World, **raw: str) -> str:
    """The path and query of a link to the page of example.com."""
    answer = world.call("siteworxLogin", {"login_domain": "example.com", **raw})
    return str(answer.token_url.reveal).removeprefix("https://panel.example.net:2443")


def test_each_door_shows_its_form(port: Port) -> None:
    for path in PATHS:
        for method in ("GET", "HEAD"):
            shown = port.send(method, path)
            assert shown.status == 200
            fields = re.findall(r'<input [^>]*name="(\w+)"', shown.body.decode())
            assert fields == ["email", "password", *(["domain"] if "siteworx" in path else [])]
            (action,) = re.findall(r'<form[^>]* method="post" action="([^"]*)"', shown.body.decode())
            assert action == f"/{path.split('/')[1]}/?action=login"


@pytest.mark.parametrize("path", PATHS)
def test_a_module_s_post_is_answered_with_the_state(world: World, port: Port, path: str) -> None:
    world.open("example.com")
    fields, said = (SITE, "example.com") if "siteworx" in path else (MASTER, ADMIN)
    in_query = port.post(f"{path}?action=login", fields)
    as_field = port.post(path, {"action": "login", **fields, "theme": "x", "submit": "Log In"})
    both = port.post(f"{path}?action=login&x=1&x=2", {**fields, "action": "login"})
    for answer in (in_query, as_field, both):
        assert answer.status == 200
        assert said in text(answer)
        assert "Set-Cookie" not in dict(answer.headers)
        assert answer.max_age == 0
    assert world.value("select count(*) from session") == 0


def test_the_page_of_an_account_tells_its_state(world: World, port: Port) -> None:
    world.call("createPackage", {"package_name": "gold", "OPT_STORAGE": "1500", "OPT_BANDWIDTH": "999999999"})
    world.open("example.com", uniqname="examplec", packagetemplate="gold", OPT_STORAGE="1500",
               OPT_BANDWIDTH="999999999", nickname="Example Ltd")  # fmt: skip
    said = text(port.site())
    for part in (
        "Status active", "Name Example Ltd", "Unix name examplec", "Package gold", "IPv4 address 192.0.2.1",
        "IPv6 address 2001:db8::1", "Disk space 0 MB of 1,500 MB", "Traffic of this month 0 MB of unlimited",
    ):  # fmt: skip
        assert part in said
    assert "suspended" not in said


def test_a_suspended_account_s_page_says_so_and_why(world: World, port: Port) -> None:
    world.open("example.com")
    world.call("suspendSiteWorxAccount", {"domain": "example.com", "message": "unpaid invoice"})
    for answer in (port.site(), port.get(link(world))):
        assert answer.status == 200
        assert "This account is suspended. The reason: unpaid invoice" in text(answer)


def test_the_page_of_a_reseller_tells_its_limits_and_what_it_gave(world: World, port: Port) -> None:
    world.call("createReseller", selling(nickname="Shop & Co", RSL_OPT_EMAIL_BOXES="999999999"))
    by = {"email": "reseller@example.com", "password": PASSWORD}
    reseller = Credentials(email=by["email"], password=Plain(PASSWORD))
    world.open("sold.test", reseller, OPT_STORAGE="4", OPT_BANDWIDTH="1")
    said = text(port.user(**by))
    for part in (
        "Shop & Co", "E-mail reseller@example.com", "Kind reseller", "Status active", "Accounts 1 of 2",
        "Disk space 4 MB of 10 MB", "Traffic in a month 1 GB of 10 GB", "E-mail boxes 0 of unlimited",
    ):  # fmt: skip
        assert part in said
    world.call("editReseller", {"reseller_id": "2", "status": "inactive"})
    assert "This user is suspended." in text(port.user(**by))
    assert "The reason" not in text(port.user(**by))
    world.call("suspendReseller", {"reseller_id": "2", "message": "unpaid <invoice>"})
    assert "suspended with it. The reason: unpaid <invoice>" in text(port.user(**by))


def test_the_master_is_told_where_its_pages_are_not(port: Port) -> None:
    said = text(port.user())
    assert f"E-mail {ADMIN} Kind master administrator" in said
    assert "The administrator's pages are not here" in said


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "wrong"},
        {"email": "nobody@example.com"},
        {"email": '"><script>alert(1)</script>'},
        {"password": " " + ADMIN_PASSWORD},
        {"email": "\0"},
    ],
)
def test_a_wrong_log_in_says_one_thing(port: Port, fields: dict[str, str]) -> None:
    answer = port.user(**fields)
    assert answer.status == 403
    assert REFUSED in text(answer)
    assert '<form class="card"' in answer.body.decode()
    assert ADMIN_PASSWORD not in answer.body.decode()
    assert b"<script" not in answer.body


@pytest.mark.parametrize(
    "fields",
    [
        {"domain": "other.test"}, {"domain": "nowhere.test"}, {"domain": "."}, {"password": "wrong"},
        MASTER | {"domain": "nowhere.test"}, MASTER | {"domain": "not a domain"},
    ],
)  # fmt: skip
def test_a_wrong_log_in_to_an_account_says_one_thing_too(
    world: World, port: Port, fields: dict[str, str]
) -> None:
    world.open("example.com")
    world.open("other.test", email="you@example.com")
    answer = port.site(**fields)
    assert answer.status == 403
    assert "The e-mail address, the password or the domain is not right." in text(answer)


def test_the_seller_logs_in_to_its_customer_s_page(world: World, port: Port) -> None:
    world.open("example.com")
    assert "example.com Status" not in text(port.site(**MASTER, domain="nowhere.test"))
    assert "The account Status active" in text(port.site(**MASTER, domain="WWW.Example.com"))


def test_the_forms_work_whatever_password_login_says(world: World, port: Port) -> None:
    world.open("example.com")
    for on in (False, True):
        world.panel.dispatch.password_login = on
        assert (port.site().status, port.user().status) == (200, 200)


def test_guesses_are_counted_with_those_at_the_api_and_end_for_a_minute(world: World, port: Port) -> None:
    for _ in range(10):
        assert port.user(password="wrong").status == 403
    refused = port.user()
    assert refused.status == 429
    assert re.search(r"Too many failed attempts. Try again in \d+ seconds", text(refused))
    assert int(dict(refused.headers)["Retry-After"]) > 0
    assert port.post("/nodeworx/?action=login", MASTER, address="203.0.113.6").status == 200
    world.clock.forward(60)
    assert port.user().status == 200


def test_a_button_that_posts_nothing_leads_to_the_form(port: Port) -> None:
    page = port.send("POST", "/nodeworx/")
    assert page.status == 200
    assert text(page).endswith("Password Log In")


WRONG: dict[str, tuple[Callable[[Port], Response], int]] = {
    "no body": (lambda port: port.send("POST", "/nodeworx/?action=login"), 400),
    "no action": (lambda port: port.post("/nodeworx/", MASTER), 400),
    "another action": (lambda port: port.post("/nodeworx/?action=logout", MASTER), 400),
    "two actions": (lambda port: port.post("/nodeworx/?action=login&action=login", MASTER), 400),
    "actions that differ": (
        lambda port: port.post("/nodeworx/?action=login", {**MASTER, "action": "x"}), 400
    ),
    "no password": (lambda port: port.user(password=""), 400),
    "no domain": (lambda port: port.post("/siteworx/?action=login", MASTER), 400),
    "the secrets in the address": (
        lambda port: port.send("POST", f"/nodeworx/?action=login&{urlencode(MASTER)}"), 400
    ),
    "a field twice": (
        lambda port: port.post("/nodeworx/?action=login", [*MASTER.items(), ("email", "x")]), 400
    ),
    "too many fields": (
        lambda port: port.post("/nodeworx/?action=login", MASTER | {f"f{n}": "" for n in range(70)}), 400
    ),
    "too long": (lambda port: port.user(more="x" * 16 * 1024), 413),
    "multipart": (
        lambda port: port.post(
            "/nodeworx/?action=login", MASTER, **{"content-type": "multipart/form-data; boundary=x"}
        ), 415,
    ),
    "no type": (lambda port: port.post("/nodeworx/?action=login", MASTER, **{"content-type": ""}), 415),
    "JSON": (lambda port: port.post("/nodeworx/?action=login", {}, **{"content-type": "text/json"}), 415),
    "no UTF-8": (
        lambda port: port.send("POST", "/nodeworx/?action=login", b"email=%ff&password=%ff"), 400
    ),
    "bytes": (lambda port: port.send("POST", "/nodeworx/?action=login", b"email=\xff&password=\xff"), 400),
    "XML": (lambda port: port.send("POST", "/nodeworx/?action=login", b"<a/>"), 400),
    "a query that is none": (lambda port: port.get("/siteworx/?sid=%ff"), 400),
    "two links": (lambda port: port.get("/siteworx/?sid=a&sid=b"), 400),
    "another path": (lambda port: port.get("/siteworx/other"), 404),
    "the root": (lambda port: port.get("/"), 404),
    "a file of ours": (lambda port: port.get("/static/../templates/base.html"), 404),
    "another name": (lambda port: port.get("/siteworx/", host="evil.example"), 421),
    "another name with a log-in": (
        lambda port: port.post("/nodeworx/?action=login", MASTER, host="evil.example"), 421
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "status"), WRONG.values(), ids=WRONG)
def test_what_is_no_log_in_is_refused(
    world: World, port: Port, make: Callable[[Port], Response], status: int
) -> None:
    answer = make(port)
    assert answer.status == status
    assert ADMIN_PASSWORD not in answer.body.decode()
    assert "administrator" not in text(answer)
    world.settle()
    assert world.value("select count(*) from audit") == 0


def test_a_form_just_as_long_as_it_may_be_is_taken(port: Port) -> None:
    rest = 16 * 1024 - len(urlencode({**MASTER, "more": ""}))
    assert port.user(more="x" * rest).status == 200
    assert port.user(more="x" * (rest + 1)).status == 413


def test_a_password_in_any_script_is_taken(world: World, port: Port) -> None:
    world.open("example.com", password="Ünï-☃ horse 8 & more=1+1%")
    assert port.site(password="Ünï-☃ horse 8 & more=1+1%").status == 200


def test_a_link_opens_once_under_each_of_its_paths(world: World, port: Port) -> None:
    world.open("example.com")
    for path in PATHS:
        sid = link(world).partition("?")[2]
        assert port.send("HEAD", f"{path}?{sid}").status == 200  # looks, and opens nothing
        opened = port.get(f"{path}?{sid}")
        assert (opened.status, "example.com" in text(opened)) == (200, True)
        again = port.get(f"{path}?{sid}")
        assert again.status == 403
        assert "This link was used before, or its time is over." in text(again)
        assert sid[4:] not in again.body.decode()


@pytest.mark.parametrize(
    ("header", "purpose"),
    [
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "Prefetch"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    ],
)
def test_a_browser_s_early_look_spends_no_link(world: World, port: Port, header: str, purpose: str) -> None:
    world.open("example.com")
    to = link(world)
    sent: Any = {header: purpose}
    early = port.get(to, **sent)
    assert early.status == 503  # no browser keeps that for later
    assert "example.com" not in text(early)
    assert port.get(to).status == 200


def test_a_link_for_one_address_opens_there_alone(world: World, port: Port) -> None:
    world.open("example.com")
    bound = link(world, client_ip="203.0.113.9")
    assert port.get(bound).status == 403
    assert port.get(bound, address="203.0.113.9").status == 200


def test_a_session_is_traded_for_its_user_s_page(world: World, port: Port) -> None:
    sid = world.call("/nodeworx/index/getSession").token.reveal
    opened = port.get(f"/nodeworx/index?sid={sid}")
    assert "Kind master administrator" in text(opened)
    assert port.get(f"/nodeworx/index?sid={sid}").status == 403


@pytest.mark.parametrize("sid", ["x", "0" * 32, "%00", "'or 1=1--", "a" * 8000])
def test_what_is_no_link_opens_nothing(port: Port, sid: str) -> None:
    answer = port.get(f"/siteworx/?sid={sid}")
    assert answer.status == 403
    assert "This link was used before" in text(answer)


def test_an_empty_link_is_a_form(port: Port) -> None:
    assert port.get("/siteworx/?sid=").status == 200


def test_every_page_forbids_what_it_does_not_need(world: World, port: Port) -> None:
    world.open("example.com")
    for response in (
        port.get("/siteworx/"), port.site(), port.user(), port.user(password="wrong"), port.get(link(world)),
        port.send("POST", "/nodeworx/"),
    ):  # fmt: skip
        headers = dict(response.headers)
        policy = headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
        assert not any(word in part for part in policy for word in ("unsafe", "script", "*", "http"))
        assert headers["Referrer-Policy"] == "no-referrer"
        assert response.max_age == 0
        assert not re.search(rb"<script|style=|<style|\bon[a-z]+=|https?://", response.body)


def test_its_style_is_on_this_port_too(port: Port) -> None:
    (path,) = re.findall(r'<link rel="stylesheet" href="([^"]*)">', port.get("/siteworx/").body.decode())
    style = port.get(path)
    assert (style.status, style.content_type) == (200, "text/css; charset=utf-8")
    assert port.send("POST", path).status == 404


def test_what_others_wrote_is_shown_as_text(world: World, port: Port) -> None:
    hostile = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
    world.open("example.com", nickname=hostile)
    world.call("suspendSiteWorxAccount", {"domain": "example.com", "message": hostile})
    for answer in (port.site(), port.get(link(world))):
        assert b"<img" not in answer.body
        assert text(answer).count("{{ 7*7 }}") == 2


@pytest.mark.parametrize(
    ("error", "status"), [(Unavailable(reason="the store cannot be read"), 503), (OutcomeUnknown(), 503)]
)
def test_an_error_of_the_server_is_told_beside_the_form(
    world: World, error: Unavailable | OutcomeUnknown, status: int
) -> None:
    port = port_of(world, lambda asked, reply: reply(Outcome(error=error)))
    for answer in (port.user(), port.get("/siteworx/?sid=x")):
        assert answer.status == status
        assert error.text in text(answer)
        assert "Retry-After" in dict(answer.headers)


def test_a_bug_is_a_page_too_and_says_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    def dispatch(asked: Asked, reply: Reply) -> None:
        broken: Any = object()
        reply(Outcome(answer=broken))

    answer = port_of(world, dispatch).user()
    assert answer.status == 500
    assert "Internal error. The log knows this request as id1" in text(answer)
    assert any(vars(record).get("request_id") == "id1" and record.exc_info for record in caplog.records)


def test_the_log_holds_no_secret_and_names_the_wire(
    world: World, port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    world.open("example.com")
    caplog.set_level(logging.DEBUG)
    made = link(world)
    port.site()
    port.user(password="a wrong secret")
    port.get(made)
    port.get(made)
    logged = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "/panel/show_site ok" in logged
    assert "'wire': 'panel'" in logged
    for secret in (PASSWORD, ADMIN_PASSWORD, "a wrong secret", made.rpartition("=")[2]):
        assert secret not in logged
