"""What a change makes of things, member by member, in texts that a person understands; secrets are masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from iwapi.errors import Change
from iwapi.kinds import UNLIMITED, Plain

_LIMITED = ("OPT_", "RSL_OPT_", "given_")


@dataclass(frozen=True)
class Thing:
    """A row as it is told: what it is called, and its members. A secret is a `Plain`, a time a `datetime`."""

    name: str
    members: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """A row that changes; None is one that is not there. `table` and `key` are where it is kept."""

    table: str
    key: tuple[object, ...]
    before: Thing | None
    after: Thing | None

    @property
    def name(self) -> str:
        """What it is called; for what is renamed, what it was."""
        thing = self.before or self.after
        assert thing is not None
        return thing.name

    def was(self, member: str) -> object:
        return self.before.members.get(member) if self.before else None

    def becomes(self, member: str) -> object:
        return self.after.members.get(member) if self.after else None

    def differs(self, *members: str) -> bool:
        return any(self.was(member) != self.becomes(member) for member in members)

    def changes(self) -> Iterator[Change]:
        """Its members that differ."""
        thing = self.after or self.before
        assert thing is not None
        for member in thing.members:
            old, new = self.was(member), self.becomes(member)
            if old != new and (told := _told(member, old, new)) != ("", ""):
                yield Change(self.name, member, *told)


def _told(member: str, old: object, new: object) -> tuple[str, str]:
    if isinstance(old, Plain) or isinstance(new, Plain):
        return "", "" if new is None else "(set)" if old is None else "(changed)"
    return _text(member, old), _text(member, new)


def _text(member: str, value: object) -> str:
    if value is None:
        return ""
    if value == UNLIMITED and member.startswith(_LIMITED):
        return "unlimited"
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)
