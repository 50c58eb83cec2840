"""Python's xmlrpc.client: the story by iworx.route, and the same service by its typed names."""

from __future__ import annotations

import platform
import xmlrpc.client

import route
from story import DOMAIN, KEY, NICKNAME, SLOW, URL, same, step

SITEWORX = "/nodeworx/siteworx"

server = xmlrpc.client.ServerProxy(URL, use_builtin_types=True)


def once() -> None:
    """One account, by calls that have options beside the key."""
    wanted = {
        "master_domain": f"once-{DOMAIN}", "uniqname": SLOW, "email": "me@example.com",
        "password": "Correct-horse7", "packagetemplate": "basic",
    }  # fmt: skip

    def refused(code: int, inputs: dict[str, str], **options: object) -> str:
        try:
            server.iwapi.createSiteWorxAccount({"apikey": KEY, **options}, inputs)
        except xmlrpc.client.Fault as fault:
            same(code, fault.faultCode)
            return fault.faultString
        raise AssertionError("it was not refused")

    with step("once"):
        text = refused(4005, wanted, dry_run=True)
        assert text.startswith("DRY_RUN: "), text
        assert wanted["master_domain"] in text, text
        key = {"idempotency_key": f"once-{DOMAIN}"}
        text = refused(4001, wanted, wait_seconds=0, **key)
        assert text.startswith("PENDING: The change is still in progress (job "), text
        answer = server.iworx.route({"apikey": KEY, "wait_seconds": 0, **key}, SITEWORX, "add", wanted)
        same(11, answer["status"])
        assert "still in progress (job " in answer["payload"], answer
        made = server.iwapi.createSiteWorxAccount({"apikey": KEY, **key, **wanted})
        same(["active", SLOW], [made["status"], made["uniqname"]])
        answer = server.iworx.route({"apikey": KEY, **key}, SITEWORX, "add", wanted)
        same(0, answer["status"])
        text = refused(4002, {**wanted, "nickname": "other"}, **key)
        assert text.startswith("IDEMPOTENCY_MISMATCH: "), text
        server.iwapi.deleteSiteWorxAccount(KEY, {"domain": wanted["master_domain"]})


def typed() -> None:
    once()
    with step("typed"):
        pong = server.iwapi.ping(KEY)
        same(["admin@example.com", True, 1], [pong["email"], pong["master"], pong["nodeworx_id"]])
        same(["all"], pong["scopes"])
        account = server.iwapi.getSiteWorxAccount(KEY, {"domain": DOMAIN})
        names = ("nickname", "package_name", "OPT_STORAGE", "OPT_SSL")
        same([NICKNAME, "pro", 5000, True], [account[name] for name in names])
        try:
            server.iwapi.getSiteWorxAccount(KEY, {"domain": f"no-{DOMAIN}"})
        except xmlrpc.client.Fault as fault:
            same(3001, fault.faultCode)
        else:
            raise AssertionError("an account that is not there was found")


print("version", platform.python_version())
route.tell(server.iworx.route, typed)
