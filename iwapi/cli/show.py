"""Answers at the console: tables for people, JSON for programs.

Text in an answer may come from anybody, so nothing in it reaches the terminal as a control sequence.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from iwapi.errors import DryRun
from iwapi.kinds import Plain
from iwapi.shape import Field, Shape

_WIDEST = 10  # columns; rows with more members are shown one below another
_UNBOUNDED = 1000  # columns of an output that is no terminal


def console() -> Console:
    """Standard output, for tables and coloured words."""
    width = None if sys.stdout.isatty() else _UNBOUNDED
    return Console(width=width, highlight=False, markup=False, emoji=False)


def as_json(answer: Any) -> str:
    return json.dumps(_plain(answer), indent=2)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Plain):
        return value.reveal
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def show(out: Console, shape: Shape, answer: Any) -> None:
    """Print an answer of that shape."""
    if shape.many:
        _show_rows(out, shape, answer)
    else:
        _show_one(out, shape, answer)


def show_dry_run(out: Console, found: DryRun) -> None:
    """Print what a call would change, and what would follow from that."""
    out.print(_shown(found.text))
    if found.changes:
        table = Table("about", "member", "now", "after")
        for one in found.changes:
            table.add_row(*map(_shown, (one.about, one.member, one.before, one.after)))
        out.print(table)
    for text in found.consequences:
        out.print(_shown(text))


def _show_one(out: Console, shape: Shape, answer: Any) -> None:
    """Its scalars as one table, each structure in it below; secrets alone, to be copied whole."""
    given = [item for item in shape.fields if getattr(answer, item.name) is not None]
    table = Table(show_header=False)
    for item in given:
        if item.shape.kind is not None and not item.shape.secret:
            table.add_row(item.name, _text(item.shape, getattr(answer, item.name)))
    if table.row_count:
        out.print(table)
    for item in given:
        if item.shape.secret:
            out.print(Text(item.name, "bold"))
            out.print(getattr(answer, item.name).reveal, soft_wrap=True)
        elif item.shape.kind is None:
            out.print(Text(item.name, "bold"))
            show(out, item.shape, getattr(answer, item.name))


def _show_rows(out: Console, shape: Shape, rows: Iterable[Any]) -> None:
    rows = tuple(rows)
    if not rows:
        out.print("none")
    elif len(shape.fields) > _WIDEST or any(item.shape.kind is None for item in shape.fields):
        for row in rows:
            _show_one(out, shape, row)
    else:
        table = Table(*(item.name for item in shape.fields))
        for row in rows:
            table.add_row(*_cells(shape.fields, row))
        out.print(table)


def _cells(fields: tuple[Field, ...], row: Any) -> Iterator[Text]:
    for item in fields:
        yield _text(item.shape, getattr(row, item.name))


def _text(shape: Shape, value: Any) -> Text:
    """A scalar, or many of them, as it may be shown."""
    if shape.many:
        return Text(", ".join(str(_text(dataclasses.replace(shape, many=False), item)) for item in value))
    if value is None:
        return Text("")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    return _shown(f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else str(value))


def _shown(text: str) -> Text:
    """A text with nothing in it that moves the cursor."""
    return Text("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))
