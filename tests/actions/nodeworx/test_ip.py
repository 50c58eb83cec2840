"""The pool of IP addresses."""

from __future__ import annotations

from iwapi.errors import InvalidInput
from tests.helpers import DEDICATED, SHARED, World


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
