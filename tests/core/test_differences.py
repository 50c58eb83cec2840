"""What is told of a thing that changes, comes or goes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iwapi.core.differences import Difference, Thing
from iwapi.errors import Change, DryRun
from iwapi.kinds import UNLIMITED, Plain


def changes(before: dict[str, object] | None, after: dict[str, object] | None) -> list[tuple[str, str, str]]:
    was, becomes = (None if members is None else Thing("thing a", members) for members in (before, after))
    return [(one.member, one.before, one.after) for one in Difference("t", (1,), was, becomes).changes()]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": "x", "b": 1}, {"a": "y", "b": 1}, [("a", "x", "y")]),
        ({"a": None}, {"a": 0}, [("a", "", "0")]),
        ({"a": "x"}, {"a": None}, [("a", "x", "")]),
        ({"a": None}, {"a": ""}, []),
        (None, {"a": "x", "b": None}, [("a", "", "x")]),
        ({"a": "x", "b": None}, None, [("a", "x", "")]),
        ({"OPT_X": 5}, {"OPT_X": UNLIMITED}, [("OPT_X", "5", "unlimited")]),
        ({"version": 5}, {"version": UNLIMITED}, [("version", "5", str(UNLIMITED))]),
        ({"t": None}, {"t": datetime(2026, 12, 1, 3, tzinfo=UTC)}, [("t", "", "2026-12-01T03:00:00Z")]),
    ],
)
def test_members_that_differ_are_told(
    before: dict[str, object] | None, after: dict[str, object] | None, told: list[tuple[str, str, str]]
) -> None:
    assert changes(before, after) == told


def test_a_secret_is_told_to_be_set_or_changed_and_never_itself() -> None:
    assert changes(None, {"password": Plain("x")}) == [("password", "", "(set)")]
    assert changes({"password": Plain("x")}, {"password": Plain("y")}) == [("password", "", "(changed)")]
    assert changes({"password": Plain("x")}, {"password": Plain("x")}) == []
    assert changes({"password": Plain("x")}, None) == []


def test_what_is_renamed_is_called_what_it_was() -> None:
    assert Difference("t", (1,), Thing("user a"), Thing("user b")).name == "user a"
    assert Difference("t", (1,), None, Thing("user b")).name == "user b"


def test_the_message_has_a_line_for_each_thing() -> None:
    found = [Change("account a", "email", "x", "y"), Change("account a", "nickname", "x", ""),
             Change("zone b", "name", "", "b")]  # fmt: skip
    assert DryRun(found, ["12 mailboxes, the package allows 10"]).message.splitlines() == [
        "Dry run: the call would succeed. Nothing was changed.",
        "account a: email: x -> y; nickname: x -> none",
        "zone b: name: b",
        "12 mailboxes, the package allows 10",
    ]
    assert DryRun().message.splitlines()[1:] == ["Nothing would change."]
