"""The story by route, for libraries that give its answers as plain values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from story import DOMAIN, KEY, NICKNAME, PASSWORD, RESELLER, UNIXNAME, same, step

Route = Callable[[Any, str, str, dict[str, Any]], dict[str, Any]]

SITEWORX = "/nodeworx/siteworx"
OPENING = {
    "master_domain": DOMAIN, "uniqname": UNIXNAME, "email": "me@example.com", "nickname": NICKNAME,
    "password": "Correct-horse7", "confirm_password": "Correct-horse7", "packagetemplate": "basic",
}  # fmt: skip


class Panel:
    """Does actions by `route`, which gives {status, payload}."""

    def __init__(self, route: Route) -> None:
        self.route = route

    def __call__(self, action: str, ctrl: str = SITEWORX, **given: Any) -> Any:
        """The payload of an action that must go well."""
        answer = self.route(KEY, ctrl, action, given)
        assert answer["status"] == 0, answer
        return answer["payload"]

    def refused(self, action: str, **given: Any) -> str:
        answer = self.route(KEY, SITEWORX, action, given)
        same(11, answer["status"])
        text: str = answer["payload"]
        return text

    def details(self, names: str) -> list[Any]:
        found = self("querySiteworxAccountDetails", domain=DOMAIN)
        return [found[name] for name in names.split()]


def tell(route: Route, more: Callable[[], None] = lambda: None) -> None:
    """The whole story; `more` is told while the account has the package pro."""
    panel = Panel(route)
    changed = f"Account {DOMAIN} has been changed."
    with step("ping"):
        assert re.match(r"\d+\.\d+", panel("listVersion", "/nodeworx/overview")["version"])
    with step("create"):
        same(f"Account {DOMAIN} has been created.", panel("add", **OPENING))
    with step("details"):
        names = "domain unixuser status nickname package_name OPT_STORAGE OPT_SSL inactive_msg"
        same([DOMAIN, UNIXNAME, "active", NICKNAME, "basic", 1000, 0, ""], panel.details(names))
        assert isinstance(panel.details("id")[0], int)
    with step("duplicate"):
        text = panel.refused("add", **OPENING)
        assert "Domain name already exists" in text, text
        assert "Unixname is already in use" in text, text
    with step("usage"):
        (row,) = panel("listBandwidthAndStorageInMB", domain=DOMAIN)
        same([DOMAIN, 1000, 10240], [row["domain"], row["storage"], row["bandwidth"]])
        assert row["storage_used"] >= 0 <= row["bandwidth_used"]
    with step("suspend"):
        same(changed, panel("edit", domain=DOMAIN, status="0"))
    with step("suspended"):
        same(["inactive"], panel.details("status"))
    with step("unsuspend"):
        panel("edit", domain=DOMAIN, status="1")
        same(["active"], panel.details("status"))
    with step("package"):
        panel("edit", domain=DOMAIN, packagetemplate="pro")
        names = "package_name OPT_STORAGE OPT_BANDWIDTH OPT_SUBDOMAINS OPT_SSL"
        same(["pro", 5000, 100, 10, 1], panel.details(names))
    with step("password"):
        same(changed, panel("edit", domain=DOMAIN, password=PASSWORD, confirm_password=PASSWORD))
    with step("list"):
        found = [row for row in panel("listAccounts") if row["domain"] == DOMAIN]
        same([(UNIXNAME, "active")], [(row["uniqname"], row["status"]) for row in found])
    resellers(panel)
    more()
    with step("terminate"):
        same(f"Account {DOMAIN} has been deleted.", panel("delete", domain=DOMAIN))
    with step("gone"):
        panel.refused("querySiteworxAccountDetails", domain=DOMAIN)
    with step("stranger"):
        same(401, route("nonsense", SITEWORX, "listAccounts", {})["status"])
    print("end")


def resellers(panel: Panel) -> None:
    """A reseller's life."""
    ctrl = "/nodeworx/reseller"
    reseller = 0

    def ours() -> list[Any]:
        return [row for row in panel("listResellers", ctrl) if row["reseller_id"] == reseller]

    with step("reseller-create"):
        reseller = panel(
            "add", ctrl, email=RESELLER, nickname="Reseller", password="Correct-horse7",
            confirm_password="Correct-horse7", RSL_OPT_STORAGE=10000, RSL_OPT_BANDWIDTH=100,
            RSL_OPT_SITEWORX_ACCOUNTS=5,
        )["reseller_id"]  # fmt: skip
        assert isinstance(reseller, int)
        assert reseller > 1
    with step("reseller-list"):
        (row,) = ours()
        same([RESELLER, "Reseller", "active"], [row["email"], row["nickname"], row["status"]])
    with step("reseller-suspend"):
        for status in ("inactive", "active"):
            panel("edit", ctrl, reseller_id=reseller, status=status)
            same(status, ours()[0]["status"])
    with step("reseller-delete"):
        panel("delete", ctrl, reseller_id=reseller)
        same([], ours())
