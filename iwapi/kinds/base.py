"""A kind of value: one parser, one XSD type, one example, the same on every wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Raw: TypeAlias = str | Sequence["Raw"] | Mapping[str, "Raw"] | None
"""What a wire reads: the text of a scalar, nothing, a list or a struct. Wires never type a scalar."""


class Wrong(Exception):
    """A value that its kind does not allow. `code` names an error of the catalogue."""

    def __init__(self, problem: str = "This is not a valid value", code: str = "INVALID_INPUT") -> None:
        super().__init__(problem)
        self.problem = problem
        self.code = code


@dataclass(frozen=True)
class Rules:
    """What the server's settings say about values."""

    allow_reserved_domains: bool = False
    own_names: frozenset[str] = frozenset()  # the host's own names: never an account's
    password_strength: str = "medium"


@dataclass(frozen=True, eq=False)
class Kind:
    """How a scalar is parsed, described and shown.

    `parse` takes the text as it came and the server's rules, and raises `Wrong`. `allowed` says in words
    what is accepted. `facets` are XSD facets of `xsd`. `blank` says that the empty text is a value.
    A `slow` kind is digested on the pool before its action runs. Where many are meant, a lenient wire takes
    one text in which `commas` stand between them.
    """

    name: str
    parse: Callable[[str, Rules], Any]
    xsd: str
    allowed: str
    example: str
    facets: Mapping[str, str | int] = field(default_factory=dict)
    secret: bool = False
    blank: bool = False
    slow: bool = False
    commas: bool = False
