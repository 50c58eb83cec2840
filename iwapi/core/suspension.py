"""Why accounts are suspended: reasons that stack, each lifted by itself, now or at a time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from iwapi.core.accounts import REASONS
from iwapi.kinds import choice

BILLING = "billing"
ADMINISTRATOR = "administrator"
RESELLER = "reseller"
GIVEN = tuple(reason for reason in REASONS if reason != RESELLER)
"""The reasons that calls name; `reseller` comes and goes with the suspension of an account's reseller."""

GivenReason = Annotated[str, choice("givenreason", *GIVEN)]


@dataclass(frozen=True)
class Intent:
    """A suspension of an account, or the end of one, that is to come. `by_master` says who wished it."""

    do: Literal["suspend", "lift"]
    reason: str
    message: str
    by_master: bool

    def text(self) -> str:
        return json.dumps(asdict(self))

    def replaces(self, other: Intent) -> bool:
        return (self.do, self.reason) == (other.do, other.reason)


def wish_of(text: str) -> Intent:
    """The wish that was written as text."""
    return Intent(**json.loads(text))
