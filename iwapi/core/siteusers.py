"""The users of a SiteWorx account: its own log-in, and further ones that may do a part of what it may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from iwapi.core.accounts import Account, Status
from iwapi.core.permissions import SITE
from iwapi.kinds import Email, Flag, Id, Nickname, Text, choice
from iwapi.shape import arg

MOST = 100
"""How many further users an account may have."""

OWN = ("MASTER",)
"""The permissions of an account's own log-in, in InterWorx's words."""

Permission = Annotated[str, choice("sitepermission", *SITE)]


@dataclass(frozen=True)
class SiteUser:
    """A log-in of an account."""

    userid: Id = arg("the user's id; the account's for its own log-in")
    nickname: Nickname = arg("its name for people")
    email: Email = arg("the e-mail address of its log-in")
    ismaster: Flag = arg("it is the account's own log-in")
    status: Status = arg("an inactive user is let in no more; the account's own log-in is as the account")
    perms: tuple[Text, ...] = arg("what it may do; MASTER is everything")


def own(account: Account) -> SiteUser:
    """The account's own log-in."""
    return SiteUser(
        userid=account.siteworx_id, nickname=account.nickname, email=account.email, ismaster=True,
        status=account.status, perms=OWN,
    )  # fmt: skip


def with_login(perms: Iterable[str]) -> tuple[str, ...]:
    """Permissions as they are kept: each once, in the order of their names' table; every user may log in."""
    wanted = {"LOGIN", *perms}
    return tuple(name for name in SITE if name in wanted)


def lacking(perms: Iterable[str], scopes: frozenset[str] | None, named: Iterable[str] | None) -> list[str]:
    """Those of the permissions that a caller with these scopes lacks; `named` are the permissions of a caller
    who is such a user itself. Nobody gives, or takes over, what it has not."""
    return [
        perm for perm in perms
        if (named is not None and perm not in named)
        or (scopes is not None and not SITE.get(perm, frozenset()) <= scopes)
    ]  # fmt: skip
