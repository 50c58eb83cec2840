"""The main job through zeep: an administrator, a billing system, and a visitor with curl and dig."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import argon2
import pytest
import requests

from iwapi.errors import NotAuthenticated
from tests.clients.byhand import OPENING, PASSWORD, eventually
from tests.clients.limits import BASIC, PRO
from tests.clients.visitor import Records, dig, visit
from tests.clients.zeeped import Client, administrator, billing, new_key
from tests.sandbox import Sandbox
from tests.test_every_action import CATALOGUE, example

pytestmark = pytest.mark.needs("curl", "dig")


@pytest.fixture
def admin(sandbox: Sandbox) -> Client:
    return administrator(sandbox)


@pytest.fixture(scope="module")
def key(sandbox: Sandbox) -> str:
    return new_key(sandbox)


@pytest.fixture(params=["committed", "live", "tls"])
def any_client(request: pytest.FixtureRequest, sandbox: Sandbox, key: str) -> Client:
    """A client of the committed WSDL, of the one that the server gives, and of that one over TLS."""
    if request.param == "committed":
        return billing(sandbox, key)
    session = requests.Session()
    session.trust_env = False  # a bundle that the environment names would win over ours
    session.verify = sandbox.ca
    base = sandbox.soap if request.param == "live" else sandbox.tls
    client = Client(f"{base}/billing?wsdl", {"apikey": key}, session=session)
    assert client.service._binding_options["address"] == f"{base}/billing"
    return client


def recent(moment: datetime, after: timedelta = timedelta()) -> bool:
    return abs(datetime.now(UTC) + after - moment) < timedelta(minutes=1)


def verifiers(sandbox: Sandbox, domain: str) -> tuple[str, str]:
    """The account's argon2id and crypt(3) verifiers, from the file."""
    with closing(sqlite3.connect(sandbox.state / "iwapi.db")) as database:
        sql = "select argon2, crypt from account where domain = ? and state in ('active', 'inactive')"
        (row,) = database.execute(sql, (domain,)).fetchall()
    return row


def test_an_administrator_generates_a_key_which_replaces_the_one_before(
    sandbox: Sandbox, admin: Client
) -> None:
    first = admin("generateApiKey")
    second = admin("generateApiKey")
    assert second["message"] == "New Remote Access Key Generated."
    block = r"-----BEGIN INTERWORX API KEY-----\nIWAPI1[0-9A-Za-z]{65}\n-----END INTERWORX API KEY-----"
    assert re.fullmatch(block, second["apikey"])
    assert billing(sandbox, second["apikey"])("ping")["caller"] == f"key:{second['key_id']}"
    assert billing(sandbox, first["apikey"]).refused("ping")[0] == "NotAuthenticatedFault"

    eventually(lambda: admin("getApiKey")["key"]["last_used"] is not None)
    told = admin("getApiKey")
    assert told["message"] is None
    shown = told["key"]
    assert recent(shown.pop("date_created"))
    assert recent(shown.pop("last_used"))
    assert shown.pop("last_client").startswith("Zeep/")
    assert shown == {
        "key_id": second["key_id"], "name": "Remote Access Key", "classic": True, "active": True,
        "date_revoked": None, "last_address": "127.0.0.1",
    }  # fmt: skip
    newest, *others = admin("listApiKeys")
    assert (newest["key_id"], newest["active"]) == (second["key_id"], True)
    (before,) = [row for row in others if row["key_id"] == first["key_id"]]
    assert not any(row["active"] for row in others)
    assert recent(before["date_revoked"])


def test_ping_names_the_key_its_owner_and_the_server(client: Client) -> None:
    pong = client("ping")
    assert recent(pong.pop("time"))
    assert pong.pop("caller").startswith("key:")
    assert re.fullmatch(r"\d+\.\d+\.\d+", pong.pop("version"))
    assert pong == {
        "nodeworx_id": 1, "email": "admin@example.com", "master": True, "scopes": ["all"],
        "hostname": "localhost",
    }  # fmt: skip


def test_the_life_of_an_account(sandbox: Sandbox, any_client: Client) -> None:
    def call(operation: str, **inputs: Any) -> Any:
        """The answer without the date and the version that every change moves."""
        answered = any_client(operation, **inputs)
        if isinstance(answered, dict) and "date_changed" in answered:
            assert recent(answered.pop("date_changed"))
            assert answered.pop("version") > 0
        return answered

    opened = call("createSiteWorxAccount", master_domain="example.com", **OPENING)
    account = dict(opened)
    packages = {package["name"]: package["id"] for package in call("listPackages")}
    assert recent(account["date_created"])
    assert account == BASIC | {
        "siteworx_id": account["siteworx_id"], "master_domain": "example.com", "uniqname": "examplec",
        "status": "active", "nodeworx_id": 1, "package_name": "basic", "package_id": packages["basic"],
        "email": "me@example.com", "nickname": "example.com", "inactive_msg": None,
        "date_created": account["date_created"], "master_domain_ipv4": "127.0.0.1",
        "master_domain_ipv6": account["master_domain_ipv6"], "external_id": None, "remaining_reasons": [],
    }  # fmt: skip
    assert call("getSiteWorxAccount", domain="example.com") == account
    has_the_page(sandbox, "example.com")
    has_the_zone(sandbox, account)
    assert argon2.PasswordHasher().verify(verifiers(sandbox, "example.com")[0], PASSWORD)

    account |= {"status": "inactive", "inactive_msg": "unpaid <&> late", "remaining_reasons": ["billing"]}
    wish = {"domain": "example.com", "message": "unpaid <&> late"}
    assert call("suspendSiteWorxAccount", **wish) == account == call("suspendSiteWorxAccount", **wish)
    page = visit(sandbox, "example.com")
    assert (page.status, "This site is ready" in page.body, "unpaid" in page.body) == (503, False, False)
    has_the_zone(sandbox, account)
    account |= {"status": "active", "inactive_msg": None, "remaining_reasons": []}
    assert call("unsuspendSiteWorxAccount", domain="example.com") == account
    has_the_page(sandbox, "example.com")
    assert call("editSiteWorxAccount", domain="example.com", status=False)["status"] == "inactive"
    assert visit(sandbox, "example.com").status == 503

    account |= PRO | {
        "status": "active", "package_name": "pro", "package_id": packages["pro"], "OPT_STORAGE": 123,
        "email": "you@example.org", "nickname": "A & B",
    }  # fmt: skip
    edited = call(
        "editSiteWorxAccount", domain="example.com", status=True, email="you@example.org", nickname="A & B",
        packagetemplate="pro", OPT_STORAGE=123,
    )  # fmt: skip
    assert edited == account
    has_the_page(sandbox, "example.com")
    account |= BASIC | {"package_name": "basic", "package_id": packages["basic"]}
    assert call("changeSiteWorxPackage", domain="example.com", packagetemplate="basic") == account
    before = verifiers(sandbox, "example.com")
    assert call("changeSiteWorxPassword", domain="example.com", password="Ünï-☃ horse 8") == account
    after = verifiers(sandbox, "example.com")
    assert argon2.PasswordHasher().verify(after[0], "Ünï-☃ horse 8")
    assert not set(before) & set(after)
    (listed,) = call("listSiteWorxAccounts")["accounts"]
    assert listed == {name: account[name] for name in listed}

    closed = call("deleteSiteWorxAccount", domain="example.com")
    assert recent(closed.pop("purged_after"), after=timedelta(days=7))
    assert recent(closed.pop("date_closed"))
    assert closed.pop("version") > 0
    assert closed == {
        "siteworx_id": account["siteworx_id"], "master_domain": "example.com", "uniqname": "examplec",
        "nodeworx_id": 1, "external_id": None, "hold": False,
    }  # fmt: skip
    assert call("deleteSiteWorxAccount", domain="example.com")["siteworx_id"] == account["siteworx_id"]
    assert any_client.refused("getSiteWorxAccount", domain="example.com")[0] == "AccountNotFoundFault"
    assert call("listSiteWorxAccounts") is None
    assert visit(sandbox, "example.com").status == 404
    assert dig(sandbox, "example.com") == Records("REFUSED", ())

    again = call("createSiteWorxAccount", master_domain="example.com", uniqname="examplec", **OPENING)
    assert (again["uniqname"], again["siteworx_id"] > account["siteworx_id"]) == ("examplec", True)
    has_the_page(sandbox, "example.com")
    call("deleteSiteWorxAccount", domain="example.com")


def has_the_page(sandbox: Sandbox, domain: str) -> None:
    for host in (domain, f"www.{domain}"):
        page = visit(sandbox, host)
        assert (page.status, f"<h1>{domain}</h1>" in page.body) == (200, True)


def has_the_zone(sandbox: Sandbox, account: dict[str, Any]) -> None:
    """Every record of the zone, over UDP and over TCP."""
    domain, ipv4, ipv6 = (
        account[name] for name in ("master_domain", "master_domain_ipv4", "master_domain_ipv6")
    )
    for options in ((), ("+tcp",)):
        for name in (domain, f"www.{domain}", f"mail.{domain}"):
            assert dig(sandbox, name, "A", *options) == Records("NOERROR", (ipv4,))
            assert dig(sandbox, name, "AAAA", *options) == Records("NOERROR", (ipv6,) if ipv6 else ())
        assert dig(sandbox, domain, "NS", *options).values == ("ns1.localhost.", "ns2.localhost.")
        assert dig(sandbox, domain, "MX", *options).values == (f"10 mail.{domain}.",)
        assert dig(sandbox, f"no.{domain}", "A", *options) == Records("NXDOMAIN", ())
        (soa,) = dig(sandbox, domain, "SOA", *options).values
        assert soa.startswith("ns1.localhost. hostmaster.localhost. ")


def test_a_zone_gets_a_new_serial_with_every_change_of_its_account(sandbox: Sandbox, client: Client) -> None:
    def serial() -> int:
        return int(dig(sandbox, "serial.example", "SOA").values[0].split()[2])

    client("createSiteWorxAccount", master_domain="serial.example", **OPENING)
    before = serial()
    client("editSiteWorxAccount", domain="serial.example", nickname="new")
    assert serial() > before
    client("deleteSiteWorxAccount", domain="serial.example")


def test_with_the_key_deleted_every_operation_is_refused(
    sandbox: Sandbox, key: str, admin: Client, client: Client
) -> None:
    operations = {action.name: action for action in CATALOGUE.service("billing")}
    assert client.operations == set(operations)
    assert admin("deleteApiKey") == "API key successfully deleted."
    for operation, action in operations.items():
        inputs = {item.name: example(item.shape) for item in action.input.fields if item.required}
        name, detail = client.refused(str(operation), **inputs)
        assert (name, detail["code"]) == ("NotAuthenticatedFault", NotAuthenticated.code)
        assert detail["message"] == NotAuthenticated.staff
