"""What follows from a change beside the change itself, in sentences: what is used beyond new limits, what
goes with what is closed or suspended, when a key was used last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from iwapi.core.differences import Difference
from iwapi.core.limits import NAMES
from iwapi.core.resellers import RESELLER, given_name
from iwapi.kinds import UNLIMITED

COUNTED = {
    "OPT_STORAGE": ("storage: {} MB used", "storage: {} MB used", "{} MB of storage"),
    "OPT_BANDWIDTH": (
        "traffic: {} GB used in this month", "traffic: {} GB used in this month", "{} GB of traffic",
    ),
    "OPT_EMAIL_ALIASES": ("{} e-mail alias", "{} e-mail aliases", "{} e-mail aliases"),
    "OPT_EMAIL_AUTORESPONDERS": ("{} autoresponder", "{} autoresponders", "{} autoresponders"),
    "OPT_EMAIL_BOXES": ("{} mailbox", "{} mailboxes", "{} mailboxes"),
    "OPT_EMAIL_GROUPS": ("{} e-mail group", "{} e-mail groups", "{} e-mail groups"),
    "OPT_FTP_ACCOUNTS": ("{} FTP account", "{} FTP accounts", "{} FTP accounts"),
    "OPT_MYSQL_DBS": ("{} database", "{} databases", "{} databases"),
    "OPT_MYSQL_DB_USERS": ("{} database user", "{} database users", "{} database users"),
    "OPT_POINTER_DOMAINS": ("{} pointer domain", "{} pointer domains", "{} pointer domains"),
    "OPT_SLAVE_DOMAINS": ("{} secondary domain", "{} secondary domains", "{} secondary domains"),
    "OPT_SUBDOMAINS": ("{} subdomain", "{} subdomains", "{} subdomains"),
}  # fmt: skip
"""How the use of an option is said: of one, of several, and as what was given of it."""


@dataclass(frozen=True)
class Kept:
    """What a closed account leaves behind: its sites, zones, further users, and MB on disk."""

    sites: int
    zones: int
    users: int
    storage_mb: int


@dataclass(frozen=True)
class Use:
    """When a key was used last: never, where that is None."""

    at: datetime | None = None
    address: str | None = None
    client: str | None = None


def _plural(count: int, one: str) -> str:
    return f"{count} {one}" + ("" if count == 1 else "s")


def _time(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if isinstance(at, datetime) else "an unknown time"


def _limits(account: Difference) -> str:
    """Whose limits those are that come."""
    return "the package allows" if account.differs("package_name") else "the limit is"


def beyond(account: Difference, used: Mapping[str, int]) -> Iterator[str]:
    """What an account whose limits change uses beyond them. It keeps all of it, and gets no more."""
    for option, (one, many, _) in COUNTED.items():
        count, limit = used.get(option, 0), account.becomes(option)
        if isinstance(limit, int) and limit != UNLIMITED and count > limit:
            said = (one if count == 1 else many).format(count)
            yield f"{account.name}: {said}, {_limits(account)} {limit}"


def beyond_shares(reseller: Difference, storage_mb: int) -> Iterator[str]:
    """What the accounts of a reseller whose limits change were given or use beyond them."""
    for option, (_, _, given) in COUNTED.items():
        count, limit = reseller.becomes(given_name(option)), reseller.becomes(f"RSL_{option}")
        oversold = reseller.becomes(f"RSL_{option.replace('OPT_', 'OPT_OVERSELL_')}")
        if isinstance(count, int) and isinstance(limit, int) and limit < count and not oversold:
            yield from _told_shares(reseller, f"{given.format(count)} given to its accounts", limit)
    storage, accounts = reseller.becomes("RSL_OPT_STORAGE"), reseller.becomes("RSL_OPT_SITEWORX_ACCOUNTS")
    if isinstance(storage, int) and storage_mb > storage:
        yield from _told_shares(reseller, f"{storage_mb} MB of storage used by its accounts", storage)
    has = reseller.becomes("accounts")
    if isinstance(accounts, int) and isinstance(has, int) and has > accounts:
        yield from _told_shares(reseller, _plural(has, "account"), accounts)


def _told_shares(reseller: Difference, said: str, limit: int) -> Iterator[str]:
    if limit != UNLIMITED:
        yield f"{reseller.name}: {said}, {_limits(reseller)} {limit}"


def limits_change(account: Difference) -> bool:
    """Whether an account that was there gets other limits."""
    return bool(account.before and account.after) and account.differs("package_name", *NAMES)


def shares_change(reseller: Difference) -> bool:
    return bool(reseller.before and reseller.after) and reseller.differs("package_name", *RESELLER.names)


def is_closed(account: Difference) -> bool:
    """Whether an account is closed by the call, or removed for good."""
    return account.becomes("status") in ("closed", "purged") and account.differs("status")


def closed(account: Difference, kept: Kept) -> str:
    """What a closed account keeps for how long, and one that is purged loses."""
    parts = (
        _plural(kept.sites, "site"), _plural(kept.zones, "zone"), _plural(kept.users, "further user"),
        f"{kept.storage_mb} MB",
    )  # fmt: skip
    until = account.becomes("purged_after")
    ends = f"are kept until {_time(until)} and then lost" if until else "are lost"
    return f"{account.name}: {', '.join(parts)} {ends}"


def served_with(reseller: Difference, accounts: int) -> Iterator[str]:
    """What happens to the accounts of a reseller who is suspended or let in again."""
    if accounts and reseller.before and reseller.differs("status"):
        done = {"inactive": "suspended", "active": "unsuspended"}.get(str(reseller.becomes("status")))
        if done:
            with_it = "is" if accounts == 1 else "are"
            yield f"{reseller.name}: {_plural(accounts, 'account')} {with_it} {done} with it"


def last_use(key: Difference, use: Use) -> str:
    """When a key that is revoked was used last: a program may still have it."""
    if use.at is None:
        return f"{key.name} was never used"
    by = f" by {use.client}" if use.client else ""
    where = f" from {use.address}" if use.address else ""
    return f"{key.name} was last used on {_time(use.at)}{where}{by}"
