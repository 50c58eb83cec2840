"""Shape: what a typed value looks like, read from type hints once.

The Spyne models, the readers, the writers, the CLI and the docs are folds of it.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from iwapi.kinds import Kind


@dataclass(frozen=True)
class Arg:
    """What is said of an input beside its type. See `arg`."""

    help: str
    old: tuple[str, ...] = ()
    scope: str | None = None


def arg(help: str, *, old: tuple[str, ...] = (), scope: str | None = None, default: Any = MISSING) -> Any:
    """Declare an input or a member of an answer.

    `old` are earlier names that `route` takes too. `scope` is a further scope that the caller needs when
    it gives this input. Without `default` the input must be given.
    """
    return dataclasses.field(default=default, kw_only=True, metadata={"arg": Arg(help, old, scope)})


@dataclass(frozen=True)
class Field:
    """One member of a struct."""

    name: str
    shape: Shape
    help: str
    old: tuple[str, ...]
    scope: str | None
    required: bool
    default: Any


@dataclass(frozen=True)
class Shape:
    """A scalar of a kind, or a struct of fields; perhaps many of them, perhaps none."""

    kind: Kind | None = None
    struct: type | None = None
    fields: tuple[Field, ...] = ()
    many: bool = False
    optional: bool = False

    @property
    def secret(self) -> bool:
        return self.kind is not None and self.kind.secret

    @property
    def holds_secret(self) -> bool:
        """Whether it is a secret, or has one at any depth."""
        return self.secret or any(item.shape.holds_secret for item in self.fields)


@cache
def shape_of(hint: Any) -> Shape:
    """The shape that a type hint describes; a hint that no wire can carry is a `TypeError`."""
    origin = get_origin(hint)
    if origin is Annotated:
        return Shape(kind=next(extra for extra in hint.__metadata__ if isinstance(extra, Kind)))
    if origin in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        if len(inner) == 1:
            return dataclasses.replace(shape_of(inner[0]), optional=True)
    if origin in (tuple, Iterator, _ITERATOR):
        return dataclasses.replace(shape_of(get_args(hint)[0]), many=True)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return Shape(struct=hint, fields=tuple(_fields(hint)))
    raise TypeError(f"no wire can carry {hint!r}")


_ITERATOR = get_origin(Iterator[int])


def _fields(struct: type) -> Iterator[Field]:
    """A type's own members precede inherited ones: an inherited group may then grow at its end. An inherited
    member that a type declares anew keeps its place."""
    hints = get_type_hints(struct, include_extras=True)
    declared = {item.name: item for item in dataclasses.fields(struct)}
    own_first = [name for base in struct.__mro__ for name in inspect.get_annotations(base)]
    for name in reversed(dict.fromkeys(reversed(own_first))):
        item = declared[name]
        about: Mapping[str, Any] = item.metadata
        said: Arg = about.get("arg", Arg(""))
        required = item.default is MISSING and item.default_factory is MISSING
        default = None if required else item.default
        yield Field(name, shape_of(hints[name]), said.help, said.old, said.scope, required, default)
