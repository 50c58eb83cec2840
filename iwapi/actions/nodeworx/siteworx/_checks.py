"""What is wrong, as things stand, with the inputs of an account that is opened or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from iwapi.actions._withheld import withheld
from iwapi.actions.nodeworx.siteworx._shared import found, one_wrong
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.accounts import Account
from iwapi.core.packages import Package
from iwapi.errors import (
    NOT_AN_OPTION,
    AddressNotFree,
    DomainTaken,
    EmailTaken,
    ExternalIdTaken,
    LimitReached,
    PackageNotFound,
    Problem,
    UnixNameTaken,
)

_TOO_MUCH = "This is more than its reseller has left"
_TOO_MANY = "The reseller has as many accounts as it may have"


def package_named(call: Call, name: str | None) -> Package | None:
    """The caller's package of that name; none where none is named."""
    return call.packages.by_name(name) if name is not None else None


def opening_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a new account of the caller."""
    domain, uniqname = given.get("master_domain"), given.get("uniqname")
    if domain and call.names.domain_taken(domain):
        yield Problem("master_domain", domain, "Domain name already exists", code=DomainTaken.code)
    yield from withheld(call, "master_domain", domain)
    if uniqname and call.names.uniqname_taken(uniqname):
        yield Problem("uniqname", uniqname, "Unixname is already in use", code=UnixNameTaken.code)
    for name in ("master_domain_ipv4", "master_domain_ipv6"):
        address = given.get(name)
        if address and not call.addresses.is_free(address):
            yield Problem(name, address, NOT_AN_OPTION, "one that listFreeIps names", AddressNotFree.code)
    yield from _package_wrong(call, given)
    if "packagetemplate" not in given:
        yield from limits.missing(limits.given(given))
    yield from _external_id_wrong(call, given, "external_id", call.owner)
    yield from _beyond_limits(call, given, call.owner, None)


def change_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a change of an account."""
    account = found(call, given)
    yield from one_wrong(call, given)
    if account is not None:
        yield from account_wrong(call, given, account)
    else:
        yield from _package_wrong(call, given)


def account_wrong(call: Call, given: Mapping[str, Any], account: Account) -> Iterator[Problem]:
    """What is wrong with what an account is to be."""
    yield from _package_wrong(call, given)
    yield from _beyond_limits(call, given, account.nodeworx_id, account)
    yield from _email_wrong(call, given.get("email"), account)
    yield from _external_id_wrong(call, given, "new_external_id", account.nodeworx_id, account)


def limits_wrong(call: Call, owner: int, account: Account) -> Iterator[Problem]:
    """What is wrong with one more account of an owner with the limits of this one."""
    return _beyond_limits(call, limits.given(vars(account)), owner, None)


def _external_id_wrong(
    call: Call, given: Mapping[str, Any], named: str, owner: int, of: Account | None = None
) -> Iterator[Problem]:
    external_id = given.get(named)
    holder = call.accounts.by_external_id(external_id, owner) if external_id is not None else None
    if holder is not None and (of is None or holder.siteworx_id != of.siteworx_id):
        said = f"The account {holder.master_domain} has this external id"
        yield Problem(named, str(external_id), said, code=ExternalIdTaken.code)


def _email_wrong(call: Call, email: str | None, account: Account) -> Iterator[Problem]:
    """The account's own log-in would stand before a further user's of the same e-mail address."""
    if email is not None and call.site_users(account).by_email(email) is not None:
        yield Problem("email", email, "A user of the account has this e-mail address", code=EmailTaken.code)


def _package_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    name = given.get("packagetemplate")
    if name is not None and package_named(call, name) is None:
        yield Problem("packagetemplate", name, NOT_AN_OPTION, "one of your packages", PackageNotFound.code)


def _beyond_limits(
    call: Call, given: Mapping[str, Any], owner: int, account: Account | None
) -> Iterator[Problem]:
    """What would grow beyond what the owner, where it is a reseller, has left."""
    named, package = limits.given(given), package_named(call, given.get("packagetemplate"))
    shares = call.shares(owner) if account is None or package is not None or named else None
    if shares is None:
        return
    if account is None and not shares.accounts_left:
        yield Problem("RSL_OPT_SITEWORX_ACCOUNTS", "", _TOO_MANY, "0 more", LimitReached.code)
    of_package = {name: getattr(package, name) for name in limits.NAMES if package and name not in given}
    wanted, has = of_package | named, vars(account) if account else {}
    for option, left in shares.too_much(wanted, has).items():
        if option in named:
            yield Problem(option, str(wanted[option]), _TOO_MUCH, f"up to {left}", LimitReached.code)
        else:
            allowed = f"{option} up to {left}, the package has {wanted[option]}"
            yield Problem("packagetemplate", given["packagetemplate"], _TOO_MUCH, allowed, LimitReached.code)
