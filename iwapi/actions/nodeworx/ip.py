"""`/nodeworx/ip`: the server's pool of IP addresses."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import action, arg
from iwapi.call import Call
from iwapi.core.addresses import PoolAddress
from iwapi.errors import InvalidInput, Problem
from iwapi.kinds import Address, Flag


@dataclass(frozen=True)
class New:
    """An address for the pool."""

    address: Address = arg("the IP address; the machine must have it already")
    shared: Flag = arg("many accounts may have it; else it is one account's alone", default=True)


@action("addIpAddress", scope="addresses:edit", writes=True, service="admin")
def add(call: Call, wanted: New) -> PoolAddress:
    """Put an IP address into the pool, as the last that the server chooses. A repeat answers the same."""
    call.about = wanted.address
    found = call.addresses.find(wanted.address)
    if found is not None and found.shared != wanted.shared:
        has = "shared" if found.shared else "dedicated"
        value = str(wanted.shared).lower()
        raise InvalidInput(Problem("shared", value, f"The pool has this address as {has}"))
    call.addresses.add(wanted.address, wanted.shared)
    return PoolAddress(address=wanted.address, shared=wanted.shared)
