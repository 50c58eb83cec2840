"""Secrets at the console: asked for on a terminal, else read as lines of standard input; never arguments."""

from __future__ import annotations

import sys

import click


def ask_secret(what: str, new: bool) -> str | None:
    """A secret, exactly as it was given; None where standard input has ended.

    On a terminal nothing of it is shown, and a new one is asked for twice.
    """
    if sys.stdin.isatty():
        answer: str = click.prompt(what, hide_input=True, confirmation_prompt=new, err=True)
        return answer
    line = sys.stdin.buffer.readline()
    try:
        return line.decode().removesuffix("\n") if line else None
    except UnicodeDecodeError:
        raise click.UsageError(f"The {what} on standard input is not UTF-8 text.") from None
