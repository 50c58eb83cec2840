"""What is offered in place of what is not: the nearest action of InterWorx's envelope, by its names."""

from __future__ import annotations

from collections.abc import Collection
from difflib import SequenceMatcher

Named = tuple[str, str]
"""A controller and an action of it."""


def nearest(asked: Named, offered: Collection[Named]) -> Named | None:
    """The offered action that comes nearest: one of the same controller, best one that changes or reads as
    it does; else one of the same name in the controller that is most alike, else the one whose two names are.
    None where nothing is offered."""
    controller, name = asked
    same_controller = [item for item in offered if item[0] == controller]
    same_controller = [item for item in same_controller if _reads(item) == _reads(asked)] or same_controller
    same_name = [item for item in offered if item[1] == name]
    if same_controller:
        return max(same_controller, key=lambda item: _alike(item[1], name))
    if same_name:
        return max(same_name, key=lambda item: _alike(item[0], controller))
    return max(offered, key=lambda item: _alike(item[0], controller) + _alike(item[1], name), default=None)


def _reads(named: Named) -> bool:
    return named[1].startswith(("list", "query", "get", "is"))


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()
