"""`/siteworx/overview`: the account that a call acts inside."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._details import as_map, details
from iwapi.actions._members import members
from iwapi.actions.nodeworx.overview import Version
from iwapi.call import Call
from iwapi.core.accounts import Account, Details
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import UNLIMITED, Megabytes


@dataclass(frozen=True)
class Space:
    """Disk space of an account."""

    storage: Megabytes = arg("disk space allowed, in MB")
    storage_used: Megabytes = arg("disk space used, in MB, rounded up")
    storage_free: Megabytes = arg("disk space left, in MB")


def _domain(account: Account) -> str:
    return account.master_domain


@action(scope="site:read", raises=(AccountNotFound,), route=Route("listVersion", members, "map"))
def list_version(call: Call, _: Nothing) -> Version:
    """The version of this server."""
    call.site()
    return Version(version=call.server.version)


@action(scope="site:read", raises=(AccountNotFound,), route=Route("listMasterDomain", _domain, "sentence"))
def list_master_domain(call: Call, _: Nothing) -> Account:
    """The account's main domain."""
    return call.site()


@action(scope="site:read", raises=(AccountNotFound,), route=Route("listWorkingDomain", _domain, "sentence"))
def list_working_domain(call: Call, _: Nothing) -> Account:
    """The domain that the call acts on: the account's main domain."""
    return call.site()


@action(scope="site:read", raises=(AccountNotFound,), route=Route("listAccountDetails", as_map, "map"))
def list_account_details(call: Call, _: Nothing) -> Details:
    """The account, its limits and its use."""
    return details(call, call.site())


@action(scope="site:read", raises=(AccountNotFound,), route=Route("listAvailableDiskSpace", members, "map"))
def list_available_disk_space(call: Call, _: Nothing) -> Space:
    """The account's disk space, and what is left of it."""
    used = call.usage.of_account(call.site().siteworx_id)
    unlimited = used.OPT_STORAGE == UNLIMITED
    free = UNLIMITED if unlimited else max(used.OPT_STORAGE - used.storage_mb, 0)
    return Space(storage=used.OPT_STORAGE, storage_used=used.storage_mb, storage_free=free)
