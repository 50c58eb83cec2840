"""The life of a reseller: create, change, delete. Only a master does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.call import Call
from iwapi.core.resellers import (
    RESELLER,
    DeletedReseller,
    GivenResellerLimits,
    Reseller,
    ResellerPackage,
    ResellerStatus,
)
from iwapi.errors import (
    A_RESELLER,
    NOT_AN_OPTION,
    AddressNotFree,
    EmailTaken,
    PackageNotFound,
    Pending,
    Problem,
    ResellerInUse,
    ResellerNotFound,
)
from iwapi.kinds import Email, Id, IPv4, Name, NewPassword, Nickname

_PACKAGE = "the reseller package whose limits it gets; options given beside it win"
_IPV4 = "the only IPv4 addresses that its accounts may have"


@dataclass(frozen=True)
class Which:
    """One reseller."""

    reseller_id: Id = arg("the reseller's id")


@dataclass(frozen=True)
class Several:
    """Resellers."""

    reseller_id: tuple[Id, ...] = arg("the resellers' ids")


@dataclass(frozen=True)
class New(GivenResellerLimits):
    """A new reseller; counts and flags that neither it nor its package names are 0."""

    email: Email = arg("the e-mail address of its log-in, unique over all NodeWorx users")
    nickname: Nickname | None = arg("its name for people; the e-mail address when absent", default=None)
    password: NewPassword = arg("the password of its log-in")
    status: ResellerStatus = arg("an inactive one cannot log in", default="active")
    packagetemplate: Name | None = arg(_PACKAGE, old=("package_template", "package"), default=None)
    ipv4: tuple[IPv4, ...] = arg(f"{_IPV4}; every shared one when absent", old=("ips",), default=())


@dataclass(frozen=True)
class Change(GivenResellerLimits, Which):
    """What to change of a reseller; what is absent stays as it is."""

    email: Email | None = arg("the e-mail address of its log-in", default=None)
    nickname: Nickname | None = arg("its name for people", default=None)
    password: NewPassword | None = arg("a new password for its log-in", default=None)
    status: ResellerStatus | None = arg(
        "inactive refuses its key and its log-in and suspends its accounts; active lifts that",
        scope="resellers:suspend", default=None,
    )  # fmt: skip
    packagetemplate: Name | None = arg(
        "a reseller package: its limits replace those it has; options given beside it win",
        old=("package_template", "package"), default=None,
    )  # fmt: skip
    ipv4: tuple[IPv4, ...] = arg(f"{_IPV4} from now on", old=("ips",), default=())


def no_such(reseller_id: int) -> Problem:
    return Problem("reseller_id", str(reseller_id), NOT_AN_OPTION, A_RESELLER, ResellerNotFound.code)


def _package(call: Call, name: str | None) -> ResellerPackage | None:
    return call.reseller_packages.by_name(name) if name is not None else None


def _wrong(call: Call, given: Mapping[str, Any], reseller_id: int = 0) -> Iterator[Problem]:
    """What is wrong with the inputs of a reseller of that id, of a new one where it is 0."""
    email, package = given.get("email"), given.get("packagetemplate")
    if email and (holder := call.users.by_email(email)) is not None and holder.id != reseller_id:
        yield Problem("email", email, "This e-mail address is already in use", code=EmailTaken.code)
    if package is not None and _package(call, package) is None:
        allowed = "a reseller package"
        yield Problem("packagetemplate", package, NOT_AN_OPTION, allowed, PackageNotFound.code)
    for address in given.get("ipv4") or ():
        if not call.addresses.may_be_given(address, reseller_id):
            allowed = "a shared one of the pool, or a dedicated one that nobody has"
            yield Problem("ipv4", address, NOT_AN_OPTION, allowed, AddressNotFree.code)


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _wrong(call, given)
    if "packagetemplate" not in given:
        yield from RESELLER.missing(RESELLER.given(given))


def _change_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    reseller_id = given.get("reseller_id")
    if reseller_id is not None and call.resellers.by_id(reseller_id) is None:
        yield no_such(reseller_id)
    yield from _wrong(call, given, reseller_id or 0)


def suspend_with_accounts(call: Call, reseller: Reseller, message: str) -> None:
    """Suspend a reseller, and its accounts with it."""
    changed = call.resellers.suspend(reseller.reseller_id, message, call.now)
    call.build_all(reseller.reseller_id, changed)


def unsuspend_with_accounts(call: Call, reseller: Reseller) -> None:
    """Lift that; accounts that are suspended for another reason stay so."""
    changed = call.resellers.unsuspend(reseller.reseller_id, call.now)
    call.build_all(reseller.reseller_id, changed)


def _id(reseller: Reseller) -> dict[str, int]:
    return {"reseller_id": reseller.reseller_id}


def _changed(reseller: Reseller) -> str:
    return f"Reseller {reseller.email} has been changed."


def _deleted(reseller: DeletedReseller) -> str:
    return f"Reseller {reseller.email} has been deleted."


@action(
    "createReseller", scope="resellers:create", writes=True, check=_new_wrong, adds=True,
    raises=(EmailTaken, PackageNotFound, AddressNotFree), route=Route("add", _id, "map"),
)  # fmt: skip
def create(call: Call, wanted: New) -> Reseller:
    """Create a reseller: a NodeWorx user whose accounts share its limits. It has no API key until one is
    generated."""
    package = _package(call, wanted.packagetemplate)
    named = RESELLER.given(vars(wanted))
    limits = RESELLER.changed(package, named) if package else RESELLER.decided(named)
    user_id = call.users.add_reseller(
        wanted.email, wanted.nickname or wanted.email, wanted.password, call.now
    )
    call.users.set_active(user_id, wanted.status == "active")
    call.resellers.add(user_id, package.id if package else None, limits)
    call.resellers.set_addresses(user_id, wanted.ipv4)
    return call.reseller(user_id)


@action(
    "editReseller", scope="resellers:edit", writes=True, check=_change_wrong,
    raises=(ResellerNotFound, EmailTaken, PackageNotFound, AddressNotFree, Pending),
    route=Route("edit", _changed, "sentence"),
)  # fmt: skip
def edit(call: Call, wanted: Change) -> Reseller:
    """Change a reseller: its log-in, package, limits, addresses or status, any of them at once. A limit may
    end below what its accounts were given: they keep it, and nothing grows until it fits again."""
    reseller = call.reseller(wanted.reseller_id)
    package = _package(call, wanted.packagetemplate)
    named = RESELLER.given(vars(wanted))
    if package is not None:
        call.resellers.set_package(reseller.reseller_id, package.id)
    if package is not None or named:
        call.resellers.set_limits(reseller.reseller_id, RESELLER.changed(package or reseller, named))
    if wanted.ipv4:
        call.resellers.set_addresses(reseller.reseller_id, wanted.ipv4)
    _edit_user(call, reseller.reseller_id, wanted)
    if wanted.status not in (None, reseller.status):
        if wanted.status == "active":
            unsuspend_with_accounts(call, reseller)
        else:
            suspend_with_accounts(call, reseller, "")
    return call.reseller(reseller.reseller_id)


def _edit_user(call: Call, user_id: int, wanted: Change) -> None:
    if wanted.email is not None:
        call.users.set_email(user_id, wanted.email)
    if wanted.nickname is not None:
        call.users.set_nickname(user_id, wanted.nickname)
    if wanted.password is not None:
        call.users.set_password(user_id, wanted.password)


@action("deleteReseller", scope="resellers:delete", writes=True, raises=(ResellerNotFound, ResellerInUse))
def delete(call: Call, which: Which) -> DeletedReseller:
    """Delete a reseller that has no account: its key and sessions end, its e-mail address is free. A repeat
    answers the same."""
    return _delete(call, which.reseller_id)


@action(
    scope="resellers:delete", writes=True, raises=(ResellerNotFound, ResellerInUse),
    route=Route("delete", _deleted, "sentence"),
)  # fmt: skip
def delete_several(call: Call, which: Several) -> tuple[DeletedReseller, ...]:
    """Delete one or more resellers, all of them or none."""
    return tuple(_delete(call, reseller_id) for reseller_id in dict.fromkeys(which.reseller_id))


def _delete(call: Call, reseller_id: int) -> DeletedReseller:
    gone = call.resellers.deleted(reseller_id)
    if gone is None:
        reseller = call.reseller(reseller_id)
        if reseller.accounts:
            raise ResellerInUse(accounts=reseller.accounts)
        call.keys_of(reseller_id).revoke_all(call.now)
        call.resellers.delete(reseller_id, call.now)
        call.names_of(reseller_id).pass_on(call.owner)
        gone = call.resellers.deleted(reseller_id)
        assert gone is not None
    call.about = f"reseller:{gone.email}"
    return gone
