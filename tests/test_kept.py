"""Answers are kept as values: what comes back equals what went in, whatever its type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import iwapi.actions
from iwapi import kept
from iwapi.action import collect
from iwapi.kinds import Flag, Hashed, Id, Moment, NewPassword, Plain, Rules, Secret, Text
from iwapi.shape import Shape, arg, shape_of


@dataclass(frozen=True)
class Inner:
    """One."""

    at: Moment = arg("when")
    on: Flag = arg("whether")


@dataclass(frozen=True)
class Outer:
    """Several."""

    id: Id = arg("which")
    many: tuple[Inner, ...] = arg("ones", default=())
    one: Inner | None = arg("one", default=None)
    text: Text = arg("words", default="none")


VALUE = Outer(id=7, many=(Inner(at=datetime(2026, 11, 24, 10, tzinfo=UTC), on=True),), text='"<&é\u2028')


def example_of(shape: Shape) -> Any:
    """A value of a shape, made from the examples of its kinds."""
    if shape.kind is not None:
        one = shape.kind.parse(shape.kind.example, Rules(allow_reserved_domains=True))
    else:
        assert shape.struct is not None
        one = shape.struct(**{item.name: example_of(item.shape) for item in shape.fields})
    return (one, one) if shape.many else one


def test_a_value_comes_back_equal() -> None:
    shape = shape_of(Outer)
    assert kept.load(shape, kept.dump(shape, VALUE)) == VALUE


def test_rows_come_back_as_rows() -> None:
    shape = shape_of(tuple[Outer, ...])
    assert kept.load(shape, kept.dump(shape, [VALUE, VALUE])) == (VALUE, VALUE)


def test_every_answer_of_a_writing_action_without_a_secret_comes_back_equal() -> None:
    seen = 0
    for action in collect(iwapi.actions).actions:
        if action.writes and not action.answer.holds_secret:
            value = example_of(action.answer)
            assert kept.load(action.answer, kept.dump(action.answer, value)) == value, action.path
            seen += 1
    assert seen > 40


def test_a_member_that_came_later_is_at_its_default() -> None:
    data = json.loads(kept.dump(shape_of(Outer), VALUE))
    del data["text"]
    assert kept.load(shape_of(Outer), json.dumps(data)).text == "none"


@dataclass(frozen=True)
class Shown:
    """A secret, deep in an answer."""

    @dataclass(frozen=True)
    class Key:
        """A key."""

        key: Secret = arg("it")

    keys: tuple[Key, ...] = arg("keys", default=())


def test_a_secret_is_found_however_deep() -> None:
    assert shape_of(Shown).holds_secret
    assert not shape_of(Outer).holds_secret


@dataclass(frozen=True)
class Inputs:
    """Inputs."""

    password: NewPassword | None = arg("it", default=None)
    name: Text = arg("a name", default="")


def test_inputs_differ_by_their_passwords_and_by_nothing_that_is_not_said() -> None:
    shape = shape_of(Inputs)

    def of(password: Plain | Hashed | None) -> str:
        return kept.canonical(shape, Inputs(password=password, name="x"))

    told = {of(None), of(Plain("one")), of(Plain("other")), of(Hashed("", "$6$x"))}
    assert len(told) == 4
    assert of(Plain("one")) == of(Plain("one"))


@dataclass(frozen=True)
class Later(Inputs):
    """The same, with an input that came later."""

    more: Text | None = arg("more", default=None)


def test_an_input_that_came_later_makes_no_call_another() -> None:
    before = kept.canonical(shape_of(Inputs), Inputs(name="x"))
    assert kept.canonical(shape_of(Later), Later(name="x")) == before
    assert kept.canonical(shape_of(Later), Later(name="x", more="y")) != before
