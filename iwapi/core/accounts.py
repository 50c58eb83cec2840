"""A SiteWorx account, as callers see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from iwapi.core.limits import Limits
from iwapi.kinds import (
    Bytes,
    Count,
    Cursor,
    Domain,
    Email,
    ExternalId,
    Flag,
    Gigabytes,
    Hashed,
    Id,
    IPv4,
    IPv6,
    Megabytes,
    Moment,
    Name,
    Nickname,
    Text,
    UnixName,
    Version,
    choice,
)  # fmt: skip
from iwapi.shape import arg

REASONS = ("billing", "abuse", "quota", "administrator", "reseller")
SuspensionReason = Annotated[str, choice("suspensionreason", *REASONS)]
Status = Annotated[str, choice("accountstatus", "active", "inactive")]
DomainType = Annotated[str, choice("domaintype", "master", "slave")]
NamedBy = Literal["domain", "siteworx_id", "external_id"]
"""How a caller names one of its accounts."""


@dataclass(frozen=True)
class AccountRow:
    """An account in a list."""

    siteworx_id: Id = arg("the account's id; never used again")
    master_domain: Domain = arg("its main domain")
    uniqname: UnixName = arg("its Unix name")
    status: Status = arg("inactive is suspended")
    nodeworx_id: Id = arg("the id of its owner, a NodeWorx user")
    package_name: Name | None = arg("its package; none where its limits were given one by one", default=None)
    email: Email = arg("its contact")
    nickname: Nickname = arg("its name for people")
    date_created: Moment = arg("when it was opened")


@dataclass(frozen=True)
class Account(AccountRow, Limits):
    """One account with its limits."""

    package_id: Id | None = arg("the id of its package", default=None)
    date_changed: Moment = arg("when it was last changed by a call")
    inactive_msg: Text = arg("why it is suspended, in words; empty while it is active")
    remaining_reasons: tuple[SuspensionReason, ...] = arg(
        "the reasons for which it is suspended, each to be lifted by itself; none while it is active",
        default=(),
    )  # fmt: skip
    external_id: ExternalId | None = arg("what its owner's billing system calls it", default=None)
    version: Version = arg("grows with every change of the account; a call may name the one that it expects")
    master_domain_ipv4: IPv4 | None = arg("its IPv4 address", default=None)
    master_domain_ipv6: IPv6 | None = arg("its IPv6 address", default=None)


@dataclass(frozen=True)
class AccountPage:
    """A page of accounts, oldest first."""

    accounts: tuple[AccountRow, ...] = arg("the accounts of this page")
    next: Cursor | None = arg("give this as `after` to get the next page; absent on the last", default=None)


@dataclass(frozen=True)
class Usage:
    """What an account uses now, against its limits."""

    siteworx_id: Id = arg("the account's id")
    master_domain: Domain = arg("its main domain")
    storage_used: Megabytes = arg("disk space used, in MB, rounded up")
    storage: Megabytes = arg("disk space allowed, in MB")
    bandwidth_used: Megabytes = arg("traffic of this calendar month (UTC), in MB, rounded up")
    bandwidth: Megabytes = arg("traffic allowed in a calendar month, in MB")
    storage_bytes: Bytes = arg("disk space used, in bytes")
    bandwidth_bytes: Bytes = arg("traffic of this calendar month, in bytes")


@dataclass(frozen=True)
class Closed:
    """An account that was closed."""

    siteworx_id: Id = arg("the account's id")
    master_domain: Domain = arg("the domain it had")
    uniqname: UnixName = arg("the Unix name it had")
    nodeworx_id: Id = arg("the id of its owner, a NodeWorx user")
    external_id: ExternalId | None = arg("what its owner's billing system called it", default=None)
    date_closed: Moment = arg("when it was closed")
    purged_after: Moment = arg("its data is kept until then")
    hold: Flag = arg("its data is kept until this is lifted, however long that is")
    version: Version = arg("grows with every change of the account; a call may name the one that it expects")


@dataclass(frozen=True)
class ClosedPage:
    """A page of closed accounts, in the order in which they were opened."""

    accounts: tuple[Closed, ...] = arg("the closed accounts of this page")
    next: Cursor | None = arg("give this as `after` to get the next page; absent on the last", default=None)


@dataclass(frozen=True)
class Details:
    """One account and what it uses."""

    account: Account = arg("the account")
    usage: Usage = arg("its usage")


@dataclass(frozen=True)
class Listed:
    """A domain of an account, in the columns of InterWorx: what is said of the account stands in each."""

    siteworx_id: Id = arg("the account's id")
    uniqname: UnixName = arg("its Unix name")
    date_created: Moment = arg("when it was opened; on `route` a UTC time as 2026-11-24 10:00:00")
    status: Status = arg("inactive is suspended")
    nodeworx_id: Id = arg("the id of its owner, a NodeWorx user")
    package_id: Count = arg("the id of its package; 0 where its limits were given one by one")
    nickname: Nickname = arg("its name for people")
    email: Email = arg("its contact")
    user_type: Text = arg("`master`: the account's own log-in")
    domain: Domain = arg("the domain")
    domain_type: DomainType = arg("master is the main domain, slave a secondary one")
    storage: Megabytes = arg("disk space used, in MB")
    storage_pct: Count = arg("that in percent of what is allowed, 0 to 100; 0 where that is unlimited")
    bandwidth: Count = arg("traffic of this calendar month (UTC), in GB, rounded")
    bandwidth_pct: Count = arg("that in percent of what is allowed, 0 to 100; 0 where that is unlimited")
    max_bandwidth: Gigabytes = arg("traffic allowed in a calendar month, in GB")
    max_storage: Megabytes = arg("disk space allowed, in MB")
    is_favorite: Flag = arg("never: this server keeps no favorites")
    php_version: Text = arg("empty: this server runs no PHP")
    homedir: Text = arg("the account's home")
    domainroot: Text = arg("the domain's folder in it")
    docroot: Text = arg("the folder of the domain's pages")


@dataclass(frozen=True)
class NewAccount:
    """What is written of an account when it is opened."""

    uniqname: str
    domain: str
    email: str
    nickname: str
    package_id: int | None
    ipv4: str | None
    ipv6: str | None
    password: Hashed
    limits: Limits
    external_id: str | None = None
