"""A package: a named set of limits that new accounts are given a copy of."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.core.limits import Limits
from iwapi.kinds import Id, Name
from iwapi.shape import arg


@dataclass(frozen=True)
class Package(Limits):
    """A package of one owner. Its name is unique for the owner."""

    id: Id = arg("the package's id")
    name: Name = arg("the package's name")
