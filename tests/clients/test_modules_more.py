"""More programs: sourceDESK's manner, XML-RPC clients, and SOAP that was pasted together by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.modules import systems
from tests.clients.modules.module import Module, tls
from tests.clients.modules.outside import GONE, SERVED, SUSPENDED, site, stored
from tests.clients.modules.systems import HEADING, PASSWORD, only
from tests.sandbox import Sandbox

pytestmark = pytest.mark.needs("php", "curl", "dig")

SITEWORX = "/nodeworx/siteworx"


def opening(domain: str, uniqname: str) -> dict[str, object]:
    """The inputs of a new account, in the names of version 6."""
    return {
        "master_domain": domain, "master_domain_ipv4": "127.0.0.1", "uniqname": uniqname,
        "nickname": "Ann & Söhne", "email": "me@example.com", "password": PASSWORD,
        "confirm_password": PASSWORD, "packagetemplate": "basic",
    }  # fmt: skip


def test_sourcedesk_shows_what_stands_before_usage(sandbox: Sandbox) -> None:
    module = systems.sourcedesk(sandbox)
    which = only(module, domain="sourcedesk.com")
    assert module("packages") == ["basic", "pro"]
    assert module("create") == [True, "Account sourcedesk.com has been created."]
    done, shown = module("create")
    assert not done
    assert shown.splitlines() == [
        HEADING,
        "master_domain: sourcedesk.com Domain name already exists",
        "uniqname: sourcede Unixname is already in use",
    ]
    assert which("suspend") == [True, "Account sourcedesk.com has been suspended."]
    assert site(sandbox, "sourcedesk.com") == SUSPENDED
    assert which("unsuspend") == [True, "Account sourcedesk.com has been unsuspended."]
    assert which("edit", packagetemplate="pro")[0]
    assert stored(sandbox, "sourcedesk.com", "opt_storage") == (5000,)
    assert site(sandbox, "sourcedesk.com") == SERVED
    assert which("delete") == [True, "Account sourcedesk.com has been deleted."]
    done, shown = which("suspend")
    assert not done
    assert shown.splitlines()[1].startswith("domain: sourcedesk.com This is not a valid option")
    done, shown = which.knowing(key="nonsense")("suspend")
    assert (done, shown) == (False, "The credentials were not accepted.")
    assert site(sandbox, "sourcedesk.com") == GONE


@pytest.mark.parametrize("posted", [False, True], ids=["as XML", "as a form"])
def test_xml_rpc_written_by_hand_runs_an_account(sandbox: Sandbox, posted: bool) -> None:
    domain, uniqname = ("rpc-form.com", "rpcform") if posted else ("rpc-xml.com", "rpcxml")
    module = Module("xmlrpc.php", {"server": tls(sandbox), "key": sandbox.api_key}, {"posted": posted})

    def call(action: str, **given: object) -> Any:
        return module("call", controller=SITEWORX, action=action, input=given)

    created = {"status": 0, "payload": f"Account {domain} has been created."}
    changed = {"status": 0, "payload": f"Account {domain} has been changed."}
    assert call("add", **opening(domain, uniqname)) == created
    again = call("add", **opening(domain, uniqname))
    assert again["status"] == 11
    assert "Domain name already exists" in again["payload"]
    details = call("querySiteworxAccountDetails", domain=domain)["payload"]
    assert (details["nickname"], details["OPT_STORAGE"]) == ("Ann & Söhne", 1000)
    assert call("edit", domain=domain, status="0") == changed
    assert site(sandbox, domain) == SUSPENDED
    on = {"domain": domain, "status": "1"}
    assert module("by session", controller=SITEWORX, action="edit", input=on) == changed
    assert site(sandbox, domain) == SERVED
    own = module("by session", domain=domain, controller="/siteworx/users", action="listWorkingUser")
    assert (own["status"], own["payload"]["email"]) == (0, "me@example.com")
    by_password = {"email": sandbox.admin_email, "password": sandbox.admin_password}
    found = module("call", key=by_password, controller="/nodeworx/overview", action="listVersion")
    assert found["status"] == 0
    assert found["payload"]["version"]
    assert module("call", key="nonsense", controller=SITEWORX, action="listAccounts")["status"] == 401
    rows = call("listAccounts")["payload"]
    assert [row["status"] for row in rows if row["domain"] == domain] == ["active"]
    assert call("delete", domain=domain)["status"] == 0
    assert site(sandbox, domain) == GONE


def test_the_python_client_reads_lists_of_lists_and_of_maps(sandbox: Sandbox) -> None:
    module = Module("client.py", {"server": tls(sandbox), "key": sandbox.api_key})

    def request(controller: str, action: str, inside: str | None = None, **given: object) -> Any:
        return module("request", controller=controller, action=action, siteworx_domain=inside, input=given)

    free = [row[0] for row in request(SITEWORX, "listFreeIps") if row[0] != ""]
    assert free[0] == "127.0.0.1"
    assert request(SITEWORX, "listDedicatedFreeIps") == [["127.0.0.11"] * 2, ["127.0.0.12"] * 2]
    for name in ("one", "two"):
        assert request(SITEWORX, "add", **opening(f"{name}.example.com", f"example{name}"))
    assert request(SITEWORX, "add", **opening("one.example.com", "exampleone"))[:2] == ["error", 11]

    users = "/siteworx/users", "one.example.com"
    (own,) = request(users[0], "listUsers", users[1])
    assert (own["email"], own["type"], own["user_status"]) == ("me@example.com", "master", "active")
    assert request(users[0], "listDeletable", users[1]) == []
    second = {"email": "second@example.com", "password": PASSWORD, "confirm_password": PASSWORD}
    assert isinstance(request(users[0], "add", users[1], nickname="Second", **second), str)
    deletable = request(users[0], "listDeletable", users[1])
    assert [row[0] for row in deletable] == ["second@example.com"]
    assert isinstance(request(users[0], "delete", users[1], user="second@example.com"), str)
    assert len(request(users[0], "listUsers", users[1])) == 1

    for row in request(SITEWORX, "listAccounts"):
        assert isinstance(request(SITEWORX, "delete", domain=row["domain"]), str)
    assert request(SITEWORX, "listAccounts") == []
    assert site(sandbox, "one.example.com") == site(sandbox, "two.example.com") == GONE


def test_soap_pasted_together_in_2009_is_read(sandbox: Sandbox) -> None:
    module = Module("posted.php", {"server": sandbox.soap.removesuffix("/soap"), "key": sandbox.api_key})

    def call(action: str, given: dict[str, object] | None = None, **more: object) -> tuple[int, str]:
        inputs = {} if given is None else {"input": given}
        status, payload = module("call", controller=SITEWORX, action=action, **inputs, **more)
        return status, payload

    status, payload = call("listAccounts")
    assert (status, "posted.com" in payload) == (0, False)
    assert call("add", opening("posted.com", "posted")) == (0, "Account posted.com has been created.")
    assert site(sandbox, "posted.com") == SERVED
    assert stored(sandbox, "posted.com", "nickname") == ("Ann & Söhne",)
    status, payload = call("add", opening("posted.com", "posted"))
    assert (status, "Domain name already exists" in payload) == (11, True)
    assert call("edit", {"domain": "posted.com", "status": "0"})[0] == 0
    assert site(sandbox, "posted.com") == SUSPENDED
    assert call("delete", {"domain": "posted.com"}, key={"apikey": sandbox.api_key})[0] == 0
    assert call("listAccounts", key="nonsense")[0] == 401
    assert site(sandbox, "posted.com") == GONE
