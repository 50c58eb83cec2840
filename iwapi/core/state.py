"""State: what the pages tell a customer of an account, or a NodeWorx user of itself."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.core.accounts import Details
from iwapi.core.resellers import Reseller
from iwapi.kinds import Email, Flag, Id, Nickname
from iwapi.shape import arg


@dataclass(frozen=True)
class UserState:
    """A NodeWorx user."""

    nodeworx_id: Id = arg("the user's id")
    email: Email = arg("the e-mail address of its log-in")
    nickname: Nickname = arg("its name for people")
    active: Flag = arg("false is suspended: its keys are refused")
    reseller: Reseller | None = arg(
        "its limits and what its accounts were given; none of the master", default=None
    )


@dataclass(frozen=True)
class State:
    """Of an account, or of a NodeWorx user; never both."""

    site: Details | None = arg("the account and its use", default=None)
    user: UserState | None = arg("the user", default=None)
