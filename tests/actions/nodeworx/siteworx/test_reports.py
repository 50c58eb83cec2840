"""Reports in the units and words of InterWorx."""

from __future__ import annotations

import pytest

from iwapi.core import limits
from iwapi.core.usage import MB
from iwapi.errors import AccountNotFound
from iwapi.kinds import UNLIMITED
from iwapi.store import usage
from tests.helpers import DEDICATED, IPV6, SHARED, World, action
from tests.routing import by_key, rows


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def used(world: World, domain: str, stored: int, sent: int) -> None:
    account_id = world.call("getSiteWorxAccount", {"domain": domain}).siteworx_id
    world.panel.database.change(
        lambda tx: (
            usage.set_sizes(tx, {account_id: stored}, 0),
            usage.add_traffic(tx, {account_id: sent}, world.clock.now),
        )
    )


def test_usage_is_told_in_megabytes_and_in_bytes(world: World) -> None:
    world.open("a.test", OPT_STORAGE="5000", OPT_BANDWIDTH="7")
    used(world, "a.test", 3 * MB + 1, 2 * MB)
    use = world.call("getUsage", {"domain": "a.test"})
    assert (use.storage_used, use.storage, use.storage_bytes) == (4, 5000, 3 * MB + 1)
    assert (use.bandwidth_used, use.bandwidth, use.bandwidth_bytes) == (2, 7 * 1024, 2 * MB)


def test_unlimited_stays_the_one_number_that_says_so(world: World) -> None:
    world.open("a.test", OPT_STORAGE=str(UNLIMITED), OPT_BANDWIDTH=str(UNLIMITED))
    use = world.call("getUsage", {"domain": "a.test"})
    assert (use.storage, use.bandwidth) == (UNLIMITED, UNLIMITED)


def test_one_account_or_all_in_megabytes(world: World) -> None:
    for name in "ab":
        world.open(f"{name}.test")
        used(world, f"{name}.test", MB, MB)
    name = "listBandwidthAndStorageInMB"
    assert [row.master_domain for row in world.call(name)] == ["a.test", "b.test"]
    (row,) = world.call(name, {"domainname": "b.test"}, strict=False)
    route = action(world.panel.catalogue, name).route
    assert route is not None
    assert route.answer(row) == {
        "id": row.siteworx_id, "domain": "b.test", "bandwidth_used": 1, "bandwidth": 10240, "storage_used": 1,
        "storage": 10,
    }  # fmt: skip
    assert type(world.refused(name, {"domain": "c.test"})) is AccountNotFound


def test_the_limit_of_traffic_is_in_gb_where_old_modules_expect_it(world: World) -> None:
    world.open("a.test", OPT_STORAGE="20", OPT_BANDWIDTH="7")
    sizes = {"OPT_STORAGE": str(UNLIMITED), "OPT_BANDWIDTH": str(UNLIMITED)}
    world.open("b.test", **sizes)
    used(world, "a.test", 3 * MB, 3072 * MB)
    key = by_key(world)
    a = {
        "id": 1,
        "domain": "a.test",
        "bandwidth_used": 3072,
        "bandwidth": 7,
        "storage_used": 3,
        "storage": 20,
    }
    b = {"id": 2, "domain": "b.test", "bandwidth_used": 0, "bandwidth": UNLIMITED, "storage_used": 0,
         "storage": UNLIMITED}  # fmt: skip
    listed = "/nodeworx/siteworx/listBandwidthAndStorage"
    assert rows(world, key, listed, "map") == [a, b]
    assert rows(world, key, listed, "map", domain="a.test") == [a]
    assert rows(world, key, listed + "InMB", "map") == [a | {"bandwidth": 7168}, b]
    assert list(rows(world, key, listed, "map")[0]) == list(a)


def test_an_account_s_details_are_one_map_in_the_words_of_interworx(world: World) -> None:
    world.open("a.test", OPT_SSL="1", OPT_EMAIL_BOXES="3", nickname="A", uniqname="aaaa")
    world.call("suspendSiteWorxAccount", {"domain": "a.test", "message": "unpaid"})
    used(world, "a.test", 5 * MB, 1536 * MB)
    name = "querySiteworxAccountDetails"
    route = action(world.panel.catalogue, name).route
    assert route is not None
    told = route.answer(world.call(name, {"domain": "a.test"}))
    wanted = {
        "id": 1, "domain": "a.test", "unixuser": "aaaa", "status": "inactive", "inactive_msg": "unpaid",
        "nickname": "A", "email": "me@example.com", "ip": SHARED, "package_name": "", "storage": 10,
        "storage_used": 5, "bandwidth": 10, "bandwidth_used": 2, "ftp_accounts": 0, "mysql_dbs": 0,
        "email_boxes": 3, "subdomains": 0, "pointer_domains": 0, "slave_domains": 0,
    }  # fmt: skip
    assert {name: told[name] for name in wanted} == wanted
    assert {name: told[name] for name in limits.NAMES} == {
        **dict.fromkeys(limits.NAMES, 0), "OPT_STORAGE": 10, "OPT_BANDWIDTH": 10, "OPT_SSL": 1,
        "OPT_EMAIL_BOXES": 3,
    }  # fmt: skip
    assert {type(value) for value in told.values()} == {int, str}  # flags are 0 and 1 there


def test_free_addresses_are_told_with_the_word_that_clients_look_for(world: World) -> None:
    pool = world.call("listFreeIps", {})
    route = action(world.panel.catalogue, "listFreeIps").route
    assert route is not None
    assert route.answer(pool) == [
        [SHARED, f"{SHARED} (shared)"],
        *[[address, address] for address in DEDICATED],
    ]
    assert [item.address for item in world.call("listFreeIps", {"ipv6": "1"}).addresses] == [IPV6]
    assert [item.address for item in world.call("listDedicatedFreeIps")] == list(DEDICATED)
    key = by_key(world)
    assert rows(world, key, "/nodeworx/siteworx/listSharedFreeIps", "list") == [
        [SHARED, f"{SHARED} (shared)"]
    ]
    assert rows(world, key, "/nodeworx/siteworx/listDedicatedFreeIps", "list") == [
        [address, address] for address in DEDICATED
    ]
