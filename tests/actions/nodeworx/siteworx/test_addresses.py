"""The addresses that a reseller's accounts may have."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.errors import AddressNotFree, NoFreeAddress
from iwapi.kinds import Raw
from iwapi.wires.routecall import Rows
from tests.helpers import DEDICATED, IPV6, LOCAL, SHARED, World, opening, selling
from tests.routing import key_of, route

SMALL = {"OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
SECOND = "192.0.2.2"


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def reseller(world: World, email: str = "reseller@example.com", **raw: Raw) -> Credentials:
    made = world.call("createReseller", selling(email, **raw))
    key = world.call("generateApiKey", {"nodeworx_id": str(made.reseller_id)}).apikey
    return Credentials(apikey=key, address="198.51.100.7")


def free(world: World, by: Credentials, **raw: Raw) -> list[str]:
    return [item.address for item in world.call("listFreeIps", raw, by).addresses]


def dedicated(world: World, by: Credentials) -> list[str]:
    return [item.address for item in world.call("listDedicatedFreeIps", by=by)]


def refused(world: World, by: Credentials, **raw: str) -> Any:
    return world.refused("createSiteWorxAccount", opening("x.test", **SMALL, **raw), by)


def test_without_addresses_of_its_own_a_reseller_has_every_shared_one(world: World) -> None:
    by = reseller(world)
    world.call("addIpAddress", {"address": SECOND})
    assert free(world, by) == [SHARED, SECOND]
    assert free(world, by, ipv6="1") == [IPV6]
    assert dedicated(world, by) == []
    assert free(world, LOCAL) == [SHARED, SECOND, *DEDICATED]
    assert type(refused(world, by, master_domain_ipv4=DEDICATED[0])) is AddressNotFree
    account = world.open("a.test", by, **SMALL, master_domain_ipv4=SECOND)
    assert (account.master_domain_ipv4, account.master_domain_ipv6) == (SECOND, IPV6)


def test_with_addresses_named_its_accounts_get_only_those_the_shared_first(world: World) -> None:
    world.call("addIpAddress", {"address": SECOND})
    by = reseller(world, RSL_OPT_SITEWORX_ACCOUNTS="9", ipv4=[DEDICATED[0], SECOND])
    assert free(world, by) == [SECOND, DEDICATED[0]]
    assert dedicated(world, by) == [DEDICATED[0]]
    assert free(world, by, ipv6="1") == [IPV6]  # nothing is said of IPv6
    for address in (SHARED, DEDICATED[1], "203.0.113.1"):
        error = refused(world, by, master_domain_ipv4=address)
        assert type(error) is AddressNotFree
        assert error.problems[0].value == address
    assert world.open("a.test", by, **SMALL).master_domain_ipv4 == SECOND
    world.open("b.test", by, **SMALL, master_domain_ipv4=DEDICATED[0])
    assert free(world, by) == [SECOND]
    for address in (DEDICATED[0], SHARED):  # what another has is told like what there is not
        told = refused(world, by, master_domain_ipv4=address)
        assert told.message.replace(address, "") == error.message.replace(error.problems[0].value, "")


def test_with_dedicated_addresses_alone_each_account_takes_one(world: World) -> None:
    by = reseller(world, RSL_OPT_SITEWORX_ACCOUNTS="9", ipv4=list(DEDICATED))
    world.panel.database.change(lambda tx: tx.run("delete from address where version = 6"))
    assert world.open("a.test", by, **SMALL).master_domain_ipv4 == DEDICATED[0]
    assert world.open("b.test", by, **SMALL).master_domain_ipv4 == DEDICATED[1]
    assert type(refused(world, by)) is NoFreeAddress


def test_the_master_s_accounts_leave_a_reseller_s_dedicated_address_alone(world: World) -> None:
    by = reseller(world, ipv4=[SHARED, DEDICATED[0]])
    assert free(world, LOCAL) == [SHARED, DEDICATED[1]]
    assert dedicated(world, LOCAL) == [DEDICATED[1]]
    assert type(refused(world, LOCAL, master_domain_ipv4=DEDICATED[0])) is AddressNotFree
    world.panel.database.change(lambda tx: tx.run("update address set shared = 0 where address = ?", SHARED))
    assert world.open("master.test").master_domain_ipv4 == DEDICATED[1]
    assert world.open("a.test", by, **SMALL, master_domain_ipv4=DEDICATED[0]).master_domain_ipv4


def test_an_account_keeps_an_address_that_its_reseller_may_give_no_more(world: World) -> None:
    made = world.call("createReseller", selling(ipv4=[DEDICATED[0]]))
    which = {"reseller_id": str(made.reseller_id)}
    key = world.call("generateApiKey", {"nodeworx_id": which["reseller_id"]}).apikey
    by = Credentials(apikey=key, address="198.51.100.7")
    world.open("a.test", by, **SMALL)
    world.call("editReseller", {**which, "ipv4": [SHARED]})
    assert world.call("getSiteWorxAccount", {"domain": "a.test"}, by).master_domain_ipv4 == DEDICATED[0]
    assert free(world, by) == [SHARED]
    assert DEDICATED[0] not in free(world, LOCAL)


def test_on_route_a_reseller_sees_its_own_addresses_alone(world: World) -> None:
    by = reseller(world, ipv4=[SHARED, DEDICATED[1]])
    assert route(world, key_of(by), "/nodeworx/siteworx/listFreeIps") == (
        0, Rows("list", [[SHARED, f"{SHARED} (shared)"], [DEDICATED[1], DEDICATED[1]]])
    )  # fmt: skip
    assert route(world, key_of(by), "/nodeworx/siteworx/listDedicatedFreeIps") == (
        0, Rows("list", [[DEDICATED[1], DEDICATED[1]]])
    )  # fmt: skip


def test_no_account_is_left_without_ipv4_because_the_last_address_is_taken(world: World) -> None:
    by = reseller(world, RSL_OPT_SITEWORX_ACCOUNTS="9", ipv4=[DEDICATED[0]])
    world.open("a.test", by, **SMALL)
    assert type(refused(world, by)) is NoFreeAddress  # though there is an IPv6 address
