"""The page of an account's state, and of a NodeWorx user's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iwapi.core.resellers import Reseller
from iwapi.core.state import State
from iwapi.kinds import UNLIMITED
from iwapi.web.http import Response
from iwapi.web.page import page

_SHARED = (
    ("storage", "Disk space", "MB"),
    ("bandwidth", "Traffic in a month", "GB"),
    ("email_aliases", "E-mail aliases", ""),
    ("email_autoresponders", "E-mail autoresponders", ""),
    ("email_boxes", "E-mail boxes", ""),
    ("email_groups", "E-mail groups", ""),
    ("ftp_accounts", "FTP accounts", ""),
    ("mysql_dbs", "Databases", ""),
    ("mysql_db_users", "Database users", ""),
    ("pointer_domains", "Pointer domains", ""),
    ("slave_domains", "Secondary domains", ""),
    ("subdomains", "Subdomains", ""),
)


@dataclass(frozen=True)
class Share:
    """How much of a limit is taken."""

    name: str
    taken: int
    limit: int
    unit: str = ""

    @property
    def measured(self) -> bool:
        """Whether it can be shown as a part of a whole."""
        return 0 < self.limit < UNLIMITED


def state_page(state: State) -> Response:
    """The page that a log-in, or a link, leads to."""
    if state.site is not None:
        used = state.site.usage
        shares = (
            Share("Disk space", used.storage_used, used.storage, "MB"),
            Share("Traffic of this month", used.bandwidth_used, used.bandwidth, "MB"),
        )
        return page("site.html", account=state.site.account, shares=shares)
    assert state.user is not None
    reseller = state.user.reseller
    return page("user.html", user=state.user, shares=tuple(_given(reseller)) if reseller else ())


def _given(reseller: Reseller) -> Iterator[Share]:
    """What the accounts of a reseller were given of what they share."""
    yield Share("Accounts", reseller.accounts, reseller.RSL_OPT_SITEWORX_ACCOUNTS)
    for option, name, unit in _SHARED:
        given, limit = getattr(reseller, f"given_{option}"), getattr(reseller, f"RSL_OPT_{option.upper()}")
        yield Share(name, given, limit, unit)
