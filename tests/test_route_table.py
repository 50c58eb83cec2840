"""The actions that billing systems use, each with the shape in which clients index its answer; and that all
others which InterWorx's users know are told as not offered."""

from __future__ import annotations

from typing import Any

import pytest

import iwapi.actions
from iwapi.action import collect
from iwapi.wires.route import interworx
from tests.helpers import World
from tests.routing import by_key, refusal, route

TABLE = {
    "/nodeworx/siteworx": {
        "listFreeIps": "lists", "listSharedFreeIps": "lists", "listDedicatedFreeIps": "lists",
        "add": "sentence", "edit": "sentence", "delete": "sentence", "suspend": "sentence",
        "unsuspend": "sentence", "suspendByUser": "sentence", "unsuspendByUser": "sentence",
        "querySiteworxAccountDetails": "map", "querySiteworxAccounts": "maps",
        "listAccounts": "objects", "listDomainAccounts": "objects",
        "listBandwidthAndStorageInMB": "maps", "listBandwidthAndStorage": "maps",
        "siteworxLogin": "sentence",
    },
    "/nodeworx/packages": {
        "listDetails": "maps", "listPackages": "objects", "add": "sentence", "edit": "sentence",
        "delete": "sentence",
    },
    "/nodeworx/reseller/packages": {"listDetails": "maps", "listResellerPackages": "objects"},
    "/nodeworx/reseller": {
        "listIds": "lists", "listResellers": "objects", "queryResellerDetails": "map", "add": "map",
        "edit": "sentence", "delete": "sentence",
    },
    "/nodeworx/users": {"listWorkingUser": "map", "isReseller": "flag"},
    "/nodeworx/ip": {"listIpAddresses": "objects"},
    "/nodeworx/overview": {"listVersion": "map"},
    "/nodeworx/index": {"getSession": "sentence"},
    "/nodeworx/apikey": {"generate": "sentence", "delete": "sentence", "listApikey": "sentence"},
    "/siteworx/ftp": {"listFtpAccounts": "objects"},
    "/siteworx/email/box": {"listEmailBoxes": "objects"},
    "/siteworx/email/alias": {"listEmailAliases": "objects"},
    "/siteworx/mysql/db": {"listMysqlDatabases": "objects"},
    "/siteworx/mysql/user": {"listMysqlUsers": "objects"},
    "/siteworx/cron": {"list": "maps", "queryJobs": "maps"},
    "/siteworx/backup": {
        "listAllBackups": "objects", "listDailyBackups": "objects", "listWeeklyBackups": "objects",
        "listMonthlyBackups": "objects",
    },
    "/siteworx/backup/schedule": {"listScheduled": "objects"},
    "/siteworx/users": {
        "listUsers": "maps", "listWorkingUser": "map", "add": "sentence", "edit": "sentence",
        "delete": "sentence", "activate": "sentence", "deactivate": "sentence",
    },
    "/siteworx/domains/sub": {"add": "sentence", "delete": "sentence"},
    "/siteworx/domains/pointer": {"add": "sentence", "delete": "sentence"},
    "/siteworx/domains/slave": {"add": "sentence", "delete": "sentence"},
    "/siteworx/dns": {"queryDnsRecords": "objects", "addA": "sentence", "delete": "sentence"},
}  # fmt: skip
"""The shape of every action that the contract names, by controller."""

ROWS = [(controller, name, shape) for controller, names in TABLE.items() for name, shape in names.items()]
ROUTED = collect(iwapi.actions).routed
NOT_OFFERED = [
    f"{controller}/{name}" for controller, names in interworx().items() for name in names
    if (controller, name) not in ROUTED
]  # fmt: skip


@pytest.mark.parametrize(("controller", "name", "shape"), ROWS)
def test_what_billing_systems_use_is_declared_in_the_shape_that_they_index(
    controller: str, name: str, shape: str
) -> None:
    found = ROUTED[controller, name].route
    assert found is not None
    assert found.shape == shape


def test_what_is_known_and_not_offered_is_told_with_the_nearest_that_is(world: World) -> None:
    key = by_key(world)
    assert len(NOT_OFFERED) > 300
    for path in NOT_OFFERED:
        controller, _, name = path.rpartition("/")
        (line,) = refusal(world, key, path)
        asked, told = line.split(" is not offered by this server. The nearest that it offers is ")
        assert asked == f"{controller} {name}"
        near, _, action = told.removesuffix(".").partition(" ")
        assert (near, action) in ROUTED
        offered_there = any(one == controller for one, _ in ROUTED)
        assert (near == controller) == offered_there


@pytest.mark.parametrize(
    "path", ["/nodeworx/siteworx/nothing", "/nothing/at/all", "//", "/nodeworx/siteworx/", "x/é"]
)
def test_a_name_that_nobody_knows_is_told_the_same(world: World, path: str) -> None:
    (line,) = refusal(world, by_key(world), path)
    assert " is not offered by this server. The nearest that it offers is /" in line


def test_a_name_without_an_end_costs_nothing(world: World) -> None:
    (line,) = refusal(world, by_key(world), f"/{'a' * 60_000}/{'b' * 60_000}")
    assert len(line) < 600


@pytest.mark.parametrize("who", ["reseller", "scoped"])
def test_every_caller_is_told_what_is_not_offered(world: World, who: str) -> None:
    caller: Any = world.reseller() if who == "reseller" else world.scoped_key("ping")
    (line,) = refusal(world, caller.apikey.reveal, "/siteworx/ftp/add")
    assert line.startswith("/siteworx/ftp add is not offered by this server.")
    status, told = route(world, "no key", "/siteworx/ftp/add")
    assert (status, told.split("\n")[0]) == (401, "The credentials were not accepted.")
