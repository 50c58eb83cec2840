"""Answers at the console."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from iwapi.cli.show import as_json, show
from iwapi.kinds import Flag, Id, Moment, Plain, Secret, Text
from iwapi.shape import arg, shape_of


@dataclass(frozen=True)
class Part:
    id: Id = arg("")
    text: Text | None = arg("", default=None)


@dataclass(frozen=True)
class Whole:
    text: Text = arg("")
    on: Flag = arg("")
    at: Moment = arg("")
    names: tuple[Text, ...] = arg("")
    parts: tuple[Part, ...] = arg("")
    token: Secret | None = arg("", default=None)


AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def whole(text: str = "text", parts: tuple[Part, ...] = (), token: str | None = None) -> Whole:
    return Whole(
        text=text,
        on=True,
        at=AT,
        names=("a", "b"),
        parts=parts,
        token=None if token is None else Plain(token),
    )


def shown(answer: Whole, width: int = 80) -> str:
    out = io.StringIO()
    show(Console(file=out, width=width), shape_of(Whole), answer)
    return out.getvalue()


def test_json_holds_every_member_as_a_program_reads_it() -> None:
    answer = whole(parts=(Part(id=1, text="x"), Part(id=2)), token="the secret")
    assert json.loads(as_json(answer)) == {
        "text": "text",
        "on": True,
        "at": "2026-11-24T10:00:00Z",
        "names": ["a", "b"],
        "parts": [{"id": 1, "text": "x"}, {"id": 2, "text": None}],
        "token": "the secret",
    }


def test_a_table_shows_every_scalar_and_the_rows_below() -> None:
    lines = [" ".join(line.split()) for line in shown(whole(parts=(Part(id=1, text="x"),))).splitlines()]
    for line in (
        "│ on │ yes │",
        "│ at │ 2026-11-24 10:00:00 UTC │",
        "│ names │ a, b │",
        "parts",
        "│ 1 │ x │",
    ):
        assert line in lines


def test_a_list_without_rows_says_so() -> None:
    assert "parts\nnone\n" in shown(whole())


def test_a_secret_is_one_line_however_narrow_the_terminal_is() -> None:
    assert "x" * 100 in shown(whole(token="x" * 100), width=40)


def test_what_an_answer_holds_cannot_command_the_terminal() -> None:
    text = shown(whole("\x1b[2J\x1b]0;title\x07[bold]end[/bold]\u202e"))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[bold]end[/bold]" in text
