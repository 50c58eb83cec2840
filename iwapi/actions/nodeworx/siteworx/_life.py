"""The life of an account: open it, look at it, change it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.siteworx._checks import change_wrong, opening_wrong, package_named
from iwapi.actions.nodeworx.siteworx._shared import CHANGES, Paging, Which, changed, sentence
from iwapi.actions.nodeworx.siteworx._suspension import status
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.accounts import Account, AccountPage, NewAccount
from iwapi.core.limits import GivenLimits
from iwapi.core.opening import unix_names
from iwapi.errors import (
    AccountNotFound,
    AddressNotFree,
    DomainTaken,
    EmailTaken,
    LimitReached,
    NoFreeAddress,
    PackageNotFound,
    Pending,
    Problem,
    ProvisioningFailed,
    ServerFull,
    UnixNameTaken,
)  # fmt: skip
from iwapi.kinds import (
    Email,
    Flag,
    IPv4,
    IPv6,
    Name,
    NewDomain,
    NewPassword,
    Nickname,
    UnixName,
)  # fmt: skip

_NAMES_TRIED = 40


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


@action(
    "createSiteWorxAccount", scope="accounts:create", writes=True, check=opening_wrong,
    raises=(DomainTaken, UnixNameTaken, PackageNotFound, AddressNotFree, NoFreeAddress, ServerFull,
            LimitReached, Pending, ProvisioningFailed),
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
