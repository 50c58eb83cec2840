"""The life of an account: open it, look at it, change it."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.siteworx._checks import change_wrong, opening_wrong, package_named
from iwapi.actions.nodeworx.siteworx._described import Described, adjusted, opened
from iwapi.actions.nodeworx.siteworx._reasons import lifted, remains, suspended
from iwapi.actions.nodeworx.siteworx._shared import (
    GUARDED,
    Guarded,
    One,
    Paging,
    changed,
    one,
    sentence,
)
from iwapi.call import Call
from iwapi.core.accounts import Account, AccountPage
from iwapi.core.limits import GivenLimits
from iwapi.core.suspension import BILLING
from iwapi.errors import (
    AccountNotFound,
    AddressNotFree,
    DomainTaken,
    EmailTaken,
    ExternalIdTaken,
    LimitReached,
    NoFreeAddress,
    PackageNotFound,
    Pending,
    ProvisioningFailed,
    ServerFull,
    UnixNameTaken,
)  # fmt: skip
from iwapi.kinds import Email, ExternalId, Flag, Name, NewPassword, Nickname


@dataclass(frozen=True)
class Opening(Described):
    """A new account."""

    password: NewPassword = arg("the password of its log-in")


@dataclass(frozen=True)
class Change(GivenLimits, Guarded):
    """What to change of an account; what is absent stays as it is."""

    status: Flag | None = arg(
        "false suspends it for the reason billing, true lifts that", scope="accounts:suspend", default=None
    )
    email: Email | None = arg("its contact", default=None)
    nickname: Nickname | None = arg("its name for people", default=None)
    password: NewPassword | None = arg("a new password for its log-in", default=None)
    packagetemplate: Name | None = arg(
        "a package: its limits replace those it has; options given beside it win",
        old=("package_template",), default=None,
    )  # fmt: skip
    new_external_id: ExternalId | None = arg(
        "what its owner's billing system calls it from now on; no other living account of the owner may"
        " have it",
        default=None,
    )  # fmt: skip


@dataclass(frozen=True)
class ChangePassword(Guarded):
    """A new password."""

    password: NewPassword = arg("the new password of its log-in")


@dataclass(frozen=True)
class ChangePackage(Guarded):
    """Another package."""

    packagetemplate: Name = arg("the package whose limits it gets in place of those it has")


@dataclass(frozen=True)
class Edited:
    """An account that was changed."""

    account: Account = arg("the account")
    lifted: Flag = arg("whether the call was to lift the reason billing")


_EDIT_RAISES = (*GUARDED, PackageNotFound, LimitReached, EmailTaken, ExternalIdTaken)


@action(
    "createSiteWorxAccount", scope="accounts:create", writes=True, check=opening_wrong, adds=True,
    raises=(DomainTaken, UnixNameTaken, PackageNotFound, AddressNotFree, NoFreeAddress, ServerFull,
            LimitReached, ExternalIdTaken, Pending, ProvisioningFailed),
    route=Route("add", sentence("created"), "sentence"),
)  # fmt: skip
def create(call: Call, wanted: Opening) -> Account:
    """Open a hosting account; when this answers, its site and its zone are there."""
    return opened(call, wanted)


@action("getSiteWorxAccount", scope="accounts:read", raises=(AccountNotFound,))
def get(call: Call, which: One) -> Account:
    """One account with its limits."""
    return one(call, which)


@action("listSiteWorxAccounts", scope="accounts:read")
def list_accounts(call: Call, page: Paging) -> AccountPage:
    """The caller's accounts, oldest first, a page at a time."""
    rows = call.accounts.page(int(page.after or 0), page.limit + 1)
    shown = rows[: page.limit]
    return AccountPage(accounts=shown, next=str(shown[-1].siteworx_id) if len(rows) > page.limit else None)


@action(
    "editSiteWorxAccount", scope="accounts:edit", writes=True, check=change_wrong,
    raises=_EDIT_RAISES,
)  # fmt: skip
def edit(call: Call, wanted: Change) -> Account:
    """Change an account: its contact, password, package, limits or status, any of them at once. The status is
    that of the reason billing: an account that has another one stays suspended, and the answer names it."""
    account = one(call, wanted)
    adjusted(call, account, wanted)
    if wanted.new_external_id is not None:
        call.accounts.set(account, external_id=wanted.new_external_id)
    if wanted.status is False:
        suspended(call, account, BILLING, call.suspensions(account).message(BILLING))
    if wanted.status:
        lifted(call, account, BILLING)
    if wanted.password is not None:
        call.accounts.set_password(account, wanted.password)
    return changed(call, account)


@action(
    scope="accounts:edit", writes=True, check=change_wrong, raises=_EDIT_RAISES,
    route=Route("edit", lambda edited: sentence("changed")(edited.account), "sentence",
                but=lambda edited: remains(edited.account) if edited.lifted else None),
)  # fmt: skip
def edit_on_route(call: Call, wanted: Change) -> Edited:
    """The same as editSiteWorxAccount. Where status 1 leaves another reason than billing, the account is
    named with status 11, though the change is made."""
    account: Account = edit.run(call, wanted)
    return Edited(account=account, lifted=wanted.status is True)


@action("changeSiteWorxPassword", scope="accounts:edit", writes=True, check=change_wrong, raises=GUARDED)
def change_password(call: Call, wanted: ChangePassword) -> Account:
    """Give an account a new password."""
    account = one(call, wanted)
    call.accounts.set_password(account, wanted.password)
    return changed(call, account)


@action(
    "changeSiteWorxPackage", scope="accounts:edit", writes=True, check=change_wrong,
    raises=(*GUARDED, PackageNotFound, LimitReached),
)  # fmt: skip
def change_package(call: Call, wanted: ChangePackage) -> Account:
    """Give an account another package; the package's limits replace its own."""
    account = one(call, wanted)
    package = package_named(call, wanted.packagetemplate)
    assert package is not None
    call.accounts.set(account, package_id=package.id)
    call.accounts.set_limits(account, package)
    return changed(call, account)
