"""Zones and records of an account, by `route`: each type is added, listed, changed and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core.records import MOST_IN_ZONE, MOST_TOGETHER
from tests.helpers import IPV6, PASSWORD, SHARED, World
from tests.routing import First, inside, payload, refusal, rows, site_user

DNS = "/siteworx/dns/"


@pytest.fixture
def key(world: World) -> First:
    """The administrator's key inside example.com."""
    world.open(OPT_DNS_RECORDS="1")
    return inside("example.com", world.key())


def zone_id(world: World, first: First, domain: str = "example.com") -> str:
    zones = rows(world, first, DNS + "listZones", "object")
    return str(next(zone["zone_id"] for zone in zones if zone["domain"] == domain))


def listed(world: World, first: First, host: str = "", kind: str = "", **which: Any) -> list[dict[str, Any]]:
    found = rows(world, first, DNS + "queryDnsRecords", "object", **which)
    return [row for row in found if host in ("", row["host"]) and kind in ("", row["type"])]


def test_a_zone_begins_with_its_addresses_its_mail_and_its_spf(world: World, key: First) -> None:
    zones = rows(world, key, DNS + "listZones", "object")
    assert zones == [{"zone_id": 1, "domain": "example.com"}]
    found = [(row["host"], row["type"], row["target"]) for row in listed(world, key)]
    hosts = ("example.com", "ftp.example.com", "mail.example.com", "www.example.com")
    addresses = [(host, kind, to) for host in hosts for kind, to in (("A", SHARED), ("AAAA", IPV6))]
    assert sorted(found) == sorted(
        [*addresses, ("example.com", "MX", "mail.example.com"), ("example.com", "TXT", "v=spf1 a mx ~all")]
    )
    (mail,) = listed(world, key, kind="MX")
    assert {name: value for name, value in mail.items() if name != "record_id"} == {
        "zone_id": 1, "type": "MX", "host": "example.com", "target": "mail.example.com", "ttl": 3600,
        "preference": 10,
    }  # fmt: skip
    assert isinstance(mail["record_id"], int)
    assert "preference" not in listed(world, key, kind="TXT")[0]


SRV = {"service": "sip", "protocol": "tcp", "priority": "1", "weight": "2", "port": "5060", "target": "sip"}
EACH: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    # type: what is added, how it is listed, how it may be edited, what is edited, how it is listed then
    "A": (
        {"host": "a", "ipaddress": "192.0.2.99", "ttl": "60"}, {"target": "192.0.2.99", "ttl": 60},
        {"host": "a.example.com", "ipaddress": "192.0.2.99", "ttl": 60},
        {"ipaddress": "192.0.2.98"}, {"target": "192.0.2.98", "ttl": 60},
    ),
    "AAAA": (
        {"host": "a", "ipaddress": "2001:DB8::99"}, {"target": "2001:db8::99", "ttl": 3600},
        {"host": "a.example.com", "ipaddress": "2001:db8::99", "ttl": 3600},
        {"ttl": "7"}, {"target": "2001:db8::99", "ttl": 7},
    ),
    "CNAME": (
        {"host": "a", "alias": "www"}, {"target": "www.example.com"},
        {"host": "a.example.com", "alias": "www.example.com", "ttl": 3600},
        {"alias": "example.org."}, {"target": "example.org"},
    ),
    "MX": (
        {"host": "a", "preference": "20", "mail_server": "mx.example.org"},
        {"target": "mx.example.org", "preference": 20},
        {"host": "a.example.com", "preference": 20, "mail_server": "mx.example.org", "ttl": 3600},
        {"preference": "0"}, {"target": "mx.example.org", "preference": 0},
    ),
    "TXT": (
        {"host": "a", "text": "x=1; y"}, {"target": "x=1; y"},
        {"host": "a.example.com", "text": "x=1; y", "ttl": 3600}, {"text": "ü"}, {"target": "ü"},
    ),
    "SRV": (
        {**SRV, "domain": "a"},
        {"target": "sip.example.com", "priority": 1, "weight": 2, "port": 5060},
        {"service": "_sip", "protocol": "_tcp", "domain": "a.example.com", "priority": 1, "weight": 2,
         "port": 5060, "target": "sip.example.com", "ttl": 3600},
        {"port": "5061", "service": "sips"}, {"port": 5061, "host": "_sips._tcp.a.example.com"},
    ),
    "CAA": (
        {"domain": "a", "flags": "0", "tag": "issue", "issue": "ca.example", "issuewild": "", "iodef": ""},
        {"target": "ca.example", "flags": 0, "tag": "issue"},
        {"domain": "a.example.com", "flags": 0, "tag": "issue", "issue": "ca.example", "issuewild": "",
         "iodef": "", "ttl": 3600},
        {"tag": "iodef", "iodef": "mailto:a@b.example"}, {"target": "mailto:a@b.example", "tag": "iodef"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", EACH)
def test_a_record_of_each_type_is_added_shown_changed_and_deleted(
    world: World, key: First, kind: str
) -> None:
    added, shown, form, changes, then = EACH[kind]
    host = "_sip._tcp.a.example.com" if kind == "SRV" else "a.example.com"
    before = listed(world, key)
    serial = world.value("select created + generation from account")
    told = payload(world, key, f"{DNS}add{kind}", zone_id=zone_id(world, key), **added)
    assert told == f"The {kind} record of {host} has been added."
    (row,) = [row for row in listed(world, key) if row not in before]
    assert row.items() >= {"type": kind, "host": host, **shown}.items()

    record = str(row["record_id"])
    asked = payload(world, key, f"{DNS}queryEdit{kind}", record_id=record)
    assert {name: value for name, value in asked.items() if value != "" or name in form} == form
    assert refusal(world, key, f"{DNS}add{kind}", zone_id="1", **added)
    back = {name: str(value) for name, value in asked.items()}
    told = payload(world, key, f"{DNS}edit{kind}", record_id=record, **back)
    assert told == f"The {kind} record of {host} has been changed."
    assert [again for again in listed(world, key) if again not in before] == [row]

    payload(world, key, f"{DNS}edit{kind}", record_id=record, **changes)
    (row,) = [row for row in listed(world, key) if row not in before]
    assert row.items() >= {"record_id": int(record), "type": kind, **then}.items()
    assert payload(world, key, DNS + "delete", record_id=record) == (
        f"The {kind} record of {row['host']} has been deleted."
    )
    assert listed(world, key) == before
    assert world.value("select created + generation from account") == serial + 4


def test_the_zone_of_another_domain_is_named_by_its_id(world: World, key: First) -> None:
    world.call("editSiteWorxAccount", {"domain": "example.com", "OPT_SLAVE_DOMAINS": "1"})
    payload(world, key, "/siteworx/domains/slave/add", domain="second.test")
    second = zone_id(world, key, "second.test")
    payload(world, key, DNS + "addA", zone_id=second, host="a", ipaddress="192.0.2.9")
    assert [row["target"] for row in listed(world, key, "a.second.test", zone_id=second)] == ["192.0.2.9"]
    assert listed(world, key, "a.second.test") == []


def test_a_record_that_another_zone_would_hide_is_refused(world: World, key: First) -> None:
    world.call("editSiteWorxAccount", {"domain": "example.com", "OPT_SLAVE_DOMAINS": "1"})
    payload(world, key, "/siteworx/domains/slave/add", domain="new.example.com")
    for host in ("new", "www.new", "a.b.new.example.com."):
        assert refusal(world, key, DNS + "addA", zone_id="1", host=host, ipaddress="192.0.2.9")[1].endswith(
            "The zone new.example.com answers for this name: add it there"
        )
    payload(world, key, DNS + "addA", zone_id="1", host="anew", ipaddress="192.0.2.9")


def test_what_a_zone_cannot_have_is_refused(world: World, key: First) -> None:
    def wrong(action: str, **sent: Any) -> list[str]:
        return refusal(world, key, DNS + action, **sent)[1:]

    outside = wrong("addA", zone_id="1", host="example.org.", ipaddress="192.0.2.1")
    assert outside == ["host: example.org. This name is outside of the zone (names of example.com)"]
    assert wrong("addCNAME", zone_id="1", alias="example.org")[0].endswith(
        "The zone itself cannot be an alias"
    )
    assert "cannot stand beside" in wrong("addCNAME", zone_id="1", host="www", alias="example.org")[0]
    assert wrong("addTXT", zone_id="99", host="a", text="x") == [
        "zone_id: 99 This is not a valid option (one that listZones names)"
    ]
    assert [line.partition(":")[0] for line in wrong("addMX", host="a b", preference="x", zone_id="99")] == [
        "host", "preference", "mail_server", "zone_id",
    ]  # fmt: skip
    (address,) = [row["record_id"] for row in listed(world, key, "www.example.com", "A")]
    for action, record in (
        ("editTXT", address),
        ("queryEditTXT", address),
        ("editA", 9999),
        ("delete", 9999),
    ):
        assert wrong(action, record_id=str(record))[0].startswith(
            f"record_id: {record} This is not a valid option"
        )
    assert "is an alias" in clash(world, key)


def clash(world: World, key: First) -> str:
    payload(world, key, DNS + "addCNAME", zone_id="1", host="shop", alias="www")
    (record,) = [row["record_id"] for row in listed(world, key, kind="TXT")]
    return refusal(world, key, DNS + "editTXT", record_id=str(record), host="shop")[1]


def test_records_are_deleted_all_or_none(world: World, key: First) -> None:
    before = listed(world, key)
    some = [str(row["record_id"]) for row in before[:3]]
    assert refusal(world, key, DNS + "delete", record_id=[*some, "9999"])
    assert listed(world, key) == before
    told = payload(world, key, DNS + "delete", record_id=[*some, some[0]], confirm_action="1")
    assert len(told.splitlines()) == 3
    assert listed(world, key) == before[3:]


def test_no_account_reaches_another_s_records(world: World, key: First) -> None:
    world.open("other.test")
    master = world.key()
    key, other = inside("example.com", master), inside("other.test", master)
    (record,) = [row["record_id"] for row in listed(world, other, kind="MX")]
    for action in ("editMX", "queryEditMX", "delete"):
        assert refusal(world, key, DNS + action, record_id=str(record))
    theirs = zone_id(world, other, "other.test")
    assert refusal(world, key, DNS + "addA", zone_id=theirs, ipaddress="192.0.2.1")
    assert refusal(world, key, DNS + "queryDnsRecords", zone_id=theirs)
    stranger = inside("example.com", world.reseller())
    assert refusal(world, stranger, DNS + "listZones") == [
        "There was a problem validating the form. Please see details below.",
        "domain: example.com This is not a valid option (the main domain of one of your accounts)",
    ]


def test_a_zone_and_a_name_have_so_many_records_and_no_more(world: World, key: First) -> None:
    def fill(host: str, count: int) -> None:
        rows = [(1, f"{host}{at}.example.com", f"com example {host}{at}", "TXT", "x") for at in range(count)]
        sql = "insert into record (zone_id, host, place, type, value) values (?, ?, ?, ?, ?)"
        world.panel.database.change(lambda tx: tx.run_many(sql, rows))

    for at in range(MOST_TOGETHER):
        payload(world, key, DNS + "addTXT", zone_id="1", host="many", text=str(at))
    assert (
        "as many as it may have" in refusal(world, key, DNS + "addTXT", zone_id="1", host="many", text="x")[1]
    )
    fill("a", MOST_IN_ZONE - 1 - len(listed(world, key)))
    payload(world, key, DNS + "addTXT", zone_id="1", host="last", text="x")
    assert "The zone is full" in refusal(world, key, DNS + "addTXT", zone_id="1", host="one", text="x")[1]
    (record,) = [row["record_id"] for row in listed(world, key, "last.example.com")]
    payload(world, key, DNS + "editTXT", record_id=str(record), host="end")


def test_the_option_binds_the_account_s_users_and_not_who_runs_the_account(world: World, key: First) -> None:
    world.panel.dispatch.password_login = True
    own = site_user("me@example.com", "example.com", PASSWORD)
    payload(world, own, DNS + "addA", zone_id="1", host="a", ipaddress="192.0.2.1")
    world.call("editSiteWorxAccount", {"domain": "example.com", "OPT_DNS_RECORDS": "0"})
    (record,) = [row["record_id"] for row in listed(world, own, "a.example.com")]
    for action, sent in (
        ("addA", {"zone_id": "1", "host": "b", "ipaddress": "192.0.2.1"}),
        ("editA", {"record_id": str(record), "host": "b"}), ("delete", {"record_id": str(record)}),
    ):  # fmt: skip
        told = refusal(world, own, DNS + action, **sent)
        assert told[1] == "OPT_DNS_RECORDS: (nothing) The account may not change its DNS records"
    payload(world, key, DNS + "editA", record_id=str(record), host="b")


def test_the_time_to_live_follows_the_setting_where_a_record_has_none_of_its_own(
    world: World, key: First
) -> None:
    assert {row["ttl"] for row in listed(world, key)} == {3600}
    assert world.rows("select distinct ttl from record") == [(None,)]
