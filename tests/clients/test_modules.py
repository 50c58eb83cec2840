"""Accounts by programs in the manner of six billing modules, seen from outside after each step.

None of them is a module's own code. Each makes the calls that the module is known to make, with the same
inputs, and reads the answers as the module does.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.clients.modules import systems
from tests.clients.modules.module import Crashed, tls
from tests.clients.modules.outside import GONE, SERVED, SUSPENDED, opens_with, site, stored
from tests.clients.modules.systems import ANOTHER, HEADING, only
from tests.clients.visitor import dig
from tests.sandbox import Sandbox

pytestmark = pytest.mark.needs("php", "curl", "dig")


def test_whmcs_opens_changes_suspends_and_closes_an_account(sandbox: Sandbox) -> None:
    module = systems.whmcs(sandbox)
    done = module.run("CreateAccount")
    assert done.result == "success"
    assert done.calls == ("/nodeworx/siteworx listFreeIps", "/nodeworx/siteworx add")
    assert site(sandbox, "example.com") == SERVED
    assert dig(sandbox, "example.com").values == ("127.0.0.1",)
    assert stored(sandbox, "example.com", "uniqname", "ipv4", "email", "opt_storage", "state") == (
        "examplec", "127.0.0.1", "me@example.com", 1000, "active",
    )  # fmt: skip
    assert module("UsageUpdate") == {"example.com": [1, 1000, 0, 10240]}
    assert module("UsageUpdate", action="listBandwidthAndStorage") == {"example.com": [1, 1000, 0, 10]}

    assert module("SuspendAccount") == "success"
    assert site(sandbox, "example.com") == SUSPENDED
    assert module("SuspendAccount") == "success", "to suspend it again does no harm"
    assert module("UnsuspendAccount") == "success"
    assert site(sandbox, "example.com") == SERVED

    assert module("ChangePackage", package="pro") == "success"
    assert stored(sandbox, "example.com", "opt_storage", "opt_ssl") == (5000, 1)
    assert module("ChangePassword", password=ANOTHER) == "success"
    assert opens_with(sandbox, "example.com", ANOTHER)

    assert module("TerminateAccount") == "success"
    assert site(sandbox, "example.com") == GONE
    assert module("UsageUpdate") == []


def test_whmcs_shows_its_administrator_what_was_wrong(sandbox: Sandbox) -> None:
    module = systems.whmcs(sandbox, domain="whmcs-wrong.com", username="whmcswro")
    assert module("CreateAccount") == "success"
    shown = module("CreateAccount")
    assert shown.startswith(f"11 - {HEADING}\n")
    assert "Domain name already exists" in shown
    assert "Unixname is already in use" in shown
    assert "packagetemplate: nope This is not a valid option" in module("CreateAccount", package="nope")
    assert "domain: none.example.com This is not a valid option" in module(
        "SuspendAccount", domain="none.example.com"
    )
    assert module.knowing(key="nonsense")("CreateAccount").startswith("401 - ")
    assert site(sandbox, "whmcs-wrong.com") == SERVED, "what was refused changed nothing"
    assert stored(sandbox, "whmcs-wrong.com", "opt_storage") == (1000,)
    assert module("TerminateAccount") == "success"


def test_whmcs_that_is_not_secure_calls_in_clear(sandbox: Sandbox) -> None:
    module = systems.whmcs(sandbox, domain="in-clear.com", username="inclear")
    module = module.knowing(server=sandbox.soap.removesuffix("/soap"), named=True)
    assert module("CreateAccount") == "success"
    assert site(sandbox, "in-clear.com") == SERVED
    assert module("TerminateAccount") == "success"


def test_whmcs_gives_a_service_an_address_of_its_own(sandbox: Sandbox) -> None:
    module = systems.whmcs(sandbox, domain="alone.com", username="alone", dedicated=True)
    assert module.run("CreateAccount").calls[0] == "/nodeworx/siteworx listDedicatedFreeIps"
    assert dig(sandbox, "alone.com").values == ("127.0.0.11",)
    assert module("TerminateAccount") == "success"


def test_whmcs_checks_the_certificate_of_a_server_with_a_host_name(sandbox: Sandbox) -> None:
    module = systems.whmcs(sandbox, domain="named.com", username="byname").knowing(
        server=tls(sandbox, "localhost"), named=True
    )
    assert module("CreateAccount") == "success"
    assert module("TerminateAccount") == "success"
    with pytest.raises(Crashed, match="SOAP-ERROR: Parsing WSDL"):
        replace(module, authority="")("CreateAccount", domain="named.net")
    assert site(sandbox, "named.net") == GONE


def test_blesta_copies_the_options_of_a_package(sandbox: Sandbox) -> None:
    module = systems.blesta(sandbox)
    status, user = module("user")
    assert (status, user["userid"], user["email"]) == ("success", 1, sandbox.admin_email)
    packages = module("packages")
    done = module.run("create", plan=packages["pro"])
    assert done.result == ["success", "Account blesta.com has been created."]
    assert done.calls == (
        "/nodeworx/siteworx listFreeIps", "/nodeworx/packages listDetails", "/nodeworx/siteworx listAccounts",
        "/nodeworx/siteworx add",
    )  # fmt: skip
    assert stored(sandbox, "blesta.com", "package_id", "opt_storage", "opt_ssl") == (None, 5000, 1)
    assert site(sandbox, "blesta.com") == SERVED
    assert module("create", plan=packages["pro"]) == ["error", "duplicate_domain"]
    assert module("create", plan=packages["pro"], domain="blesta.net") == ["error", "duplicate_username"]
    assert module("create", plan=999) == ["error", "no_packages"]

    usage = module("usage")
    assert (usage["storage_used"], usage["storage"], usage["bandwidth"]) == (1, 5000, 100)
    which = only(module, domain="blesta.com")
    assert which("suspend")[0] == "success"
    assert site(sandbox, "blesta.com") == SUSPENDED
    assert which("unsuspend")[0] == "success"
    assert which("modify", plan=packages["basic"])[0] == "success"
    assert stored(sandbox, "blesta.com", "opt_storage", "opt_ssl") == (1000, 0)
    assert which("modify", password=ANOTHER, confirm_password=ANOTHER)[0] == "success"
    assert opens_with(sandbox, "blesta.com", ANOTHER)
    assert site(sandbox, "blesta.com") == SERVED
    status, text = which("suspend", domain="none.example.com")
    assert status == "error"
    assert text.startswith(f"reported_error {HEADING}")
    assert which.knowing(key="nonsense")("suspend")[0] == "error"
    assert which("remove")[0] == "success"
    assert site(sandbox, "blesta.com") == GONE


def test_tastyinterworx_takes_only_a_status_of_exactly_0(sandbox: Sandbox) -> None:
    module = systems.tastyinterworx(sandbox)
    which = only(module, domain="tasty.com")
    assert module("test") == 0
    assert module.knowing(key="nonsense")("test") == 1
    assert module("packages") == ["basic", "pro"]
    assert module("create", plan="basic") == "Account tasty.com has been created."
    assert module("accounts")["tasty.com"] == "active"
    assert module("create", plan="basic")[:2] == ["error", 11]
    assert site(sandbox, "tasty.com") == SERVED
    assert which("suspend") == "Account tasty.com has been suspended."
    assert site(sandbox, "tasty.com") == SUSPENDED
    assert which("details")["status"] == "inactive"
    assert which("unsuspend") == "Account tasty.com has been unsuspended."
    assert module("edit", nickname="Müller", email="you@example.com", password=ANOTHER)
    assert stored(sandbox, "tasty.com", "nickname", "email") == ("Müller", "you@example.com")
    assert opens_with(sandbox, "tasty.com", ANOTHER)
    assert which("delete") == "Account tasty.com has been deleted."
    assert which("details")[:2] == ["error", 11]
    assert site(sandbox, "tasty.com") == GONE


def test_clientexec_shows_the_actions_that_fit_the_account(sandbox: Sandbox) -> None:
    module = systems.clientexec(sandbox)
    assert module("packages") == ["basic", "pro"]
    assert module("getAvailableActions") == ["Create"]
    assert module("doCreate") == "clientexec.com has been created."
    assert stored(sandbox, "clientexec.com", "uniqname", "nickname") == ("clientex", "Ann Smith")
    assert module("getAvailableActions") == ["Delete", "Suspend"]
    status, text = module("doCreate")
    assert status == "error"
    assert "Unixname is already in use" in text
    assert module("doSuspend")
    assert module("getAvailableActions") == ["Delete", "UnSuspend"]
    assert site(sandbox, "clientexec.com") == SUSPENDED
    assert module("doUpdate", password=ANOTHER, package="pro") == "clientexec.com has been updated."
    assert stored(sandbox, "clientexec.com", "opt_storage", "state") == (5000, "inactive")
    assert opens_with(sandbox, "clientexec.com", ANOTHER)
    assert module("doUnSuspend")
    assert site(sandbox, "clientexec.com") == SERVED
    assert module.knowing(key="nonsense")("doDelete") == ["error", "Failed to authenticate."]
    assert module("doDelete")
    assert module("getAvailableActions") == ["Create"]
    assert site(sandbox, "clientexec.com") == GONE


def test_upmind_finds_an_account_by_its_unix_name(sandbox: Sandbox) -> None:
    module = systems.upmind(sandbox)
    assert module("getInfo") == ["error", "Account does not exist"]
    assert module("create") == "created"
    assert module("getInfo") == ["upmindco", "upmind.com", "basic", False, None, "127.0.0.1"]
    assert module("getUsage") == [1, 1000, 0, 10240]
    assert module("create") == ["error", "Username is already in use. Domain name already exists"]
    assert module("create", domain="upmind.net", username="other", package="nope") == [
        "error", "Invalid package name",
    ]  # fmt: skip
    assert module("by domain", domain="none.example.com") == ["error", "Account does not exist"]

    assert module("suspend", reason="Überfällig: 3 < 4") == "Account upmind.com has been suspended."
    assert site(sandbox, "upmind.com") == SUSPENDED
    assert module("getInfo")[3:5] == [True, "Überfällig: 3 < 4"]
    assert module("unSuspend") == "Account upmind.com has been unsuspended."
    assert site(sandbox, "upmind.com") == SERVED
    status, text = module("unSuspend", username="nobody")
    assert status == "error"
    assert text.startswith("user: nobody ")
    assert module("suspend") == "Account upmind.com has been suspended.", "without a reason"
    assert module("getInfo")[3:5] == [True, None]
    assert module("unSuspend")

    assert module("changePackage", package="pro")
    assert module("changePassword", password=ANOTHER)
    assert module("getUsage") == [1, 5000, 0, 102400]
    assert opens_with(sandbox, "upmind.com", ANOTHER)
    assert module("terminate")
    assert site(sandbox, "upmind.com") == GONE
    assert module("getInfo") == ["error", "Account does not exist"]


def test_hosting_billing_puts_every_account_on_its_servers_address(sandbox: Sandbox) -> None:
    module = systems.hosting_billing(sandbox)
    assert module("check_connection") == "OK"
    assert module("get_usage") == [0, 0, 0, 0]
    assert module("create_account", package="nope") == "Package nope was not found in server."
    assert module("create_account") == "Account hosting-billing.com has been created."
    assert dig(sandbox, "hosting-billing.com").values == ("127.0.0.2",)
    assert module("get_usage") == [1, 1000, 0, 10]
    assert module("suspend_account") == "Account hosting-billing.com has been suspended."
    assert site(sandbox, "hosting-billing.com") == SUSPENDED
    assert module("unsuspend_account") == "Account hosting-billing.com has been unsuspended."
    assert site(sandbox, "hosting-billing.com") == SERVED
    assert module("change_package", package="pro") == "Account hosting-billing.com has been changed."
    assert stored(sandbox, "hosting-billing.com", "opt_storage", "ipv4") == (5000, "127.0.0.2")
    assert module("change_password", package="pro", password=ANOTHER)
    assert opens_with(sandbox, "hosting-billing.com", ANOTHER)
    assert module("terminate_account") == "Account hosting-billing.com has been deleted."
    assert site(sandbox, "hosting-billing.com") == GONE
