"""Raw inputs -> the dataclass of an action; every wrong input is named at once, as the client named it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from iwapi.errors import REQUIRED, Problem
from iwapi.kinds import MASK, Kind, Raw, Rules, Wrong
from iwapi.shape import Field, Shape

UNKNOWN = "This input is not known"
TWICE = "This input was given more than once"
NOT_TEXT = "This must be a single value"
_SHOWN = 100
_POSITION = re.compile(r"[0-9]{1,10}", re.ASCII)


def parse(shape: Shape, raw: Mapping[str, Raw], rules: Rules, strict: bool) -> tuple[Any, list[Problem]]:
    """The typed inputs, or None and what is wrong with each."""
    assert shape.struct is not None
    values, problems = read(shape, raw, rules, strict)
    return (None if problems else shape.struct(**values)), problems


def read(
    shape: Shape, raw: Mapping[str, Raw], rules: Rules, strict: bool
) -> tuple[dict[str, Any], list[Problem]]:
    """The inputs that were given and are right, by name, and what is wrong with the others.

    A lenient wire drops inputs that the action does not have, and knows old names. It takes the empty list,
    and the empty text where it is no value, as "not given", a list of one where a single value is meant, and
    a struct whose names are positions as a list.
    """
    reader = _Reader(rules, strict)
    return reader.struct(shape, raw), reader.problems


@cache
def _names(shape: Shape) -> frozenset[str]:
    return frozenset(item.name for item in shape.fields)


class _Reader:
    def __init__(self, rules: Rules, strict: bool) -> None:
        self.rules = rules
        self.strict = strict
        self.problems: list[Problem] = []

    def struct(self, shape: Shape, raw: Mapping[str, Raw]) -> dict[str, Any]:
        if self.strict:
            for name in raw:
                if name not in _names(shape):
                    self._wrong(name, "", UNKNOWN)
        return {
            item.name: value for item in shape.fields
            if (value := self._field(item, raw)) is not _ABSENT
        }  # fmt: skip

    def _field(self, item: Field, raw: Mapping[str, Raw]) -> Any:
        name, value = self._named(item, raw)
        if value is None:
            if item.required:
                self._wrong(name, "", REQUIRED, item.shape.kind)
            return _ABSENT
        return self._value(item.shape, name, value)

    def _named(self, item: Field, raw: Mapping[str, Raw]) -> tuple[str, Raw]:
        """The name that the client used for an input, and its value; None where it gave none."""
        found = [
            (name, value) for name in (item.name, *(() if self.strict else item.old))
            if (value := self._present(item.shape, raw.get(name))) is not None
        ]  # fmt: skip
        if not found:
            return item.name, None
        name, value = found[0]
        if any(other != value for _, other in found[1:]):
            shown = MASK if item.shape.secret else value if isinstance(value, str) else ""
            self._wrong(name, shown, f"This input differs from {', '.join(other for other, _ in found[1:])}")
        return name, value

    def _present(self, shape: Shape, value: Raw) -> Raw:
        if not self.strict and shape.kind is not None:
            value = _listed(value)
            if value == [] or (value == "" and not shape.kind.blank):
                return None
        if shape.many and not isinstance(value, str | Mapping | None) and all(item is None for item in value):
            return None
        return value

    def _value(self, shape: Shape, name: str, raw: Raw) -> Any:
        if shape.many:
            return tuple(self._one(shape, name, item) for item in self._items(shape, raw))
        if isinstance(raw, Sequence) and not isinstance(raw, str):
            if self.strict or len(raw) != 1:
                return self._wrong(name, "", TWICE)
            raw = raw[0]
        return self._one(shape, name, raw)

    def _items(self, shape: Shape, raw: Raw) -> Iterator[Raw]:
        for item in raw if isinstance(raw, Sequence) and not isinstance(raw, str) else [raw]:
            if isinstance(item, str) and not self.strict and shape.kind is not None and shape.kind.commas:
                yield from (part.strip() for part in item.split(",") if part.strip())
            elif item is not None:
                yield item

    def _one(self, shape: Shape, name: str, raw: Raw) -> Any:
        kind = shape.kind
        if kind is None:
            if not isinstance(raw, Mapping):
                return self._wrong(name, "", "This must be a structure")
            assert shape.struct is not None
            before = len(self.problems)
            values = self.struct(shape, raw)
            return shape.struct(**values) if len(self.problems) == before else _ABSENT
        if not isinstance(raw, str):
            return self._wrong(name, "", NOT_TEXT, kind)
        try:
            return kind.parse(raw, self.rules)
        except Wrong as wrong:
            return self._wrong(name, raw, wrong.problem, kind, wrong.code)

    def _wrong(
        self, name: str, value: str, problem: str, kind: Kind | None = None, code: str = "INVALID_INPUT"
    ) -> Any:
        shown = MASK if value and kind is not None and kind.secret else value[:_SHOWN]
        self.problems.append(Problem(name[:_SHOWN], shown, problem, kind.allowed if kind else "", code))
        return _ABSENT


def _listed(value: Raw) -> Raw:
    """An array of PHP that misses a position comes as a struct: a list all the same."""
    if isinstance(value, Mapping) and all(map(_POSITION.fullmatch, value)):
        return list(value.values())
    return value


_ABSENT: Any = object()
