"""The life of an account: open, change, suspend, close."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.siteworx._checks import change_wrong, opening_wrong, package_named
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.accounts import Account, AccountPage, Closed, NewAccount
from iwapi.core.limits import GivenLimits
from iwapi.core.opening import unix_names
from iwapi.errors import (
    AccountBusy,
    AccountNotFound,
    AddressNotFree,
    DomainTaken,
    EmailTaken,
    LimitReached,
    NoFreeAddress,
    PackageNotFound,
    Problem,
    ProvisioningFailed,
    ServerFull,
    UnixNameTaken,
)  # fmt: skip
from iwapi.kinds import (
    Cursor,
    Domain,
    Email,
    Flag,
    IPv4,
    IPv6,
    Name,
    NewDomain,
    NewPassword,
    Nickname,
    PageSize,
    Reason,
    UnixName,
)  # fmt: skip

CHANGES = (AccountNotFound, AccountBusy)
_NAMES_TRIED = 40


@dataclass(frozen=True)
class Which:
    """One account."""

    domain: Domain = arg("the account's main domain", old=("domainname", "master_domain"))


@dataclass(frozen=True)
class Opening(GivenLimits):
    """A new account."""

    master_domain: NewDomain = arg("its main domain, without www", old=("domainname",))
    uniqname: UnixName | None = arg("its Unix name; made from the domain when absent", default=None)
    email: Email = arg("its contact")
    password: NewPassword = arg("the password of its log-in")
    nickname: Nickname | None = arg("its name for people; the domain when absent", default=None)
    packagetemplate: Name | None = arg(
        "the package whose limits it gets; options given beside it win",
        old=("package_template",), default=None,
    )  # fmt: skip
    master_domain_ipv4: IPv4 | None = arg(
        "its IPv4 address; chosen by the server when absent", old=("ipaddress",), default=None
    )
    master_domain_ipv6: IPv6 | None = arg("its IPv6 address; chosen by the server when absent", default=None)


@dataclass(frozen=True)
class Change(GivenLimits, Which):
    """What to change of an account; what is absent stays as it is."""

    status: Flag | None = arg("false suspends it, true lifts that", scope="accounts:suspend", default=None)
    email: Email | None = arg("its contact", default=None)
    nickname: Nickname | None = arg("its name for people", default=None)
    password: NewPassword | None = arg("a new password for its log-in", default=None)
    packagetemplate: Name | None = arg(
        "a package: its limits replace those it has; options given beside it win",
        old=("package_template",), default=None,
    )  # fmt: skip


@dataclass(frozen=True)
class ChangePassword(Which):
    """A new password."""

    password: NewPassword = arg("the new password of its log-in")


@dataclass(frozen=True)
class ChangePackage(Which):
    """Another package."""

    packagetemplate: Name = arg("the package whose limits it gets in place of those it has")


@dataclass(frozen=True)
class Suspension(Which):
    """Why an account is suspended."""

    reason: Reason = arg("why; shown to the caller and in the panel", old=("message",), default="")


@dataclass(frozen=True)
class Paging:
    """A part of a list."""

    after: Cursor | None = arg("the `next` of the page before; absent for the first page", default=None)
    limit: PageSize = arg("how many rows at the most", default=100)


def sentence(done: str) -> Any:
    """What `route` answers of an account that something was done to."""
    return lambda account: f"Account {account.master_domain} has been {done}."


@action(
    "createSiteWorxAccount", scope="accounts:create", writes=True, check=opening_wrong,
    raises=(DomainTaken, UnixNameTaken, PackageNotFound, AddressNotFree, NoFreeAddress, ServerFull,
            LimitReached, AccountBusy, ProvisioningFailed),
    route=Route("add", sentence("created"), "sentence"),
)  # fmt: skip
def create(call: Call, wanted: Opening) -> Account:
    """Open a hosting account; when this answers, its site and its zone are there."""
    call.about = wanted.master_domain
    if call.accounts.on_server() >= call.server.max_accounts:
        raise ServerFull(accounts=call.server.max_accounts)
    ipv4 = wanted.master_domain_ipv4 or call.addresses.choose(4)
    ipv6 = wanted.master_domain_ipv6 or call.addresses.choose(6)
    if ipv4 is None and (ipv6 is None or call.addresses.has(4)):
        raise NoFreeAddress()  # an account with IPv6 alone is for pools that have nothing else
    package = package_named(call, wanted.packagetemplate)
    named = limits.given(vars(wanted))
    uniqname = wanted.uniqname or _free_unix_name(call, wanted.master_domain)
    call.wait_for_closing(uniqname)
    new = NewAccount(
        uniqname, wanted.master_domain, wanted.email, wanted.nickname or wanted.master_domain,
        package.id if package else None, ipv4, ipv6, wanted.password,
        limits.changed(package, named) if package else limits.limits(named),
    )  # fmt: skip
    account_id = call.accounts.add(new, call.now)
    call.names.inherit(wanted.master_domain, account_id)
    call.build(account_id)
    return call.account(wanted.master_domain)


def _free_unix_name(call: Call, domain: str) -> str:
    for name in islice(unix_names(domain, call.random), _NAMES_TRIED):
        if not call.names.uniqname_taken(name):
            return name
    raise UnixNameTaken(Problem("uniqname", "", "No Unix name could be made from the domain, name one"))


@action("getSiteWorxAccount", scope="accounts:read", raises=(AccountNotFound,))
def get(call: Call, which: Which) -> Account:
    """One account with its limits."""
    return call.account(which.domain)


@action("listSiteWorxAccounts", scope="accounts:read")
def list_accounts(call: Call, page: Paging) -> AccountPage:
    """The caller's accounts, oldest first, a page at a time."""
    rows = call.accounts.page(int(page.after or 0), page.limit + 1)
    shown = rows[: page.limit]
    return AccountPage(accounts=shown, next=str(shown[-1].siteworx_id) if len(rows) > page.limit else None)


@action(
    "editSiteWorxAccount", scope="accounts:edit", writes=True, check=change_wrong,
    raises=(*CHANGES, PackageNotFound, LimitReached, EmailTaken),
    route=Route("edit", sentence("changed"), "sentence"),
)  # fmt: skip
def edit(call: Call, wanted: Change) -> Account:
    """Change an account: its contact, password, package, limits or status, any of them at once."""
    account = call.account(wanted.domain)
    package = package_named(call, wanted.packagetemplate)
    columns: dict[str, object] = {
        name: value for name in ("email", "nickname") if (value := getattr(wanted, name)) is not None
    }
    if package is not None:
        columns["package_id"] = package.id
    if wanted.status is not None and wanted.status != (account.status == "active"):
        columns |= status(wanted.status)
    call.accounts.set(account, **columns)
    named = limits.given(vars(wanted))
    if package is not None or named:
        call.accounts.set_limits(account, limits.changed(package or account, named))
    if wanted.password is not None:
        call.accounts.set_password(account, wanted.password)
    return changed(call, account)


def status(active: bool, reason: str = "") -> dict[str, object]:
    """The columns that say whether an account is served, and why not."""
    return {"state": "active" if active else "inactive", "inactive_msg": "" if active else reason}


def changed(call: Call, account: Account) -> Account:
    """Have a change made real; the account as it is then."""
    call.build(account.siteworx_id)
    return call.account(account.master_domain)


@action("changeSiteWorxPassword", scope="accounts:edit", writes=True, check=change_wrong, raises=CHANGES)
def change_password(call: Call, wanted: ChangePassword) -> Account:
    """Give an account a new password."""
    account = call.account(wanted.domain)
    call.accounts.set_password(account, wanted.password)
    return changed(call, account)


@action(
    "changeSiteWorxPackage", scope="accounts:edit", writes=True, check=change_wrong,
    raises=(*CHANGES, PackageNotFound, LimitReached),
)  # fmt: skip
def change_package(call: Call, wanted: ChangePackage) -> Account:
    """Give an account another package; the package's limits replace its own."""
    account = call.account(wanted.domain)
    package = package_named(call, wanted.packagetemplate)
    assert package is not None
    call.accounts.set(account, package_id=package.id)
    call.accounts.set_limits(account, package)
    return changed(call, account)


@action("suspendSiteWorxAccount", scope="accounts:suspend", writes=True, check=change_wrong, raises=CHANGES)
def suspend(call: Call, wanted: Suspension) -> Account:
    """Stop an account's pages, they answer 503; its data and its DNS stay.

    To suspend it again changes the reason and nothing else.
    """
    account = call.account(wanted.domain)
    call.accounts.set(account, **status(False, wanted.reason))
    return changed(call, account)


@action("unsuspendSiteWorxAccount", scope="accounts:suspend", writes=True, raises=CHANGES)
def unsuspend(call: Call, which: Which) -> Account:
    """Serve a suspended account again; one that is active stays as it is."""
    account = call.account(which.domain)
    call.accounts.set(account, **status(True))
    return changed(call, account)


@action("deleteSiteWorxAccount", scope="accounts:delete", writes=True, raises=CHANGES)
def delete(call: Call, which: Which) -> Closed:
    """Close an account: serving stops at once, its names are free for its owner, its data is kept for the
    grace time. A repeat answers the same."""
    return close(call, which.domain)


def close(call: Call, domain: str) -> Closed:
    """Close an account, or tell that it was closed."""
    account = call.accounts.by_domain(domain)
    if account is None:
        closed = call.accounts.closed(domain)
        if closed is not None:
            call.about = domain
            call.finish(closed.siteworx_id)
            return closed
    account = call.account(domain)
    call.accounts.close(account, call.now + call.server.grace_seconds)
    until = call.now + call.server.name_rest_seconds
    whose = account.nodeworx_id, account.siteworx_id
    call.names.rest("domain", account.master_domain, *whose, until)
    call.names.rest_further(account.siteworx_id, account.nodeworx_id, until)
    call.names.rest("uniqname", account.uniqname, *whose, until)
    call.build(account.siteworx_id)
    closed = call.accounts.closed(domain)
    assert closed is not None
    return closed
