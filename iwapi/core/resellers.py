"""Resellers: NodeWorx users whose accounts share limits, InterWorx's RSL_OPT_* options in its units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from iwapi.core.limits import Options
from iwapi.kinds import (
    UNLIMITED,
    Bytes,
    Count,
    Cursor,
    Email,
    Flag,
    Gigabytes,
    Id,
    IPv4,
    Megabytes,
    Moment,
    Name,
    Nickname,
    Text,
    choice,
)
from iwapi.shape import arg

ResellerStatus = Annotated[str, choice("resellerstatus", "active", "inactive")]


@dataclass(frozen=True)
class ResellerLimits:
    """What all accounts of a reseller may be given together, and how many they may be."""

    RSL_OPT_STORAGE: Megabytes = arg("disk space in MB, shared by its accounts")
    RSL_OPT_BANDWIDTH: Gigabytes = arg("traffic in GB for a calendar month, shared by its accounts")
    RSL_OPT_EMAIL_ALIASES: Count = arg("e-mail aliases, shared by its accounts")
    RSL_OPT_EMAIL_AUTORESPONDERS: Count = arg("e-mail autoresponders, shared by its accounts")
    RSL_OPT_EMAIL_BOXES: Count = arg("e-mail boxes, shared by its accounts")
    RSL_OPT_EMAIL_GROUPS: Count = arg("e-mail groups, shared by its accounts")
    RSL_OPT_FTP_ACCOUNTS: Count = arg("FTP accounts, shared by its accounts")
    RSL_OPT_MYSQL_DBS: Count = arg("databases, shared by its accounts")
    RSL_OPT_MYSQL_DB_USERS: Count = arg("database users, shared by its accounts")
    RSL_OPT_POINTER_DOMAINS: Count = arg("pointer domains, shared by its accounts")
    RSL_OPT_SLAVE_DOMAINS: Count = arg("secondary domains, shared by its accounts")
    RSL_OPT_SUBDOMAINS: Count = arg("subdomains, shared by its accounts")
    RSL_OPT_SITEWORX_ACCOUNTS: Count = arg("how many accounts it may have")
    RSL_OPT_OVERSELL_STORAGE: Flag = arg("its accounts may be given more disk space together than it has")
    RSL_OPT_OVERSELL_BANDWIDTH: Flag = arg("its accounts may be given more traffic together than it has")


RESELLER = Options(
    ResellerLimits, ("RSL_OPT_STORAGE", "RSL_OPT_BANDWIDTH", "RSL_OPT_SITEWORX_ACCOUNTS")
)  # fmt: skip

if TYPE_CHECKING:

    class GivenResellerLimits(ResellerLimits):
        """The options that a call names; None is one that it does not name."""
else:
    GivenResellerLimits = RESELLER.given_struct()


@dataclass(frozen=True)
class ResellerRow:
    """A reseller in a list."""

    reseller_id: Id = arg("the id of the NodeWorx user that it is; never used again")
    email: Email = arg("the e-mail address of its log-in")
    nickname: Nickname = arg("its name for people")
    status: ResellerStatus = arg("inactive is suspended: key and log-in are refused, its accounts suspended")
    package_name: Name | None = arg(
        "its reseller package; none where its limits were given one by one", default=None
    )
    accounts: Count = arg("how many accounts it has")
    date_created: Moment = arg("when it was created")


@dataclass(frozen=True)
class Given:
    """What the accounts of a reseller were given, added up; 999999999 is as much or more."""

    given_storage: Count = arg("disk space in MB that its accounts were given")
    given_bandwidth: Count = arg("traffic in GB for a calendar month that its accounts were given")
    given_email_aliases: Count = arg("e-mail aliases that its accounts were given")
    given_email_autoresponders: Count = arg("e-mail autoresponders that its accounts were given")
    given_email_boxes: Count = arg("e-mail boxes that its accounts were given")
    given_email_groups: Count = arg("e-mail groups that its accounts were given")
    given_ftp_accounts: Count = arg("FTP accounts that its accounts were given")
    given_mysql_dbs: Count = arg("databases that its accounts were given")
    given_mysql_db_users: Count = arg("database users that its accounts were given")
    given_pointer_domains: Count = arg("pointer domains that its accounts were given")
    given_slave_domains: Count = arg("secondary domains that its accounts were given")
    given_subdomains: Count = arg("subdomains that its accounts were given")


def given_name(option: str) -> str:
    """The name of the sum of an account's option: OPT_STORAGE is summed as given_storage."""
    return f"given_{option.removeprefix('OPT_').lower()}"


@dataclass(frozen=True)
class Reseller(ResellerRow, ResellerLimits, Given):
    """One reseller: its limits, and what its accounts were given of them."""

    inactive_msg: Text = arg("why it is suspended, in words; empty while it is active")
    ipv4: tuple[IPv4, ...] = arg(
        "the only IPv4 addresses that its accounts may have; none where they may have every shared one"
    )


@dataclass(frozen=True)
class ResellerPage:
    """A page of resellers, oldest first."""

    resellers: tuple[ResellerRow, ...] = arg("the resellers of this page")
    next: Cursor | None = arg("give this as `after` to get the next page; absent on the last", default=None)


@dataclass(frozen=True)
class DeletedReseller:
    """A reseller that is gone."""

    reseller_id: Id = arg("the id it had")
    email: Email = arg("the e-mail address it had, which is free")
    date_deleted: Moment = arg("when it was deleted")


@dataclass(frozen=True)
class ResellerUse:
    """A reseller and what its accounts use."""

    reseller: Reseller = arg("the reseller")
    storage_bytes: Bytes = arg("disk space that its accounts use, in bytes")
    bandwidth_bytes: Bytes = arg("traffic of its accounts in this calendar month (UTC), in bytes")


@dataclass(frozen=True)
class ResellerPackage(ResellerLimits):
    """A named set of limits that new resellers are given a copy of."""

    id: Id = arg("the package's id")
    name: Name = arg("the package's name")


@dataclass(frozen=True)
class Shares:
    """What a reseller's accounts share: its limits, the sums of what was given, how many accounts it has."""

    limits: ResellerLimits
    given: Mapping[str, int]
    accounts: int

    @property
    def accounts_left(self) -> int:
        most = self.limits.RSL_OPT_SITEWORX_ACCOUNTS
        return UNLIMITED if most == UNLIMITED else max(0, most - self.accounts)

    def left(self, option: str, has: int) -> int:
        """The most that one account may be given of an option, of which it has so much already."""
        limit = int(getattr(self.limits, f"RSL_{option}"))
        oversold = bool(getattr(self.limits, f"RSL_{option.replace('OPT_', 'OPT_OVERSELL_')}", False))
        if oversold or limit == UNLIMITED:
            return limit
        return max(0, limit - (self.given[option] - has))

    def too_much(self, wanted: Mapping[str, int], has: Mapping[str, int]) -> dict[str, int]:
        """The options that would grow beyond what is left, and what is left of each."""
        grown = [name for name, value in wanted.items() if name in self.given and value > has.get(name, 0)]
        left = {name: self.left(name, has.get(name, 0)) for name in grown}
        return {name: most for name, most in left.items() if wanted[name] > most}
