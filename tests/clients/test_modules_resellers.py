"""Resellers by programs in the manner of the billing modules that sell them."""

from __future__ import annotations

import urllib.parse
from typing import Any

import pytest

from tests.clients.modules import systems
from tests.clients.modules.module import Module, tls
from tests.clients.modules.outside import SERVED, press, site, stored
from tests.clients.modules.systems import ANOTHER, PASSWORD, only
from tests.sandbox import Sandbox

pytestmark = pytest.mark.needs("php", "curl", "dig")

COUNTS = (
    "EMAIL_ALIASES EMAIL_AUTORESPONDERS EMAIL_BOXES EMAIL_GROUPS FTP_ACCOUNTS MYSQL_DBS MYSQL_DB_USERS "
    "POINTER_DOMAINS SLAVE_DOMAINS SUBDOMAINS"
)


@pytest.fixture(scope="module")
def packages(sandbox: Sandbox) -> None:
    """Two packages for resellers, as an administrator makes them before a product can be sold."""
    for name, storage, bandwidth in (("small", 2000, 20), ("large", 20000, 200)):
        limits = {f"RSL_OPT_{count}": 10 for count in COUNTS.split()}
        flags = {f"RSL_OPT_OVERSELL_{what}": "0" for what in ("STORAGE", "BANDWIDTH")}
        numbers = {"RSL_OPT_STORAGE": storage, "RSL_OPT_BANDWIDTH": bandwidth, "RSL_OPT_SITEWORX_ACCOUNTS": 5}
        administrator(sandbox, "reseller/packages", "add", package_name=name, **limits, **numbers, **flags)


def administrator(sandbox: Sandbox, controller: str, action: str, **given: object) -> Any:
    """A call by the administrator's own key."""
    answer = systems.applibs(sandbox)("nodeworx", controller=controller, action=action, input=given)
    assert not (isinstance(answer, list) and answer[:1] == ["error"]), answer
    return answer


def resellers(sandbox: Sandbox) -> dict[str, tuple[object, ...]]:
    """What each reseller is, by its e-mail."""
    rows = administrator(sandbox, "reseller", "listResellers")
    return {row["email"]: (row["status"], row["max_storage"], row["max_bandwidth"]) for row in rows}


def key_of(sandbox: Sandbox, email: str, password: str) -> str:
    """A new key of a reseller, who generates it with e-mail and password."""
    module = Module("xmlrpc.php", {"server": tls(sandbox), "key": ""})
    log_in = {"email": email, "password": password}
    made = module("call", key=log_in, controller="/nodeworx/apikey", action="generate")
    assert made["status"] == 0, made
    begin = made["payload"].index("-----BEGIN")
    return str(made["payload"][begin:])


def make_package(sandbox: Sandbox, key: str, name: str, storage: int) -> None:
    """A package of a reseller's own: it has none of the administrator's."""
    flags = ("BACKUP", "CGI_ACCESS", "CRONTAB", "DNS_RECORDS", "SSL", "BURSTABLE", "SAVE_XFER_LOGS")
    limits = {f"OPT_{count}": 1 for count in COUNTS.split()} | {f"OPT_{flag}": 0 for flag in flags}
    wanted = {"package_name": name, "OPT_STORAGE": storage, "OPT_BANDWIDTH": 10, **limits}
    theirs = systems.applibs(sandbox).knowing(key=key)
    assert isinstance(theirs("nodeworx", controller="packages", action="add", input=wanted), str)


def test_whmcs_sells_a_reseller(sandbox: Sandbox, packages: None) -> None:
    email = "whmcs@example.com"
    module = systems.whmcs(sandbox, type="reselleraccount", email=email, package="small")
    assert module("SuspendAccount") == "Reseller ID Not Found"
    done = module.run("CreateAccount")
    assert done.result == "success"
    assert done.calls == ("/nodeworx/siteworx listFreeIps", "/nodeworx/reseller add")
    assert resellers(sandbox)[email] == ("active", 2000, 20)

    key = key_of(sandbox, email, PASSWORD)
    make_package(sandbox, key, "basic", 1000)
    own = systems.whmcs(sandbox, domain="of-reseller.com", username="ofresell").knowing(key=key)
    assert own("CreateAccount") == "success"
    assert site(sandbox, "of-reseller.com") == SERVED
    assert list(own("UsageUpdate")) == ["of-reseller.com"], "a reseller sees its own accounts only"

    address, fields = module("ClientArea")
    assert (urllib.parse.urlsplit(address).path, list(fields)) == (
        "/nodeworx/index.php",
        ["email", "password"],
    )
    status, page = press(sandbox, address, fields)
    assert (status, email in page) == (200, True)

    assert module("SuspendAccount") == "success"
    assert resellers(sandbox)[email][0] == "inactive"
    assert own("SuspendAccount").startswith("401 - "), "its key is of no use now"
    assert module("UnsuspendAccount") == "success"
    assert own("SuspendAccount") == "success"
    assert module("ChangePackage", package="large", overselling=True) == "success"
    assert resellers(sandbox)[email] == ("active", 20000, 200)
    assert module("ChangePassword", password=ANOTHER) == "success"
    assert key_of(sandbox, email, ANOTHER)

    shown = module("CreateAccount")
    assert shown.startswith("11 - ")
    assert "email: whmcs@example.com " in shown, "one reseller for an e-mail"
    assert "packagetemplate: nope This is not a valid option" in module("CreateAccount", package="nope")
    own = own.knowing(key=sandbox.api_key)
    assert own("TerminateAccount") == "success"
    assert module("TerminateAccount") == "success"
    assert email not in resellers(sandbox)
    assert module("TerminateAccount") == "Reseller ID Not Found"


def test_whmcs_finds_a_reseller_whose_nickname_has_a_parenthesis(sandbox: Sandbox, packages: None) -> None:
    name = {"firstname": "Ann (", "lastname": "Sales)"}
    module = systems.whmcs(sandbox, type="reselleraccount", email="p@example.com", **name)
    assert module("CreateAccount", package="small") == "success"
    assert module("SuspendAccount") == "success"
    assert resellers(sandbox)["p@example.com"][0] == "inactive"
    assert module("TerminateAccount") == "success"


def test_blesta_takes_the_newest_reseller_for_the_one_it_made(sandbox: Sandbox, packages: None) -> None:
    module = systems.blesta(sandbox)
    whole = module("reseller packages")
    assert sorted(whole) == ["large", "small"]
    service = {"username": "Blesta & Söhne", "email": "blesta@example.com"}
    done = module.run("create reseller", plan=whole["small"], **service)
    status, reseller_id = done.result
    assert (status, isinstance(reseller_id, int)) == ("success", True)
    assert done.calls == (
        "/nodeworx/users isReseller", "/nodeworx/siteworx listFreeIps",
        "/nodeworx/reseller/packages listDetails", "/nodeworx/reseller listResellers",
        "/nodeworx/reseller add", "/nodeworx/reseller listResellers",
    )  # fmt: skip
    assert resellers(sandbox)["blesta@example.com"] == ("active", 2000, 20)
    assert module("create reseller", plan=whole["small"], **service) == ["error", "duplicate_email"]

    which = only(module, reseller_id=reseller_id)
    assert which("suspend reseller")[0] == "success"
    assert module("resellers")["blesta@example.com"] == "inactive"
    assert which("unsuspend reseller")[0] == "success"
    assert which("modify reseller", password=ANOTHER, confirm_password=ANOTHER)[0] == "success"
    theirs = which.knowing(key=key_of(sandbox, "blesta@example.com", ANOTHER))
    assert theirs("modify reseller") == ["error", "no_reseller_access"]
    assert which("remove reseller")[0] == "success"
    assert "blesta@example.com" not in module("resellers")


def test_tastyinterworx_reads_the_id_out_of_the_answer(sandbox: Sandbox, packages: None) -> None:
    module = systems.tastyinterworx(sandbox)
    assert sorted(module("reseller packages")) == ["large", "small"]
    service = {"username": "tasty", "email": "tasty@example.com"}
    reseller_id = module("create reseller", plan="small", **service)
    assert isinstance(reseller_id, int)
    which = only(module, reseller_id=reseller_id)
    details = module("reseller", **service)
    assert (details["id"], details["nickname"], details["email"], details["RSL_OPT_STORAGE"]) == (
        reseller_id, "tasty", "tasty@example.com", 2000,
    )  # fmt: skip
    assert (details["accounts_used"], details["storage_used"], details["bandwidth_used"]) == (0, 0, 0)
    assert isinstance(which("suspend reseller"), str)
    assert resellers(sandbox)["tasty@example.com"][0] == "inactive"
    assert isinstance(which("unsuspend reseller"), str)
    changed = which("edit reseller", nickname="Müller", email="tasty2@example.com", password=ANOTHER)
    assert isinstance(changed, str)
    assert resellers(sandbox)["tasty2@example.com"][0] == "active"
    assert isinstance(which("delete reseller"), str)
    assert module("reseller", email="tasty2@example.com")[:2] == ["error", 11]


def test_clientexec_looks_for_a_reseller_in_two_lists(sandbox: Sandbox, packages: None) -> None:
    module = systems.clientexec(sandbox)
    service = {"email": "clientexec@example.com", "package": "small", "name": "Ann Smith"}
    assert module("reseller", **service) == ["error", "Reseller does not exist"]
    assert module("create reseller", **service) == "clientexec@example.com has been created."
    assert module("reseller", **service) == ["Ann Smith", "active", 2000, 20]
    assert isinstance(module("suspend reseller", **service), str)
    assert module("reseller", **service)[1] == "inactive"
    assert isinstance(module("unsuspend reseller", **service), str)
    assert module("reseller", **service)[1] == "active"
    assert isinstance(module("delete reseller", **service), str)
    assert module("reseller", **service) == ["error", "Reseller does not exist"]


def test_upmind_knows_a_reseller_by_its_nickname(sandbox: Sandbox, packages: None) -> None:
    module = systems.upmind(sandbox)
    service = {"email": "upmind@example.com", "name": "Jürgen <O'Neil>"}
    assert module("reseller info", **service) == ["error", "Account does not exist"]
    assert module("create", reseller=True, package="small", **service) == "created"
    assert module("create", reseller=True, package="nope", email="other@example.com") == [
        "error", "Invalid package name",
    ]  # fmt: skip
    assert module("reseller info", **service) == ["Jürgen <O'Neil>", "upmind@example.com", "active"]
    assert module("reseller usage", **service) == [0, 2000, 0, 20480]
    assert isinstance(module("terminate reseller", **service), str)
    assert module("reseller info", **service) == ["error", "Account does not exist"]


def test_a_resellers_accounts_are_made_with_its_key(sandbox: Sandbox, packages: None) -> None:
    """The limits of a reseller hold for all of its accounts together."""
    module = systems.whmcs(sandbox, type="reselleraccount", email="limits@example.com", package="small")
    assert module("CreateAccount") == "success"
    key = key_of(sandbox, "limits@example.com", PASSWORD)
    make_package(sandbox, key, "half", 1500)
    own = systems.blesta(sandbox).knowing(key=key)
    plans = own("packages")
    assert list(plans) == ["half"]
    first = own("create", plan=plans["half"], domain="limits-one.com", username="limits1")
    assert first == ["success", "Account limits-one.com has been created."]
    status, text = own("create", plan=plans["half"], domain="limits-two.com", username="limits2")
    assert status == "error", "1500 + 1500 MB are more than 2000"
    assert text.startswith("reported_error ")
    assert stored(sandbox, "limits-one.com", "opt_storage") == (1500,)
    assert own("remove", domain="limits-one.com")[0] == "success"
    assert module("TerminateAccount") == "success"
