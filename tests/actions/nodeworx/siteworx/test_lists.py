"""Lists of accounts in the columns of InterWorx, of the caller's accounts only."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.actions._details import PROPERTIES
from iwapi.core import limits
from iwapi.core.usage import MB
from iwapi.kinds import UNLIMITED
from iwapi.store.usage import Usages
from tests.actions.nodeworx.siteworx.test_reports import used
from tests.helpers import SHARED, World
from tests.routing import by_key, payload, refusal, rows

SITEWORX = "/nodeworx/siteworx/"
COLUMNS = [
    "siteworx_id", "uniqname", "date_created", "status", "nodeworx_id", "package_id", "nickname", "email",
    "user_type", "domain", "domain_type", "storage", "storage_pct", "bandwidth", "bandwidth_pct",
    "max_bandwidth", "max_storage", "is_favorite", "php_version", "homedir", "domainroot", "docroot",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


@pytest.fixture
def key(world: World) -> Any:
    """Two accounts of the administrator, one of them suspended and used, and one of a reseller."""
    world.open("a.test", uniqname="aaaa", nickname="A", OPT_STORAGE="100", OPT_BANDWIDTH="4")
    world.call("createPackage", {"package_name": "basic", "OPT_STORAGE": "5", "OPT_BANDWIDTH": "5"})
    sizes = {"OPT_STORAGE": str(UNLIMITED), "OPT_BANDWIDTH": str(UNLIMITED)}
    world.open("b.test", uniqname="bbbb", packagetemplate="basic", **sizes)
    world.open("r.test", world.reseller(), uniqname="rrrr")
    world.call("suspendSiteWorxAccount", {"domain": "a.test", "message": "unpaid"})
    used(world, "a.test", 33 * MB, 3072 * MB)
    used(world, "b.test", 33 * MB, 3072 * MB)
    return by_key(world)


def row(world: World, **others: Any) -> dict[str, Any]:
    homes = world.panel.dispatch.server.homes
    return {
        "siteworx_id": 1, "uniqname": "aaaa", "date_created": "2027-01-15 08:00:00", "status": "inactive",
        "nodeworx_id": 1, "package_id": 0, "nickname": "A", "email": "me@example.com", "user_type": "master",
        "domain": "a.test", "domain_type": "master", "storage": 33, "storage_pct": 33, "bandwidth": 3,
        "bandwidth_pct": 75, "max_bandwidth": 4, "max_storage": 100, "is_favorite": 0, "php_version": "",
        "homedir": f"{homes}/aaaa", "domainroot": f"{homes}/aaaa/a.test",
        "docroot": f"{homes}/aaaa/a.test/html", **others,
    }  # fmt: skip


def unlimited(world: World) -> dict[str, Any]:
    homes = world.panel.dispatch.server.homes
    return row(
        world, siteworx_id=2, uniqname="bbbb", status="active", package_id=1, nickname="b.test",
        domain="b.test", storage_pct=0, bandwidth_pct=0, max_bandwidth=UNLIMITED, max_storage=UNLIMITED,
        homedir=f"{homes}/bbbb", domainroot=f"{homes}/bbbb/b.test", docroot=f"{homes}/bbbb/b.test/html",
    )  # fmt: skip


def test_accounts_are_objects_of_22_columns_in_their_order(world: World, key: Any) -> None:
    told = rows(world, key, SITEWORX + "listAccounts", "object")
    assert [list(one) for one in told] == [COLUMNS] * 3
    assert told[:2] == [row(world), unlimited(world)]
    assert (told[2]["domain"], told[2]["nodeworx_id"]) == ("r.test", 2)
    assert [type(value) for value in told[0].values()] == [
        type(value) for value in row(world).values()
    ]  # no flag is a boolean there


def test_a_secondary_domain_has_a_row_of_its_own(world: World, key: Any) -> None:
    world.panel.database.change(
        lambda tx: tx.run_many(
            "insert into domain (account_id, kind, name, reversed, folder, created)"
            " values (?, ?, ?, ?, ?, 0)",
            [(1, "slave", "second.test", "test.second", "second.test/html"),
             (1, "sub", "blog.a.test", "test.a.blog", "a.test/html/blog"),
             (3, "slave", "other.test", "test.other", "other.test/html")],
        )
    )  # fmt: skip
    told = rows(world, key, SITEWORX + "listDomainAccounts", "object")
    assert [(one["domain"], one["domain_type"], one["siteworx_id"]) for one in told] == [
        ("a.test", "master", 1), ("second.test", "slave", 1), ("b.test", "master", 2),
        ("r.test", "master", 3), ("other.test", "slave", 3),
    ]  # fmt: skip
    homes = world.panel.dispatch.server.homes
    assert told[1] == row(
        world, domain="second.test", domain_type="slave", domainroot=f"{homes}/aaaa/second.test",
        docroot=f"{homes}/aaaa/second.test/html",
    )  # fmt: skip


def details(**others: Any) -> dict[str, Any]:
    numbers = dict.fromkeys(limits.NAMES, 0) | {"OPT_STORAGE": 100, "OPT_BANDWIDTH": 4}
    old = {name.removeprefix("OPT_").lower(): value for name, value in numbers.items()}
    return {
        "id": 1, "domain": "a.test", "unixuser": "aaaa", "status": "inactive", "inactive_msg": "unpaid",
        "nickname": "A", "email": "me@example.com", "ip": SHARED, "package_name": "", "storage_used": 33,
        "bandwidth_used": 3, **old, **numbers, **others,
    }  # fmt: skip


def test_accounts_are_queried_by_domain_by_unix_name_or_all(world: World, key: Any) -> None:
    query = SITEWORX + "querySiteworxAccounts"
    everything = rows(world, key, query, "map")
    assert [one["domain"] for one in everything] == ["a.test", "b.test", "r.test"]
    assert everything[0] == details()
    assert [list(one) for one in everything] == [list(PROPERTIES)] * 3
    assert list(PROPERTIES)[:19] == [
        "id", "domain", "unixuser", "status", "inactive_msg", "nickname", "email", "ip", "package_name",
        "storage", "storage_used", "bandwidth", "bandwidth_used", "ftp_accounts", "mysql_dbs", "email_boxes",
        "subdomains", "pointer_domains", "slave_domains",
    ]  # fmt: skip
    assert rows(world, key, query, "map", domain="a.test") == [details()]
    assert rows(world, key, query, "map", unixuser="aaaa") == [details()]
    assert rows(world, key, query, "map", unixuser="aaaa", domain=["a.test", "a.test"]) == [details()]
    assert rows(world, key, query, "map", domain=["b.test", "a.test"]) == [everything[1], everything[0]]
    assert payload(world, key, SITEWORX + "querySiteworxAccountDetails", domain="a.test") == details()


def test_only_the_properties_that_are_asked_for_are_told(world: World, key: Any) -> None:
    query = SITEWORX + "querySiteworxAccounts"
    asked = ["status", "id", "OPT_STORAGE"]
    assert rows(world, key, query, "map", domain="a.test", account_data=asked) == [
        {"id": 1, "status": "inactive", "OPT_STORAGE": 100}
    ]
    lines = refusal(world, key, query, account_data=["id", "shoe_size"])
    assert lines[1].startswith("account_data: shoe_size This is not a valid option")


def test_who_is_not_there_is_named_in_the_words_that_clients_search_for(world: World, key: Any) -> None:
    query = SITEWORX + "querySiteworxAccounts"
    lines = refusal(world, key, query, domain=["a.test", "x.test"], unixuser="Nobody!")
    assert lines[1].startswith("domain: x.test This is not a valid option")
    assert lines[2].startswith("unixuser: Nobody! This is not a valid option")
    assert refusal(world, key, query, domain="a.test", unixuser="bbbb")[1].startswith(
        "unixuser: bbbb This is"
    )


def test_the_short_lists(world: World, key: Any) -> None:
    assert rows(world, key, SITEWORX + "listSiteworxAccounts", "map") == [
        {"id": 1, "status": "inactive", "domain": "a.test"},
        {"id": 2, "status": "active", "domain": "b.test"},
        {"id": 3, "status": "active", "domain": "r.test"},
    ]
    assert rows(world, key, SITEWORX + "listMasterDomains", "list") == [
        ["a.test", "a.test"], ["b.test", "b.test"], ["r.test", "r.test"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "shape"),
    [
        ("listAccounts", "object"),
        ("listDomainAccounts", "object"),
        ("querySiteworxAccounts", "map"),
        ("listSiteworxAccounts", "map"),
        ("listBandwidthAndStorage", "map"),
        ("listBandwidthAndStorageInMB", "map"),
    ],
)
def test_a_reseller_sees_its_own_and_no_other_is_there(
    world: World, key: Any, action: str, shape: str
) -> None:
    reseller = world.reseller("second@example.com")
    assert reseller.apikey is not None
    mine = reseller.apikey.reveal
    assert rows(world, mine, SITEWORX + action, shape) == []
    world.open("mine.test", reseller)
    assert [one["domain"] for one in rows(world, mine, SITEWORX + action, shape)] == ["mine.test"]
    for name, value in (("domain", "a.test"), ("unixuser", "aaaa")):
        assert refusal(world, mine, SITEWORX + "querySiteworxAccounts", **{name: value})[1].startswith(
            f"{name}: {value} This is not a valid option"
        )


def test_a_closed_account_is_in_no_list(world: World, key: Any) -> None:
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    for action, shape in (("listAccounts", "object"), ("querySiteworxAccounts", "map")):
        told = rows(world, key, SITEWORX + action, shape)
        assert [one["domain"] for one in told] == ["b.test", "r.test"]


def test_all_accounts_are_read_by_one_statement(world: World, key: Any) -> None:
    said: list[str] = []
    with world.panel.database.snapshot() as tx:
        tx._connection.set_trace_callback(said.append)
        found = Usages(tx, 1, True, world.clock()).details()
        tx._connection.set_trace_callback(None)
    assert len(found) == 3
    assert len([sql for sql in said if sql.startswith("select")]) == 1


def test_a_domain_beside_the_key_is_harmless(world: World, key: Any) -> None:
    told = rows(world, {"apikey": key, "domain": "a.test"}, SITEWORX + "listAccounts", "object")
    assert [one["domain"] for one in told] == ["a.test", "b.test", "r.test"]
