"""What programs in the manner of billing modules do inside an account, and the log-ins that they lead to."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.modules import systems
from tests.clients.modules.module import Module
from tests.clients.modules.outside import browse, press
from tests.clients.modules.systems import ANOTHER, PASSWORD
from tests.clients.visitor import curl, dig, visit
from tests.sandbox import Sandbox

pytestmark = pytest.mark.needs("php", "curl", "dig")

DOMAIN = "tasty.com"
SECRET = {"password": PASSWORD, "confirm_password": PASSWORD}
EVERY_MINUTE = dict.fromkeys(("minute", "hour", "day", "month", "dayofweek"), "*")
LISTS = (
    ("email/box", "listEmailBoxes"), ("email/alias", "listEmailAliases"), ("mysql/db", "listMysqlDatabases"),
    ("mysql/user", "listMysqlUsers"), ("cron", "list"), ("cron", "queryJobs"), ("backup", "listAllBackups"),
    ("backup/schedule", "listScheduled"), ("domains/sub", "listSubdomains"),
    ("domains/slave", "listSecondaryDomains"), ("domains/pointer", "listPointerDomains"),
)  # fmt: skip


@pytest.fixture
def module(sandbox: Sandbox) -> Iterator[Module]:
    """TastyInterWorx with an account that may have more domains."""
    module = systems.tastyinterworx(sandbox)
    assert module("create", plan="pro") == f"Account {DOMAIN} has been created."
    yield module
    assert module("delete", domain=DOMAIN) == f"Account {DOMAIN} has been deleted."


def test_the_pages_of_a_new_customer_are_empty_lists(module: Module) -> None:
    pages = module("pages")
    (log_in,) = pages.pop("ftp")
    assert (bool(log_in["ismaster"]), log_in["status"]) == (True, "active")
    assert log_in["fulluser"].startswith(log_in["username"])
    assert {name: page for name, page in pages.items() if page} == {}
    refused = module("page", password="wrong", controller="ftp", action="listFtpAccounts", input={})
    assert refused[:2] == ["error", 401]


@pytest.mark.parametrize(
    ("controller", "action", "given"),
    [
        ("ftp", "add", {"user": "second", **SECRET, "homedir": "/"}),
        ("email/box", "add", {"username": "ann", **SECRET, "diskspacequota": "10"}),
        ("email/alias", "add", {"username": "ann", "forwardsto": "me@example.com"}),
        ("mysql/db", "add", {"name": "shop"}),
        ("mysql/user", "add", {"name": "shop", **SECRET}),
        ("cron", "add", EVERY_MINUTE | {"script": "true"}),
        ("backup", "create", {"type": "full", "location": "local", "email_address": "me@example.com"}),
    ],
)
def test_what_has_no_service_yet_says_so(
    module: Module, controller: str, action: str, given: dict[str, str]
) -> None:
    error, status, text = module("page", controller=controller, action=action, input=given)
    assert (error, status) == ("error", 11)
    assert "Usage" in text


def test_a_customer_adds_domains_in_its_pages(module: Module, sandbox: Sandbox) -> None:
    def page(controller: str, action: str, **given: object) -> Any:
        return module("page", controller=f"domains/{controller}", action=action, input=given)

    pointer = {"domain": "tasty.net", "redir_type": "redirect_301", "points_to": DOMAIN}
    assert isinstance(page("sub", "add", prefix="shop"), str)
    assert isinstance(page("pointer", "add", **pointer), str)
    pages = module("pages")
    assert [(row["prefix"], row["domain"]) for row in pages["domains/sub"]] == [("shop", f"shop.{DOMAIN}")]
    assert [(row["domain"], row["points_to"]) for row in pages["domains/pointer"]] == [("tasty.net", DOMAIN)]
    assert visit(sandbox, f"shop.{DOMAIN}").status == 200
    assert dig(sandbox, f"shop.{DOMAIN}").values == ("127.0.0.1",)
    moved = curl("--header", "Host: tasty.net", "--output", "/dev/null", "--write-out",
                 "%{http_code} %{redirect_url}", sandbox.site)  # fmt: skip
    assert re.fullmatch(rf"301 http://{re.escape(DOMAIN)}(:\d+)?/", moved)
    assert page("pointer", "add", **pointer)[:2] == ["error", 11]
    over = page("slave", "add", domain="second-tasty.com")
    assert over[:2] == ["error", 11], "the package has no secondary domains"

    assert isinstance(page("sub", "delete", prefix="shop"), str)
    assert isinstance(page("pointer", "delete", domain="tasty.net"), str)
    assert visit(sandbox, f"shop.{DOMAIN}").status == 404
    assert dig(sandbox, "tasty.net").status == "REFUSED"


def test_applibs_reads_and_writes_the_zone_of_an_account(module: Module, sandbox: Sandbox) -> None:
    client = systems.applibs(sandbox, domain=DOMAIN)
    api = f"api.{DOMAIN}"

    def dns(action: str, **given: object) -> Any:
        return client("siteworx", controller="dns", action=action, input=given)

    (zone,) = dns("listZones")
    assert zone["domain"] == DOMAIN
    rows = dns("queryDnsRecords", zone_id=zone["zone_id"])
    assert ("A", DOMAIN, "127.0.0.1") in {(row["type"], row["host"], row["target"]) for row in rows}

    added = dns("addA", zone_id=zone["zone_id"], host=api, ipaddress="192.0.2.7", ttl="300")
    assert isinstance(added, str)
    assert dig(sandbox, api).values == ("192.0.2.7",)
    rows = dns("queryDnsRecords", zone_id=zone["zone_id"])
    (record,) = [row["record_id"] for row in rows if row["host"] == api]
    found = dns("queryEditA", record_id=record)
    assert (found["ipaddress"], int(found["ttl"])) == ("192.0.2.7", 300)
    assert isinstance(dns("editA", record_id=record, ipaddress="192.0.2.8"), str)
    assert dig(sandbox, api).values == ("192.0.2.8",)
    assert isinstance(dns("delete", record_id=record), str)
    assert dig(sandbox, api).values == ()


def test_applibs_lists_what_is_inside_an_account(module: Module, sandbox: Sandbox) -> None:
    client = systems.applibs(sandbox, domain=DOMAIN)
    for controller, action in LISTS:
        assert client("siteworx", controller=controller, action=action) == [], f"{controller} {action}"
    (log_in,) = client("siteworx", controller="ftp", action="listFtpAccounts")
    assert log_in["status"] == "active"
    user = client("siteworx", controller="users", action="listWorkingUser")
    assert (user["email"], user["status"], user["perms"]) == ("me@example.com", "active", ["MASTER"])
    answer = client("siteworx", controller="ftp", action="listFtpAccounts", domain="none.example.com")
    assert answer[0] == "error"


def test_applibs_tells_by_three_words_whether_there_is_a_key(sandbox: Sandbox) -> None:
    client = systems.applibs(sandbox)
    assert client("has key") is True
    shown = client("nodeworx", controller="apikey", action="listApikey")
    _, *lines, _ = sandbox.api_key.splitlines()
    assert not [line for line in lines if line in shown], "the key is not shown again"
    version = client("nodeworx", controller="overview", action="listVersion")["version"]
    assert re.match(r"\d+\.\d+", version)
    assert client("nodeworx", controller="users", action="isReseller") is False
    assert client.knowing(key="nonsense")("has key") is False


def test_whmcs_forms_lead_to_the_page_of_an_account(sandbox: Sandbox) -> None:
    billing = systems.whmcs(sandbox, domain="form.com", username="formcom", password=ANOTHER)
    assert billing("CreateAccount") == "success"
    address, fields = billing("ClientArea")
    assert urllib.parse.urlsplit(address).path == "/siteworx/index.php"
    assert list(fields) == ["email", "password", "domain"]
    status, page = press(sandbox, address, fields)
    assert (status, "form.com" in page, "active" in page) == (200, True, True)
    assert billing("SuspendAccount") == "success"
    assert "suspended" in press(sandbox, address, fields)[1].lower(), "who is suspended is told so"
    status, page = press(sandbox, address, fields | {"password": "wrong"})
    assert (status, "suspended" in page.lower()) == (403, False)
    assert billing("TerminateAccount") == "success"


def test_the_button_of_whmcs_s_administrator_leads_to_the_log_in(sandbox: Sandbox) -> None:
    address, fields = systems.whmcs(sandbox)("AdminLink")
    status, page = press(sandbox, address, dict(fields))
    assert status == 200
    assert 'name="password"' in page


def test_tastyinterworx_gets_a_link_that_opens_once(module: Module, sandbox: Sandbox) -> None:
    link = module("login", domain=DOMAIN)
    assert re.match(r"https://localhost:\d+/siteworx/", link), "the server's own name, for the customer"
    assert DOMAIN in browse(sandbox, link)[1]
    assert DOMAIN not in browse(sandbox, link)[1]


def test_upmind_has_no_words_for_a_refused_log_in(sandbox: Sandbox) -> None:
    """It takes every status but 11 for success, so nothing may have happened."""
    billing = systems.upmind(sandbox)
    assert billing("create") == "created"
    assert billing("suspend")
    refused = billing.knowing(secret="wrong")("unSuspend")
    assert isinstance(refused, str)
    assert "unsuspended" not in refused
    assert visit(sandbox, "upmind.com").status == 503
    assert billing("terminate")
