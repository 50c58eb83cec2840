"""Errors at the console: their texts on standard error, and the exit code of each."""

from __future__ import annotations

import dataclasses
import json
from typing import NoReturn

import click

from iwapi.errors import ApiError, DryRun, Problem

EXIT_CODES = {
    0: "done; of a dry run: the call would succeed",
    1: "the server's side failed, or its state or settings cannot be used",
    2: "a wrong input, or a command line that cannot be understood",
    3: "there is no such thing",
    4: "not allowed",
    5: "not now: the same call may succeed later",
    6: "it cannot be done as things stand: a name is taken, something is in use, or the server is full",
}


def exit_code(error: type[ApiError] | ApiError) -> int:
    """The exit code of an error of the catalogue."""
    if error.code == DryRun.code:
        return 0
    if error.retryable:
        return 5
    if error.code.endswith("_NOT_FOUND"):
        return 3
    return {1: 2, 2: 4, 3: 6, 4: 6}.get(error.number // 1000, 1)


def option_name(field: str) -> str:
    """What an input is called on the command line."""
    return "--" + field.lower().replace("_", "-")


def refuse(error: ApiError, as_json: bool) -> NoReturn:
    """Tell an action's error on standard error, in words or as JSON, and end with its exit code."""
    text = told(error) if as_json else "\n  ".join([f"Error: {error.text}", *map(_line, error.problems)])
    click.echo(text, err=True)
    raise click.exceptions.Exit(exit_code(error))


def told(error: ApiError) -> str:
    """An error as JSON."""
    return json.dumps(
        {
            "code": error.code,
            "message": error.text,
            "retryable": error.retryable,
            "problems": [dataclasses.asdict(problem) for problem in error.problems],
            "job": error.job,
            "changes": [dataclasses.asdict(change) for change in error.changes],
            "consequences": error.consequences,
        }
    )


def _line(problem: Problem) -> str:
    return str(dataclasses.replace(problem, field=option_name(problem.field)))
