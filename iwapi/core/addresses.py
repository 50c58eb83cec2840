"""An IP address of the server's pool."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.kinds import Address, Flag
from iwapi.shape import arg


@dataclass(frozen=True)
class PoolAddress:
    """An address that an account may be given."""

    address: Address = arg("the IP address")
    shared: Flag = arg("many accounts may have it; else it is one account's alone")
