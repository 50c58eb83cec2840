"""Reports: free addresses, what accounts use, and an account with its use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._details import as_map, details
from iwapi.actions.nodeworx.siteworx._shared import Which
from iwapi.call import Call
from iwapi.core.accounts import Details, Usage
from iwapi.core.addresses import PoolAddress
from iwapi.core.nothing import Nothing
from iwapi.core.usage import MB_IN_GB
from iwapi.errors import AccountNotFound
from iwapi.kinds import UNLIMITED, Domain, Flag


@dataclass(frozen=True)
class Pool:
    """Which addresses."""

    ipv6: Flag = arg("IPv6 addresses in place of IPv4", default=False)


@dataclass(frozen=True)
class FreeIps:
    """Addresses of the pool."""

    addresses: tuple[PoolAddress, ...] = arg("the addresses, in the order in which the server chooses")


@dataclass(frozen=True)
class Perhaps:
    """One account, or all."""

    domain: Domain | None = arg(
        "the account's main domain; all accounts when absent",
        old=("domainname", "master_domain"), default=None,
    )  # fmt: skip


def _label(address: PoolAddress) -> list[str]:
    """An address and its label: clients look for the word "shared" in it, not at its start."""
    return [address.address, f"{address.address} (shared)" if address.shared else address.address]


def _labels(pool: FreeIps) -> list[list[str]]:
    return [_label(address) for address in pool.addresses]


@action("listFreeIps", scope="addresses:read", route=Route("listFreeIps", _labels, "lists"))
def list_free_ips(call: Call, which: Pool) -> FreeIps:
    """The addresses that a new account may get."""
    return FreeIps(addresses=call.addresses.free(6 if which.ipv6 else 4))


@action(scope="addresses:read", route=Route("listSharedFreeIps", _label, "lists"))
def list_shared_free_ips(call: Call, _: Nothing) -> tuple[PoolAddress, ...]:
    """The IPv4 addresses that a new account may get and shares with others."""
    return call.addresses.free(4, "shared")


@action(scope="addresses:read", route=Route("listDedicatedFreeIps", _label, "lists"))
def list_dedicated_free_ips(call: Call, _: Nothing) -> tuple[PoolAddress, ...]:
    """The IPv4 addresses that a new account may get for itself."""
    return call.addresses.free(4, "dedicated")


def _used(call: Call, domain: str) -> Usage:
    return call.usage.of_account(call.account(domain).siteworx_id).told


def _of_one_or_all(call: Call, domain: str | None) -> tuple[Usage, ...]:
    if domain is not None:
        return (_used(call, domain),)
    return tuple(row.told for row in call.usage.of_all())


@action("getUsage", scope="usage:read", raises=(AccountNotFound,))
def get_usage(call: Call, which: Which) -> Usage:
    """What an account uses: disk space as last measured, traffic of this calendar month in UTC."""
    return _used(call, which.domain)


def _in_mb(row: Usage) -> dict[str, Any]:
    return {
        "id": row.siteworx_id, "domain": row.master_domain, "bandwidth_used": row.bandwidth_used,
        "bandwidth": row.bandwidth, "storage_used": row.storage_used, "storage": row.storage,
    }  # fmt: skip


def _limit_in_gb(row: Usage) -> dict[str, Any]:
    """The traffic that is used stays in MB, as the old modules expect it."""
    unlimited = row.bandwidth == UNLIMITED
    return {**_in_mb(row), "bandwidth": UNLIMITED if unlimited else row.bandwidth // MB_IN_GB}


@action(
    scope="usage:read", raises=(AccountNotFound,),
    route=Route("listBandwidthAndStorageInMB", _in_mb, "maps"),
)  # fmt: skip
def list_bandwidth_and_storage_in_mb(call: Call, which: Perhaps) -> tuple[Usage, ...]:
    """What accounts use and may use, everything in MB."""
    return _of_one_or_all(call, which.domain)


@action(
    scope="usage:read", raises=(AccountNotFound,),
    route=Route("listBandwidthAndStorage", _limit_in_gb, "maps"),
)  # fmt: skip
def list_bandwidth_and_storage(call: Call, which: Perhaps) -> tuple[Usage, ...]:
    """What accounts use and may use: the traffic that is allowed in GB, all else in MB."""
    return _of_one_or_all(call, which.domain)


@action(
    scope="accounts:read", raises=(AccountNotFound,),
    route=Route("querySiteworxAccountDetails", as_map, "map"),
)  # fmt: skip
def query_siteworx_account_details(call: Call, which: Which) -> Details:
    """One account, its limits and its use; any status but 0 says that there is no such account."""
    return details(call, call.account(which.domain))
