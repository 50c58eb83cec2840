"""Permissions: what each kind of user may do, as the scopes of actions. What is not named here is denied.

A master administrator and its keys without scopes may do everything. InterWorx's own names of permissions
stand for scopes, so that callers can be told what they may do in words they know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ANY_SITE = frozenset({"site:read"})
_DOMAINS = frozenset({"domains:read", "domains:edit"})

SITE: Mapping[str, frozenset[str]] = {
    "LOGIN": _ANY_SITE,
    "EMAIL": frozenset({"email:read"}),
    "STATS": frozenset(),
    "FTP": frozenset({"ftp:read"}),
    "LOGS": frozenset(),
    "MYSQL": frozenset({"mysql:read"}),
    "BACKUP": frozenset({"backup:read"}),
    "SUBDOMAINS": _DOMAINS,
    "POINTERDOMS": _DOMAINS,
    "SLAVEDOMS": _DOMAINS,
    "PREFERENCES": frozenset(),
    "USERS": frozenset({"siteusers:read", "siteusers:edit"}),
    "CRONTAB": frozenset({"cron:read"}),
    "DNS": frozenset({"dns:read", "dns:edit"}),
    "SSL": frozenset(),
    "FILEMANAGER": frozenset(),
    "HTACCESS": frozenset(),
    "RUBYONRAILS": frozenset(),
    "simplescripts": frozenset(),
}
"""What a user of a SiteWorx account may do, by InterWorx's names; the account's own log-in may do all.

Those without a scope stand for what this server does not offer."""

SITE_OWNER = frozenset({"sessions:edit"}).union(*SITE.values())

NODEWORX: Mapping[str, frozenset[str]] = {
    "LOGIN": frozenset({"ping", "users:read", "users:edit", "sessions:edit", "server:read"}),
    "SWACCOUNTS": frozenset(
        {"accounts:create", "accounts:read", "accounts:edit", "accounts:suspend", "accounts:restrict",
         "accounts:delete", "usage:read", "addresses:read", "logins:create", "jobs:read",
         "jobs:cancel", "closed:delete"}
    ),
    "PACKAGES": frozenset({"packages:read", "packages:edit"}),
    "APIKEY": frozenset({"keys:read", "keys:edit"}),
    "RESELLER": frozenset({"resellers:read", "resellers:create", "resellers:edit", "resellers:delete",
                           "resellers:suspend"}),
    "IPS": frozenset({"addresses:read", "addresses:edit"}),
    "EMAIL": SITE["EMAIL"],
    "FTP": SITE["FTP"],
    "MYSQL": SITE["MYSQL"],
    "DNS": frozenset({"dns:read", "dns:edit"}),
    "BRESTORE": frozenset({"backup:read"}),
    "CRON": frozenset({"cron:read"}),
}  # fmt: skip
"""What a NodeWorx user may do, by InterWorx's names, so far as this server offers it."""

_NOT_OF_RESELLERS = NODEWORX["RESELLER"] | {"addresses:edit"}

RESELLER = frozenset().union(*NODEWORX.values(), SITE_OWNER) - _NOT_OF_RESELLERS
"""What a reseller may do, within its own accounts."""


def scopes_of(perms: Iterable[str]) -> frozenset[str]:
    """The scopes of a SiteWorx user with these permissions."""
    return _ANY_SITE.union(*(SITE[name] for name in perms if name in SITE))


def reading(scopes: frozenset[str]) -> frozenset[str]:
    """Those of the scopes that change nothing: what is left to a user who is suspended."""
    return frozenset(scope for scope in scopes if scope.endswith(":read"))


def perms_of(scopes: frozenset[str] | None) -> tuple[str, ...]:
    """InterWorx's permissions that a NodeWorx user with these scopes has whole; None is all of them."""
    return tuple(name for name, needed in NODEWORX.items() if scopes is None or needed <= scopes)
