"""Errors at the console: their texts on standard error, and the exit code of each."""

from __future__ import annotations

import dataclasses
import json

import click

from iwapi.errors import ApiError, Problem

EXIT_CODES = {
    0: "done",
    1: "the server's side failed, or its state or settings cannot be used",
    2: "a wrong input, or a command line that cannot be understood",
    3: "there is no such thing",
    4: "not allowed",
    5: "not now: the same call may succeed later",
    6: "it cannot be done as things stand: a name is taken, something is in use, or the server is full",
}


def exit_code(error: type[ApiError] | ApiError) -> int:
    """The exit code of an error of the catalogue."""
    if error.retryable:
        return 5
    if error.code.endswith("_NOT_FOUND"):
        return 3
    return {1: 2, 2: 4, 3: 6}.get(error.number // 1000, 1)


def option_name(field: str) -> str:
    """What an input is called on the command line."""
    return "--" + field.lower().replace("_", "-")


class Refused(click.ClickException):
    """An action's error, as the console words it; as JSON where JSON was asked for."""

    def __init__(self, error: ApiError, as_json: bool) -> None:
        super().__init__(error.text)
        self.error = error
        self.exit_code = exit_code(error)
        self._as_json = as_json

    def format_message(self) -> str:
        return "\n  ".join([self.error.text, *map(_line, self.error.problems)])

    def show(self, file: object = None) -> None:
        if self._as_json:
            click.echo(json.dumps(self._facts()), err=True)
        else:
            super().show()

    def _facts(self) -> dict[str, object]:
        return {
            "code": self.error.code,
            "message": self.error.text,
            "retryable": self.error.retryable,
            "problems": [vars(problem) for problem in self.error.problems],
        }


def _line(problem: Problem) -> str:
    return str(dataclasses.replace(problem, field=option_name(problem.field)))
