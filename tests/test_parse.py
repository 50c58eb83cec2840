"""Every wrong input is named at once, as the client named it; a secret is never said again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Annotated, Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from iwapi.errors import REQUIRED, Problem
from iwapi.kinds import (
    MASK,
    Count,
    Domain,
    Flag,
    Id,
    IPv4,
    Kind,
    NewPassword,
    Nickname,
    Plain,
    Raw,
    Rules,
    Wrong,
)
from iwapi.parse import NOT_TEXT, TWICE, UNKNOWN, parse
from iwapi.shape import arg, shape_of


@dataclass(frozen=True)
class Part:
    number: Id = arg("a number")
    note: Nickname | None = arg("a note", default=None)


@dataclass(frozen=True)
class Inputs:
    domain: Domain = arg("a domain", old=("domainname", "master_domain"))
    password: NewPassword = arg("a password", old=("secret_word",))
    limit: Count = arg("a limit", default=7)
    status: Flag | None = arg("a status", default=None)
    nickname: Nickname | None = arg("a nickname", old=("nick",), default=None)
    parts: tuple[Part, ...] = arg("parts", default=())
    names: tuple[Domain, ...] = arg("names", old=("name",), default=())


@dataclass(frozen=True)
class Several:
    domain: tuple[Domain, ...] = arg("domains", old=("domainname",))


GOOD: dict[str, Raw] = {"domain": "example.com", "password": "Correct-horse7"}


def read(raw: dict[str, Raw], strict: bool = True, of: type = Inputs) -> tuple[Any, list[Problem]]:
    return parse(shape_of(of), raw, Rules(), strict)


def problems(raw: dict[str, Raw], strict: bool = True, of: type = Inputs) -> list[tuple[str, str, str]]:
    value, found = read(raw, strict, of)
    assert (value is None) == bool(found)
    return [(problem.field, problem.value, problem.problem) for problem in found]


def test_good_inputs_become_the_typed_value_with_defaults() -> None:
    value, found = read({**GOOD, "status": "0", "parts": [{"number": "3"}, {"number": "4", "note": ""}]})
    assert found == []
    assert value == Inputs(
        domain="example.com", password=Plain("Correct-horse7"), limit=7, status=False, nickname=None,
        parts=(Part(number=3), Part(number=4, note="")), names=(),
    )  # fmt: skip


def test_every_wrong_input_is_named_in_one_answer() -> None:
    raw: dict[str, Raw] = {
        "domain": "no domain", "password": "short", "limit": "1_000", "status": "maybe", "nickname": "a\0b",
        "parts": [{"number": "x", "more": "1"}, {}, "text"], "names": ["a.com", "b"], "colour": "red",
    }  # fmt: skip
    assert problems(raw) == [
        ("colour", "", UNKNOWN),
        ("domain", "no domain", "This is not a valid domain name"),
        (
            "password",
            MASK,
            "This password is too weak, it must have 7 characters or more with both cases, or 12 or more",
        ),
        ("limit", "1_000", "This is not a whole number"),
        ("status", "maybe", "This is not a flag"),
        ("nickname", "a\0b", "This text holds a control character"),
        ("more", "", UNKNOWN),
        ("number", "x", "This is not a whole number"),
        ("number", "", REQUIRED),
        ("parts", "", "This must be a structure"),
        ("names", "b", "This is not a valid domain name"),
    ]


def test_a_problem_says_what_is_allowed_and_shows_the_beginning_of_the_value() -> None:
    _, (problem,) = read({**GOOD, "domain": "x" * 500})
    assert problem == Problem(
        "domain",
        "x" * 100,
        "This is not a valid domain name",
        "a domain name as my-shop.com, 4 to 253 characters",
    )
    assert str(problem).startswith("domain: xxx")


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("nothing", [{}, {"domain": None, "password": None}])
def test_what_is_required_and_not_given_is_named(strict: bool, nothing: dict[str, Raw]) -> None:
    assert problems(nothing, strict) == [("domain", "", REQUIRED), ("password", "", REQUIRED)]


def test_a_strict_wire_knows_neither_unknown_nor_old_names() -> None:
    """An old name that were taken as known and then not read would be work reported as done that was not."""
    assert problems({**GOOD, "colour": "red"}) == [("colour", "", UNKNOWN)]
    assert problems({**GOOD, "nick": "x"}) == [("nick", "", UNKNOWN)]
    assert problems({"domainname": "example.com", "password": "Correct-horse7"}) == [
        ("domainname", "", UNKNOWN), ("domain", "", REQUIRED),
    ]  # fmt: skip


def test_a_lenient_wire_drops_unknown_names_and_takes_old_ones() -> None:
    value, found = read(
        {"domainname": "example.com", "secret_word": "Correct-horse7", "colour": "red"}, strict=False
    )
    assert found == []
    assert (value.domain, value.password) == ("example.com", Plain("Correct-horse7"))


def test_a_wrong_value_is_named_by_the_name_the_client_used() -> None:
    assert problems({"domainname": "x", "password": "Correct-horse7", "nick": "\n"}, strict=False) == [
        ("domainname", "x", "This is not a valid domain name"),
        ("nick", "\n", "This text holds a control character"),
    ]


def test_two_names_of_one_input_must_agree() -> None:
    same, differs = (
        dict(GOOD, domainname="example.com"),
        dict(GOOD, domainname="example.org", nick="a", nickname="b"),
    )
    assert problems(same, strict=False) == []
    assert problems(differs, strict=False) == [
        ("domain", "example.com", "This input differs from domainname"),
        ("nickname", "b", "This input differs from nick"),
    ]  # fmt: skip
    assert problems({**GOOD, "secret_word": "Another-horse7"}, strict=False) == [
        ("password", MASK, "This input differs from secret_word")
    ]


def test_an_empty_text_is_not_given_on_a_lenient_wire_unless_it_is_a_value() -> None:
    value, found = read({**GOOD, "limit": "", "status": "", "nickname": "", "domainname": ""}, strict=False)
    assert found == []
    assert (value.limit, value.status, value.nickname) == (7, None, "")
    assert problems({"domain": "", "password": ""}, strict=False) == [
        ("domain", "", REQUIRED),
        ("password", "", REQUIRED),
    ]


def test_an_empty_text_is_a_wrong_value_on_a_strict_wire() -> None:
    assert [name for name, _, _ in problems({**GOOD, "limit": "", "status": "", "nickname": ""})] == [
        "limit",
        "status",
    ]


def test_a_list_where_one_is_meant_and_one_where_a_list_is_meant() -> None:
    assert problems({**GOOD, "domain": ["example.com"]}) == [("domain", "", TWICE)]
    assert read({**GOOD, "domain": ["example.com"]}, strict=False)[0].domain == "example.com"
    assert problems({**GOOD, "domain": ["example.com", "example.org"]}, strict=False) == [
        ("domain", "", TWICE)
    ]
    assert problems({**GOOD, "domain": []}, strict=False) == [("domain", "", REQUIRED)]
    for strict in (True, False):
        assert read({**GOOD, "names": "example.com"}, strict)[0].names == ("example.com",)
        assert read({**GOOD, "names": ["a.com", None]}, strict)[0].names == ("a.com",)


@pytest.mark.parametrize("positions", [{"3": "a.com", "7": "b.com"}, {"1": "a.com", "0": "b.com", "2": None}])
def test_a_struct_of_positions_is_a_list_on_a_lenient_wire(positions: Raw) -> None:
    assert read({**GOOD, "names": positions}, strict=False)[0].names == ("a.com", "b.com")
    assert problems({**GOOD, "names": positions}) == [("names", "", NOT_TEXT)]


def test_a_struct_of_one_position_is_the_value_on_a_lenient_wire() -> None:
    assert read({**GOOD, "domain": {"1": "a.com"}}, strict=False)[0].domain == "a.com"
    assert problems({"password": "Correct-horse7", "domain": {"1": "a.com", "2": "b.com"}}, strict=False) == [
        ("domain", "", TWICE)
    ]
    assert problems({"domain": {}}, False, Several) == [("domain", "", REQUIRED)]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("empty", [None, [], [None], ()])
def test_a_list_that_must_be_given_is_not_an_empty_one(strict: bool, empty: Raw) -> None:
    assert problems({"domain": empty}, strict, Several) == [("domain", "", REQUIRED)]


@pytest.mark.parametrize("strict", [True, False])
def test_a_structure_where_a_text_is_meant(strict: bool) -> None:
    assert problems({**GOOD, "domain": {"a": "b"}}, strict) == [("domain", "", NOT_TEXT)]
    assert problems({**GOOD, "names": [["a.com"], {"a": "b"}]}, strict) == [("names", "", NOT_TEXT)] * 2
    assert problems({**GOOD, "password": {"a": "b"}}, strict) == [("password", "", NOT_TEXT)]


def test_a_kind_s_own_code_is_the_problem_s() -> None:
    def busy(_: str, __: Rules) -> str:
        raise Wrong("Taken", code="DOMAIN_TAKEN")

    kind = Kind("busy", busy, "string", "a free name", "x")
    one = dataclasses.make_dataclass("One", [("name", Annotated[str, kind], arg("a name"))], frozen=True)
    assert read({"name": "x"}, of=one)[1] == [Problem("name", "x", "Taken", "a free name", "DOMAIN_TAKEN")]


CANARY = "Canary-in-the-coal-mine"
NAMES = st.one_of(
    st.sampled_from(
        ["domain", "domainname", "password", "secret_word", "limit", "parts", "names", "number", "note"]
    ),
    st.text(max_size=8),
)
RAW: st.SearchStrategy[Raw] = st.recursive(
    st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["example.com", "1", "", CANARY])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(NAMES, RAW, max_size=8), st.booleans())
def test_whatever_is_sent_is_a_value_or_named(raw: dict[str, Raw], strict: bool) -> None:
    value, found = read(raw, strict)
    assert (value is None) == bool(found)
    assert all(problem.problem for problem in found)


@given(
    st.sampled_from(["password", "secret_word"]),
    st.sampled_from(
        [CANARY + "\0", CANARY + "\ud800", CANARY * 20, CANARY + "密" * 200, "x" + CANARY.lower() * 12]
    ),
    st.booleans(),
    st.sampled_from(["plain", "list", "lists", "struct"]),
)
def test_a_secret_is_never_echoed(name: str, value: str, strict: bool, put: str) -> None:
    sent: Raw = {"plain": value, "list": [value], "lists": [value, value], "struct": {name: value}}[put]
    other = {"password": "secret_word", "secret_word": "password"}[name]
    for raw in ({"domain": "x", name: sent}, {"domain": "x", name: sent, other: CANARY}):
        assert CANARY.lower() not in repr(read(raw, strict)).lower()


@dataclass(frozen=True)
class Lists:
    ipv4: tuple[IPv4, ...] = arg("addresses", default=())
    domain: tuple[Domain, ...] = arg("domains", default=())


@pytest.mark.parametrize(
    "sent", ["192.0.2.1, 192.0.2.2", ["192.0.2.1", "192.0.2.2"], ["192.0.2.1,192.0.2.2,"]], ids=str
)
def test_a_lenient_wire_takes_commas_between_values_of_a_kind_that_has_them(sent: Raw) -> None:
    value, found = read({"ipv4": sent}, strict=False, of=Lists)
    assert found == []
    assert value.ipv4 == ("192.0.2.1", "192.0.2.2")
    assert len(problems({"ipv4": "192.0.2.1,x,192.0.2.2,y"}, strict=False, of=Lists)) == 2


def test_commas_stand_between_nothing_on_a_strict_wire_and_in_other_kinds() -> None:
    assert problems({"ipv4": "192.0.2.1,192.0.2.2"}, of=Lists) == [
        ("ipv4", "192.0.2.1,192.0.2.2", "This is not a valid IP address")
    ]
    assert problems({"domain": "a.test,b.test"}, strict=False, of=Lists) == [
        ("domain", "a.test,b.test", "This is not a valid domain name")
    ]
