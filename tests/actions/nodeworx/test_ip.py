"""The pool of IP addresses."""

from __future__ import annotations

from iwapi.errors import InvalidInput
from tests.helpers import DEDICATED, IPV6, SHARED, World
from tests.routing import by_key, rows


def pool(world: World) -> list[tuple[str, bool]]:
    return [(one.address, one.shared) for one in world.call("listFreeIps").addresses]


def test_a_new_address_is_the_last_that_is_chosen(world: World) -> None:
    before = pool(world)
    added = world.call("addIpAddress", {"address": "192.0.2.99"})
    assert (added.address, added.shared) == ("192.0.2.99", True)
    shared = [one for one in before if one[1]]
    assert pool(world) == [*shared, ("192.0.2.99", True), *before[len(shared) :]]


def test_an_account_may_have_it_for_itself(world: World, cheap_passwords: None) -> None:
    world.call("addIpAddress", {"address": "192.0.2.99", "shared": "0"})
    assert world.open(master_domain_ipv4="192.0.2.99").master_domain_ipv4 == "192.0.2.99"
    assert ("192.0.2.99", False) not in pool(world)


def test_a_repeat_answers_the_same_and_another_use_is_refused(world: World) -> None:
    before = pool(world)
    assert world.call("addIpAddress", {"address": SHARED}).shared
    error = world.refused("addIpAddress", {"address": DEDICATED[0]})
    assert type(error) is InvalidInput
    assert [str(one) for one in error.problems] == ["shared: true The pool has this address as dedicated"]
    assert pool(world) == before


def test_every_address_is_told_those_that_are_taken_too(world: World, cheap_passwords: None) -> None:
    world.open(master_domain_ipv4=DEDICATED[0])
    for address in ("10.1.2.3", "172.32.0.1", "fd00::5"):
        world.call("addIpAddress", {"address": address})
    told = rows(world, by_key(world), "/nodeworx/ip/listIpAddresses", "object")
    assert told == [
        {"ipaddr": address, "is_internal": internal, "is_shared": shared, "version": version}
        for address, internal, shared, version in (
            (SHARED, 0, 1, 4), (DEDICATED[0], 0, 0, 4), (DEDICATED[1], 0, 0, 4), (IPV6, 0, 1, 6),
            ("10.1.2.3", 1, 1, 4), ("172.32.0.1", 0, 1, 4), ("fd00::5", 1, 1, 6),
        )
    ]  # fmt: skip
    assert list(told[0])[:2] == ["ipaddr", "is_internal"]


def test_a_reseller_is_told_the_addresses_that_its_accounts_may_have(world: World) -> None:
    reseller = world.reseller()
    assert reseller.apikey is not None
    told = rows(world, reseller.apikey.reveal, "/nodeworx/ip/listIpAddresses", "object")
    assert [one["ipaddr"] for one in told] == [SHARED, IPV6]
