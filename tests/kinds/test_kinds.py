"""What holds for every kind: a value stays what it was, junk is refused, and it has an example of itself."""

import dataclasses
import time
from datetime import datetime
from typing import Any, get_args

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

import iwapi.kinds
from iwapi.errors import CATALOGUE
from iwapi.kinds import Kind, Plain, Rules, Wrong, choice

KINDS = {
    kind.name: kind
    for hint in vars(iwapi.kinds).values()
    for kind in get_args(hint)
    if isinstance(kind, Kind)
}
KINDS["choice"] = choice("accountstatus", "active", "inactive")
BY_NAME = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
RULES = [
    Rules(),
    Rules(
        allow_reserved_domains=True,
        own_names=frozenset({"panel.example.net"}),
        password_strength="very strong",
    ),
]

HOSTILE = (
    "0123456789abcxyzABCXYZ٠١９²½äßİıǰΐﬀſК。．․·xn--@%+-_=/\\:;.,'\"<>&|$`*?~#()[]{}!^"
    " \t\r\n\v\f\0\x7f\x85\u00a0\u00ad\u0301\u0378\u200b\u200d\u202e\u2028\u2060\ufeff\uffff\ud800\udfff"
    "\ue000😀👩𐐀"
)  # fmt: skip
LABEL = st.one_of(
    st.text(st.sampled_from("abcxyz019-"), max_size=64),
    st.text(st.sampled_from(HOSTILE), max_size=12),
    st.text(max_size=8),
    st.sampled_from(
        ["www", "xn--", "xn--bcher-kva", "xn--a", "com", "example", "uk", "co", "local", "1", "example.com"]
    ),
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(codec=None), max_size=40),
    st.text(st.sampled_from(HOSTILE), max_size=80),
    st.lists(LABEL, max_size=8).map(".".join),
    st.tuples(LABEL, st.lists(LABEL, max_size=6).map(".".join)).map("@".join),
    st.integers().map(str),
    st.integers(0, 255).map(str).flatmap(lambda part: st.just(".".join([part] * 4))),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
)


def parsed(kind: Kind, text: str, rules: Rules) -> Any:
    """The value, or how it is wrong; anything else that is raised fails the test."""
    try:
        return kind.parse(text, rules)
    except Wrong as wrong:
        return wrong


def again(value: Any) -> str:
    """A typed value as a client would write it."""
    if isinstance(value, Plain):
        return value.reveal
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else str(value)


@BY_NAME
@settings(max_examples=150, deadline=None)
@example(text="www.www.example.com")
@example(text="a" * 64 + "@" + ("ü" * 40 + ".") * 4 + "ch")
@example(text="0001-01-01T00:00:00+14:00")
@example(text="Password\ud800")
@given(text=TEXTS)
def test_a_value_is_parsed_to_itself_or_refused(kind: Kind, text: str) -> None:
    for rules in RULES:
        value = parsed(kind, text, rules)
        if isinstance(value, Wrong):
            assert value.problem
            assert value.code in CATALOGUE
        else:
            assert kind.parse(again(value), rules) == value


@BY_NAME
@settings(max_examples=10, deadline=None)
@given(piece=st.text(st.sampled_from(HOSTILE), min_size=1, max_size=6))
def test_junk_costs_no_time(kind: Kind, piece: str) -> None:
    junk = (piece * 65536)[:65536]
    began = time.process_time()
    parsed(kind, junk, RULES[0])
    assert time.process_time() - began < 0.1


@BY_NAME
def test_a_kind_has_an_example_of_itself(kind: Kind) -> None:
    rules = dataclasses.replace(RULES[0], allow_reserved_domains=True)
    assert kind.parse(kind.example, rules) is not None
    assert kind.allowed


@BY_NAME
def test_the_empty_text_is_a_value_where_the_kind_says_so(kind: Kind) -> None:
    if kind.blank:
        assert kind.parse("", RULES[0]) == ""
    elif kind.name != "secret":
        with pytest.raises(Wrong):
            kind.parse("", RULES[0])


def test_the_names_of_kinds_are_their_own() -> None:
    found = [kind for hint in vars(iwapi.kinds).values() for kind in get_args(hint) if isinstance(kind, Kind)]
    assert len({kind.name for kind in found}) == len({id(kind) for kind in found}) >= 19
