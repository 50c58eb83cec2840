"""The life of an account: open, change, suspend, close."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.accounts import Account, AccountPage, Closed, NewAccount
from iwapi.core.limits import GivenLimits
from iwapi.core.opening import unix_names
from iwapi.core.packages import Package
from iwapi.errors import (
    NOT_AN_OPTION,
    YOUR_ACCOUNT,
    AccountBusy,
    AccountNotFound,
    AddressNotFree,
    DomainTaken,
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

_CHANGES = (AccountNotFound, AccountBusy)
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


@dataclass(frozen=True)
class Several:
    """Accounts."""

    domain: tuple[Domain, ...] = arg("the accounts' main domains", old=("domainname", "master_domain"))


def _sentence(done: str) -> Any:
    return lambda account: f"Account {account.master_domain} has been {done}."


def _opening_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    domain, uniqname = given.get("master_domain"), given.get("uniqname")
    if domain and call.names.domain_taken(domain):
        yield Problem("master_domain", domain, "Domain name already exists", code=DomainTaken.code)
    if uniqname and call.names.uniqname_taken(uniqname):
        yield Problem("uniqname", uniqname, "Unixname is already in use", code=UnixNameTaken.code)
    for name in ("master_domain_ipv4", "master_domain_ipv6"):
        address = given.get(name)
        if address and not call.addresses.is_free(address):
            yield Problem(name, address, NOT_AN_OPTION, "one that listFreeIps names", AddressNotFree.code)
    yield from _package_wrong(call, given)
    if "packagetemplate" not in given:
        yield from limits.missing(limits.given(given))


def _package_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    name = given.get("packagetemplate")
    if name is not None and call.packages.by_name(name) is None:
        yield Problem("packagetemplate", name, NOT_AN_OPTION, "one of your packages", PackageNotFound.code)


def _change_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    domain = given.get("domain")
    if domain and call.accounts.by_domain(domain) is None:
        yield Problem("domain", domain, NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound.code)
    yield from _package_wrong(call, given)


@action(
    "createSiteWorxAccount", scope="accounts:create", writes=True, check=_opening_wrong,
    raises=(DomainTaken, UnixNameTaken, PackageNotFound, AddressNotFree, NoFreeAddress, ServerFull,
            AccountBusy, ProvisioningFailed),
    route=Route("add", _sentence("created"), "sentence"),
)  # fmt: skip
def create(call: Call, wanted: Opening) -> Account:
    """Open a hosting account; when this answers, its site and its zone are there."""
    call.about = wanted.master_domain
    if call.accounts.on_server() >= call.server.max_accounts:
        raise ServerFull(accounts=call.server.max_accounts)
    ipv4 = wanted.master_domain_ipv4 or call.addresses.choose(4)
    ipv6 = wanted.master_domain_ipv6 or call.addresses.choose(6)
    if ipv4 is None and ipv6 is None:
        raise NoFreeAddress()
    package = _package(call, wanted.packagetemplate)
    named = limits.given(vars(wanted))
    uniqname = wanted.uniqname or _free_unix_name(call, wanted.master_domain)
    call.wait_for_closing(uniqname)
    new = NewAccount(
        uniqname, wanted.master_domain, wanted.email, wanted.nickname or wanted.master_domain,
        package.id if package else None, ipv4, ipv6, wanted.password,
        limits.changed(package, named) if package else limits.limits(named),
    )  # fmt: skip
    call.build(call.accounts.add(new, call.now))
    return call.account(wanted.master_domain)


def _package(call: Call, name: str | None) -> Package | None:
    return call.packages.by_name(name) if name is not None else None


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
    "editSiteWorxAccount", scope="accounts:edit", writes=True, check=_change_wrong,
    raises=(*_CHANGES, PackageNotFound),
    route=Route("edit", _sentence("changed"), "sentence"),
)  # fmt: skip
def edit(call: Call, wanted: Change) -> Account:
    """Change an account: its contact, password, package, limits or status, any of them at once."""
    account = call.account(wanted.domain)
    package = _package(call, wanted.packagetemplate)
    columns: dict[str, object] = {
        name: value for name in ("email", "nickname") if (value := getattr(wanted, name)) is not None
    }
    if package is not None:
        columns["package_id"] = package.id
    if wanted.status is not None:
        columns |= _status(wanted.status)
    call.accounts.set(account, **columns)
    named = limits.given(vars(wanted))
    if package is not None or named:
        call.accounts.set_limits(account, limits.changed(package or account, named))
    if wanted.password is not None:
        call.accounts.set_password(account, wanted.password)
    return _changed(call, account)


def _status(active: bool, reason: str = "") -> dict[str, object]:
    return {"state": "active" if active else "inactive", "inactive_msg": "" if active else reason}


def _changed(call: Call, account: Account) -> Account:
    call.build(account.siteworx_id)
    return call.account(account.master_domain)


@action("changeSiteWorxPassword", scope="accounts:edit", writes=True, check=_change_wrong, raises=_CHANGES)
def change_password(call: Call, wanted: ChangePassword) -> Account:
    """Give an account a new password."""
    account = call.account(wanted.domain)
    call.accounts.set_password(account, wanted.password)
    return _changed(call, account)


@action(
    "changeSiteWorxPackage", scope="accounts:edit", writes=True, check=_change_wrong,
    raises=(*_CHANGES, PackageNotFound),
)  # fmt: skip
def change_package(call: Call, wanted: ChangePackage) -> Account:
    """Give an account another package; the package's limits replace its own."""
    account = call.account(wanted.domain)
    package = _package(call, wanted.packagetemplate)
    assert package is not None
    call.accounts.set(account, package_id=package.id)
    call.accounts.set_limits(account, package)
    return _changed(call, account)


@action("suspendSiteWorxAccount", scope="accounts:suspend", writes=True, check=_change_wrong, raises=_CHANGES)
def suspend(call: Call, wanted: Suspension) -> Account:
    """Stop an account's pages, they answer 503; its data and its DNS stay.

    To suspend it again changes the reason and nothing else.
    """
    account = call.account(wanted.domain)
    call.accounts.set(account, **_status(False, wanted.reason))
    return _changed(call, account)


@action("unsuspendSiteWorxAccount", scope="accounts:suspend", writes=True, raises=_CHANGES)
def unsuspend(call: Call, which: Which) -> Account:
    """Serve a suspended account again; one that is active stays as it is."""
    account = call.account(which.domain)
    call.accounts.set(account, **_status(True))
    return _changed(call, account)


@action("deleteSiteWorxAccount", scope="accounts:delete", writes=True, raises=_CHANGES)
def delete(call: Call, which: Which) -> Closed:
    """Close an account: serving stops at once, its names are free for its owner, its data is kept for the
    grace time. A repeat answers the same."""
    return _close(call, which.domain)


@action(
    scope="accounts:delete", writes=True, raises=_CHANGES,
    route=Route("delete", _sentence("deleted"), "sentence"),
)  # fmt: skip
def delete_several(call: Call, which: Several) -> tuple[Closed, ...]:
    """Close one or more accounts, all of them or none."""
    return tuple(_close(call, domain) for domain in dict.fromkeys(which.domain))


def _close(call: Call, domain: str) -> Closed:
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
    call.names.rest("domain", account.master_domain, account.nodeworx_id, until)
    call.names.rest("uniqname", account.uniqname, account.nodeworx_id, until)
    call.build(account.siteworx_id)
    closed = call.accounts.closed(domain)
    assert closed is not None
    return closed
