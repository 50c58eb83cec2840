"""A type's hints say what its values look like on every wire; what no wire can carry is an error at start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from iwapi.kinds import Domain, Id, NewPassword, Secret
from iwapi.shape import Field, Shape, arg, shape_of


@dataclass(frozen=True)
class Inherited:
    number: Id = arg("a number")
    name: Domain | None = arg("a name", default=None)


@dataclass(frozen=True)
class Own(Inherited):
    password: NewPassword = arg("a password", old=("word",), scope="more:rights")
    many: tuple[Inherited, ...] = arg("many", default=())


def test_a_scalar_has_the_kind_of_its_hint() -> None:
    shape = shape_of(Id)
    assert shape.kind is not None
    assert (shape.kind.name, shape.struct, shape.many, shape.optional, shape.secret) == (
        "id",
        None,
        False,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("hint", "many", "optional"),
    [
        (Id | None, False, True),
        (tuple[Id, ...], True, False),
        (Iterator[Id], True, False),
        (tuple[Own, ...], True, False),
    ],
)
def test_many_and_perhaps_none(hint: Any, many: bool, optional: bool) -> None:
    shape = shape_of(hint)
    assert (shape.many, shape.optional) == (many, optional)


def test_a_struct_has_its_own_members_before_inherited_ones() -> None:
    """So an inherited group may grow at its end and old clients still read what they know."""
    assert [item.name for item in shape_of(Own).fields] == ["password", "many", "number", "name"]


@dataclass(frozen=True)
class Narrower(Own):
    """One that needs what the other may leave out."""

    more: Domain = arg("more")
    name: Domain = arg("a name that must be given")


def test_an_inherited_member_that_is_declared_anew_keeps_its_place() -> None:
    fields = shape_of(Narrower).fields
    assert [item.name for item in fields] == ["more", "password", "many", "number", "name"]
    assert (fields[-1].required, fields[-1].help) == (True, "a name that must be given")


def test_a_member_says_what_was_declared_of_it() -> None:
    word, many, number, name = shape_of(Own).fields
    assert word == Field(
        "password", shape_of(NewPassword), "a password", ("word",), "more:rights", True, None
    )
    assert (many.required, many.default, many.shape) == (
        False,
        (),
        Shape(struct=Inherited, fields=shape_of(Inherited).fields, many=True),
    )
    assert (number.required, number.help) == (True, "a number")
    assert (name.required, name.default, name.shape.optional) == (False, None, True)


def test_secrets_are_known_by_their_kind_wherever_they_stand() -> None:
    assert [
        shape_of(hint).secret for hint in (Secret, NewPassword, NewPassword | None, tuple[Secret, ...])
    ] == [True] * 4
    assert not shape_of(Domain).secret


@dataclass(frozen=True)
class Loose:
    number: int = field(kw_only=True)


@pytest.mark.parametrize("hint", [int, str, dict[str, Id], Id | Domain, Any, None, Loose, list[Id]], ids=str)
def test_what_no_wire_can_carry_is_refused_at_start(hint: Any) -> None:
    with pytest.raises(TypeError, match="no wire can carry"):
        shape_of(hint)


def test_a_shape_is_read_once() -> None:
    assert shape_of(Own) is shape_of(Own)
