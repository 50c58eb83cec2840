"""An account in one map, as InterWorx's users know it: the options by their old names and by their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.accounts import Account, Details
from iwapi.core.usage import gigabytes

_OLD = {name.removeprefix("OPT_").lower(): name for name in limits.NAMES}

PROPERTIES = tuple(
    dict.fromkeys(
        ("id", "domain", "unixuser", "status", "inactive_msg", "nickname", "email", "ip", "package_name",
         "storage", "storage_used", "bandwidth", "bandwidth_used", "ftp_accounts", "mysql_dbs", "email_boxes",
         "subdomains", "pointer_domains", "slave_domains", *_OLD, *limits.NAMES)
    )
)  # fmt: skip
"""The map's keys, in its order."""


def details(call: Call, account: Account) -> Details:
    return Details(account=account, usage=call.usage.of_account(account.siteworx_id).told)


def as_map(of: Details, wanted: Sequence[str] = ()) -> dict[str, Any]:
    """The map; of the wanted properties only, where some are named."""
    account = of.account
    options = {name: int(getattr(account, name)) for name in limits.NAMES}
    told = {
        "id": account.siteworx_id, "domain": account.master_domain, "unixuser": account.uniqname,
        "status": account.status, "inactive_msg": account.inactive_msg, "nickname": account.nickname,
        "email": account.email, "ip": account.master_domain_ipv4 or account.master_domain_ipv6 or "",
        "package_name": account.package_name or "", **{old: options[name] for old, name in _OLD.items()},
        "storage_used": of.usage.storage_used, "bandwidth_used": gigabytes(of.usage.bandwidth_bytes),
        **options,
    }  # fmt: skip
    return {name: told[name] for name in PROPERTIES if not wanted or name in wanted}
