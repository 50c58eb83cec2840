"""The story by the typed WSDL, for libraries whose answers are objects with members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from story import DOMAIN, KEY, NICKNAME, PASSWORD, RESELLER, SLOW, UNIXNAME, same, step

Call = Callable[..., Any]
Fault = Callable[..., tuple[str, Any]]
How = Callable[[dict[str, Any]], None]

OPENING = {
    "master_domain": DOMAIN, "uniqname": UNIXNAME, "email": "me@example.com", "password": "Correct-horse7",
    "nickname": NICKNAME, "packagetemplate": "basic",
}  # fmt: skip


def members(of: Any, names: str) -> list[Any]:
    return [getattr(of, name) for name in names.split()]


def every(call: Call, operation: str, rows: str) -> list[Any]:
    """The rows of all pages."""
    page = call(operation, limit=1)
    found = list(getattr(page, rows, None) or [])
    while getattr(page, "next", None):
        page = call(operation, limit=1, after=page.next)
        found += getattr(page, rows, None) or []
    return found


def tell(call: Call, fault: Fault, how: How) -> None:
    """The whole story.

    `call` does an operation and gives its result; `fault` gives the name and the members of the fault that an
    operation must end with, called with a key of its own. `how` sets the options of further calls.
    """
    with step("ping"):
        pong = call("ping")
        same(["admin@example.com", True, 1], members(pong, "email master nodeworx_id"))
        same(["all"], list(pong.scopes))
    with step("create"):
        account = call("createSiteWorxAccount", **OPENING)
        same([DOMAIN, "active", 1000], members(account, "master_domain status OPT_STORAGE"))
    with step("details"):
        account = call("getSiteWorxAccount", domain=DOMAIN)
        names = "master_domain uniqname status nickname package_name OPT_STORAGE OPT_EMAIL_BOXES OPT_SSL"
        same([DOMAIN, UNIXNAME, "active", NICKNAME, "basic", 1000, 10, False], members(account, names))
    with step("duplicate"):
        name, detail = fault(KEY, "createSiteWorxAccount", **OPENING)
        same(["InvalidInputFault", "INVALID_INPUT"], [name, detail.code])
        problems = [(problem.field, problem.code) for problem in detail.problems]
        same([("master_domain", "DOMAIN_TAKEN"), ("uniqname", "UNIX_NAME_TAKEN")], problems)
    with step("usage"):
        usage = call("getUsage", domain=DOMAIN)
        same([1000, 10240], members(usage, "storage bandwidth"))
        assert usage.storage_used >= 0 <= usage.bandwidth_used
    with step("suspend"):
        account = call("suspendSiteWorxAccount", domain=DOMAIN, message="unpaid <3 & more")
        same("unpaid <3 & more", account.inactive_msg)
    with step("suspended"):
        same("inactive", call("getSiteWorxAccount", domain=DOMAIN).status)
    with step("unsuspend"):
        call("unsuspendSiteWorxAccount", domain=DOMAIN)
        same("active", call("getSiteWorxAccount", domain=DOMAIN).status)
    with step("package"):
        call("changeSiteWorxPackage", domain=DOMAIN, packagetemplate="pro")
        account = call("getSiteWorxAccount", domain=DOMAIN)
        names = "package_name OPT_STORAGE OPT_BANDWIDTH OPT_SUBDOMAINS OPT_SSL"
        same(["pro", 5000, 100, 10, True], members(account, names))
    with step("password"):
        same(DOMAIN, call("changeSiteWorxPassword", domain=DOMAIN, password=PASSWORD).master_domain)
    with step("list"):
        rows = every(call, "listSiteWorxAccounts", "accounts")
        same([(UNIXNAME, "active")], [(r.uniqname, r.status) for r in rows if r.master_domain == DOMAIN])
    resellers(call)
    with step("once"):
        once(call, fault, how)
    with step("terminate"):
        same(DOMAIN, call("deleteSiteWorxAccount", domain=DOMAIN).master_domain)
    with step("gone"):
        name, detail = fault(KEY, "getSiteWorxAccount", domain=DOMAIN)
        same(["AccountNotFoundFault", "ACCOUNT_NOT_FOUND"], [name, detail.code])
    with step("stranger"):
        name, detail = fault("nonsense", "ping")
        same(["NotAuthenticatedFault", "NOT_AUTHENTICATED"], [name, detail.code])
    print("end")


def once(call: Call, fault: Fault, how: How) -> None:
    """One account, by calls that have options."""
    wanted = {**OPENING, "master_domain": f"once-{DOMAIN}", "uniqname": SLOW}
    how({"dry_run": True})
    name, detail = fault(KEY, "createSiteWorxAccount", **wanted)
    same(["DryRunFault", "DRY_RUN"], [name, detail.code])
    assert any(change.after == wanted["master_domain"] for change in detail.changes), detail
    key = {"idempotency_key": f"once-{DOMAIN}"}
    how({**key, "wait_seconds": 0})
    name, detail = fault(KEY, "createSiteWorxAccount", **wanted)
    same(["PendingFault", "PENDING"], [name, detail.code])
    assert int(detail.job) > 0
    how(key)
    made = call("createSiteWorxAccount", **wanted)
    same([wanted["master_domain"], SLOW, "active"], members(made, "master_domain uniqname status"))
    same(made.uniqname, call("createSiteWorxAccount", **wanted).uniqname)
    name, detail = fault(KEY, "createSiteWorxAccount", **{**wanted, "nickname": "other"})
    same(["IdempotencyMismatchFault", "IDEMPOTENCY_MISMATCH"], [name, detail.code])
    how({})
    call("deleteSiteWorxAccount", domain=wanted["master_domain"])


def resellers(call: Call) -> None:
    """A reseller's life."""
    reseller = 0

    def ours() -> list[Any]:
        return [row for row in every(call, "listResellers", "resellers") if row.reseller_id == reseller]

    with step("reseller-create"):
        reseller = call(
            "createReseller", email=RESELLER, password="Correct-horse7", nickname="Reseller",
            RSL_OPT_STORAGE=10000, RSL_OPT_BANDWIDTH=100, RSL_OPT_SITEWORX_ACCOUNTS=5,
        ).reseller_id  # fmt: skip
        assert isinstance(reseller, int)
        assert reseller > 1
    with step("reseller-list"):
        same([RESELLER, "Reseller", "active"], members(ours()[0], "email nickname status"))
    with step("reseller-suspend"):
        for status in ("inactive", "active"):
            call("editReseller", reseller_id=reseller, status=status)
            same(status, ours()[0].status)
    with step("reseller-delete"):
        call("deleteReseller", reseller_id=reseller)
        same([], ours())
