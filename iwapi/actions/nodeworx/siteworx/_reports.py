"""Reports: free addresses, what accounts use, and an account with its use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.siteworx._life import Which
from iwapi.call import Call
from iwapi.core.accounts import Details, Usage
from iwapi.core.addresses import PoolAddress
from iwapi.core.nothing import Nothing
from iwapi.core.usage import UsageRow, gigabytes
from iwapi.errors import AccountNotFound
from iwapi.kinds import Domain, Flag


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


@action(scope="addresses:read", route=Route("listDedicatedFreeIps", _label, "lists"))
def list_dedicated_free_ips(call: Call, _: Nothing) -> tuple[PoolAddress, ...]:
    """The IPv4 addresses that a new account may get for itself."""
    return call.addresses.free(4, "dedicated")


def _usage(row: UsageRow) -> Usage:
    return Usage(
        siteworx_id=row.account_id, master_domain=row.domain, storage_used=row.storage_mb,
        storage=row.OPT_STORAGE, bandwidth_used=row.traffic_mb, bandwidth=row.bandwidth_mb,
        storage_bytes=row.storage_bytes, bandwidth_bytes=row.traffic_bytes,
    )  # fmt: skip


@action("getUsage", scope="usage:read", raises=(AccountNotFound,))
def get_usage(call: Call, which: Which) -> Usage:
    """What an account uses: disk space as last measured, traffic of this calendar month in UTC."""
    return _usage(call.usage.of_account(call.account(which.domain).siteworx_id))


def _in_mb(row: Usage) -> dict[str, Any]:
    return {
        "id": row.siteworx_id, "domain": row.master_domain, "bandwidth_used": row.bandwidth_used,
        "bandwidth": row.bandwidth, "storage_used": row.storage_used, "storage": row.storage,
    }  # fmt: skip


@action(
    scope="usage:read", raises=(AccountNotFound,),
    route=Route("listBandwidthAndStorageInMB", _in_mb, "maps"),
)  # fmt: skip
def list_bandwidth_and_storage_in_mb(call: Call, which: Perhaps) -> tuple[Usage, ...]:
    """What accounts use and may use, everything in MB."""
    if which.domain is None:
        return tuple(map(_usage, call.usage.of_all()))
    return (_usage(call.usage.of_account(call.account(which.domain).siteworx_id)),)


def _details(of: Details) -> dict[str, Any]:
    """One map in the words of InterWorx; the options are there by their old names and by their own."""
    account = of.account
    options = {name: int(getattr(account, name)) for name in vars(account) if name.startswith("OPT_")}
    old = {name.removeprefix("OPT_").lower(): value for name, value in options.items()}
    return {
        "id": account.siteworx_id, "domain": account.master_domain, "unixuser": account.uniqname,
        "status": account.status, "inactive_msg": account.inactive_msg, "nickname": account.nickname,
        "email": account.email, "ip": account.master_domain_ipv4 or account.master_domain_ipv6 or "",
        "package_name": account.package_name or "", **old, "storage_used": of.usage.storage_used,
        "bandwidth_used": gigabytes(of.usage.bandwidth_bytes), **options,
    }  # fmt: skip


@action(
    scope="accounts:read", raises=(AccountNotFound,),
    route=Route("querySiteworxAccountDetails", _details, "map"),
)  # fmt: skip
def query_siteworx_account_details(call: Call, which: Which) -> Details:
    """One account, its limits and its use; any status but 0 says that there is no such account."""
    account = call.account(which.domain)
    return Details(account=account, usage=_usage(call.usage.of_account(account.siteworx_id)))
