"""An account as a call describes it: a new one is opened so, a living one is changed where it differs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from iwapi.action import arg
from iwapi.actions.nodeworx.siteworx._checks import package_named
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.accounts import Account, NewAccount
from iwapi.core.limits import GivenLimits
from iwapi.core.opening import unix_names
from iwapi.errors import NoFreeAddress, Problem, ServerFull, UnixNameTaken
from iwapi.kinds import (
    Email,
    ExternalId,
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
class Described(GivenLimits):
    """An account."""

    master_domain: NewDomain = arg("its main domain, without www", old=("domainname",))
    uniqname: UnixName | None = arg("its Unix name; made from the domain when absent", default=None)
    email: Email = arg("its contact")
    password: NewPassword | None = arg("the password of its log-in", default=None)
    nickname: Nickname | None = arg("its name for people; the domain when absent", default=None)
    packagetemplate: Name | None = arg(
        "the package whose limits it gets; options given beside it win",
        old=("package_template",), default=None,
    )  # fmt: skip
    master_domain_ipv4: IPv4 | None = arg(
        "its IPv4 address; chosen by the server when absent", old=("ipaddress",), default=None
    )
    master_domain_ipv6: IPv6 | None = arg("its IPv6 address; chosen by the server when absent", default=None)
    external_id: ExternalId | None = arg(
        "what your billing system calls it, such as the number of the service; no other living account of"
        " yours may have it",
        default=None,
    )  # fmt: skip


class Differing(Protocol):
    """What may be changed of a living account; None is what stays as it is."""

    @property
    def email(self) -> str | None: ...

    @property
    def nickname(self) -> str | None: ...

    @property
    def packagetemplate(self) -> str | None: ...


def opened(call: Call, wanted: Described) -> Account:
    """Open an account; the checks of what is wanted were made."""
    assert wanted.password is not None
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
        limits.changed(package, named) if package else limits.limits(named), wanted.external_id,
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


def adjusted(call: Call, account: Account, wanted: Differing) -> bool:
    """Write what an account should be and is not; whether there was anything."""
    package = package_named(call, wanted.packagetemplate)
    named: dict[str, object | None] = {
        "email": wanted.email, "nickname": wanted.nickname, "package_id": package.id if package else None
    }  # fmt: skip
    columns = {
        name: value for name, value in named.items() if value is not None and value != getattr(account, name)
    }
    call.accounts.set(account, **columns)
    to = limits.changed(package or account, limits.given(vars(wanted)))
    has = limits.changed(account, {})
    if to != has:
        call.accounts.set_limits(account, to)
    return bool(columns) or to != has
