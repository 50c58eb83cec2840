"""What an account should be on the machine: the wanted state that drivers make real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["active", "inactive", "parked", "purged"]
"""Serving; suspended; closed with its data kept aside for the grace time; gone."""


@dataclass(frozen=True)
class Want:
    """One account, as far as the services of a machine need to know it.

    `folders` are the document roots of its further domains, below its home and in their order. `former` is
    the main domain that it had when it was closed, where it was brought back with another.
    """

    account_id: int
    generation: int
    state: State
    uniqname: str
    domain: str
    ipv4: str | None
    ipv6: str | None
    folders: tuple[str, ...] = ()
    former: str | None = None
