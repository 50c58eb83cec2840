"""What the tests of all actions find inside example.com: further domains, records, and inputs about them."""

from __future__ import annotations

from typing import Any

from iwapi.action import Action
from iwapi.core.records import Data
from iwapi.core.sessions import token_mac
from iwapi.kinds import Plain, Raw
from iwapi.store.accounts import reverse
from iwapi.store.sessions import Sessions
from iwapi.store.zones import Zones, begin
from tests.helpers import SHARED, World

_ACCOUNT = "select id from account where domain = 'example.com' and state in ('active', 'inactive')"
_DOMAINS = (
    ("sub", "taken.example.com", None), ("slave", "second.test", None), ("slave", "third.test", None),
    ("pointer", "old.test", "second.test"), ("pointer", "older.test", "example.com"),
)  # fmt: skip
_RECORDS = {
    2001: Data("r.example.com", "A", "192.0.2.44"), 2002: Data("r.example.com", "AAAA", "2001:db8::44"),
    2003: Data("c.example.com", "CNAME", "example.org"), 2005: Data("r.example.com", "TXT", "r"),
    2004: Data("r.example.com", "MX", "r.test", priority=1),
    2006: Data("_s._tcp.example.com", "SRV", "1 1 r.test", priority=1),
    2007: Data("r.example.com", "CAA", "0 issue r.test"),
}  # fmt: skip

_DNS: dict[str, list[Raw]] = {
    "zone_id": ["1", "99"], "host": ["", "new", "c", "x y"], "domain": ["", "new", "c"],
    "alias": ["example.net"], "preference": ["5"], "mail_server": ["mx.test", "x y"], "text": ["new"],
    "service": ["xmpp"], "protocol": ["tcp"], "priority": ["1"], "weight": ["1"], "port": ["1", "-1"],
    "target": ["new.test"], "ttl": ["7", "x"], "flags": ["0"], "tag": ["issue"], "issue": ["new.test"],
    "issuewild": [";"], "iodef": ["new.test"],
}  # fmt: skip
_MEANT: dict[str, dict[str, list[Raw]]] = {
    "/siteworx/domains/sub": {"prefix": ["new", "taken", "nowhere", "www"]},
    "/siteworx/domains/pointer": {
        "domain": ["new.test", "old.test", "nowhere.test", "x"], "points_to": ["nowhere.test", "second.test"],
        "redir_type": ["server_alias", "x"],
    },
    "/siteworx/domains/slave": {
        "domain": ["new.test", "third.test", "nowhere.test", "second.test"], "ipv4": [SHARED, "203.0.113.1"],
    },
}  # fmt: skip


def meant(action: Action) -> dict[str, list[Raw]]:
    """Values for the inputs of an action of these controllers."""
    if action.controller != "/siteworx/dns" or action.route is None:
        return _MEANT.get(action.controller, {})
    kind = action.route.action.removeprefix("queryEdit").removeprefix("edit").removeprefix("add")
    records = [str(record) for record, data in _RECORDS.items() if data.type == kind]
    address = "2001:db8::55" if kind == "AAAA" else "192.0.2.55"
    return {
        **_DNS, "record_id": [*(records or ["2005"]), "2001", "2002", "9999"], "ipaddress": [address, "x"],
        **({"host": ["new", "c", "x y"]} if kind == "CNAME" else {}),
    }  # fmt: skip


def furnish_names(world: World) -> None:
    """Further domains and a record of each type, and no others; room for fifty of each kind of name.

    The zone of example.com has the id 1, as it is the first account."""

    def write(tx: Any) -> None:
        account = tx.value(_ACCOUNT)
        if account is None:
            return
        tx.run(
            "update account set opt_subdomains = 50, opt_pointer_domains = 50, opt_slave_domains = 50"
            " where id = ?", account,
        )  # fmt: skip
        tx.run("delete from domain where account_id = ?", account)
        tx.run("delete from zone where account_id = ? and name <> 'example.com'", account)
        for kind, name, target in _DOMAINS:
            tx.run(
                "insert into domain (account_id, kind, name, reversed, redir_type, points_to, created)"
                " values (?, ?, ?, ?, ?, ?, 0)",
                account, kind, name, reverse(name), target and "redirect_301", target,
            )  # fmt: skip
            if kind != "sub":
                begin(tx, account, name, SHARED, None)
        zone = tx.value("select id from zone where account_id = ? and name = 'example.com'", account)
        tx.run("delete from record where zone_id = ? or id between 2001 and 2007", zone)
        for number, data in _RECORDS.items():
            record = Zones(tx, account).add(zone, data)
            tx.run("update record set id = ? where id = ?", number, record.record_id)

    world.panel.database.change(write)


def own_user(world: World) -> Plain | None:
    """A session of example.com's own log-in, while it is there and active; it may change no DNS records."""
    token = Plain("a token of the account's own log-in")

    def write(tx: Any) -> bool:
        account = tx.value(f"{_ACCOUNT} and state = 'active'")
        if account is not None:
            mac, now = token_mac(world.panel.pepper, token), int(world.clock())
            tx.run("delete from session where token_mac = ?", mac.hex())
            Sessions(tx, now).add(mac, "api", 1, "192.0.2.9", account)
        return account is not None

    return token if world.panel.database.change(write) else None
