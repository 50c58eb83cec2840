"""`/nodeworx/ip`: the server's pool of IP addresses."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.call import Call
from iwapi.core.addresses import PoolAddress
from iwapi.core.nothing import Nothing
from iwapi.errors import InvalidInput, Problem
from iwapi.kinds import Address, Flag

_INTERNAL = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"))
)
"""Networks that the internet does not reach."""


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


def _object(address: PoolAddress) -> dict[str, Any]:
    value = ip_address(address.address)
    return {
        "ipaddr": address.address,
        "is_internal": int(any(value in network for network in _INTERNAL)),
        "is_shared": int(address.shared),
        "version": value.version,
    }


@action(scope="addresses:read", route=Route("listIpAddresses", _object, "objects"))
def list_ip_addresses(call: Call, _: Nothing) -> tuple[PoolAddress, ...]:
    """The IP addresses that the caller's accounts may have, those that are taken too, in the pool's order."""
    return call.addresses.all()
