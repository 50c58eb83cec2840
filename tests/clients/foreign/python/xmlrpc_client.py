"""Python's xmlrpc.client: the story by iworx.route, and the same service by its typed names."""

from __future__ import annotations

import platform
import xmlrpc.client

import route
from story import DOMAIN, KEY, NICKNAME, URL, same, step

server = xmlrpc.client.ServerProxy(URL, use_builtin_types=True)


def typed() -> None:
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
