"""`/siteworx/ftp`: FTP accounts. Without an FTP service there is the account's own log-in only."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.accounts import Status
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Count, Flag, Text

OWN = "ftp"
"""The account's own log-in, as InterWorx's users know it."""


@dataclass(frozen=True)
class FtpAccount:
    """An FTP account."""

    username: Text = arg("its name without the domain")
    homedir: Text = arg("the folder that it sees")
    login_count: Count = arg("how often it logged in")
    ismaster: Flag = arg("it is the account's own log-in")
    fulluser: Text = arg("its name with the domain")
    status: Status = arg("inactive is suspended")


def _own(call: Call) -> tuple[FtpAccount, ...]:
    account = call.site()
    return (
        FtpAccount(
            username=OWN, homedir=f"{call.server.homes}/{account.uniqname}", login_count=0, ismaster=True,
            fulluser=f"{OWN}@{account.master_domain}", status=account.status,
        ),
    )  # fmt: skip


@action(scope="ftp:read", raises=(AccountNotFound,), route=Route("listFtpAccounts", members, "objects"))
def list_ftp_accounts(call: Call, _: Nothing) -> tuple[FtpAccount, ...]:
    """The account's FTP accounts."""
    return _own(call)


def _label(account: FtpAccount) -> list[str]:
    return [account.username, account.fulluser]


@action(scope="ftp:read", raises=(AccountNotFound,), route=Route("list", _label, "lists"))
def list_labels(call: Call, _: Nothing) -> tuple[FtpAccount, ...]:
    """The names of the account's FTP accounts."""
    return _own(call)


@action(scope="ftp:read", raises=(AccountNotFound,), route=Route("listDeletable", _label, "lists"))
def list_deletable(call: Call, _: Nothing) -> tuple[FtpAccount, ...]:
    """The FTP accounts that may be deleted: never the account's own log-in."""
    call.site()
    return ()
