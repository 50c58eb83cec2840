"""Every action as a command: its options, its help and its answer come from the declaration."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from iwapi.action import Action
from iwapi.asked import Credentials, Options
from iwapi.cli.options import config_option, state_option, usable_settings
from iwapi.cli.owner import become_owner, who_runs
from iwapi.cli.refusals import option_name, refuse, told
from iwapi.cli.secrets import ask_secret
from iwapi.cli.tools import Tools
from iwapi.errors import ApiError, DryRun
from iwapi.kinds import Raw
from iwapi.shape import Field, shape_of

_HOW = shape_of(Options).fields
_json_option = click.option("--json", "as_json", is_flag=True, help="Answer, or tell what is wrong, as JSON.")


class _OptionsOnly(click.Command):
    """A command without arguments. What is given as one is never repeated: it may be a secret."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        super().parse_args(ctx, args)
        if ctx.args:
            raise click.UsageError(
                "An argument was given, and there are only options here. A secret is never an argument:"
                " it is asked for on a terminal, or read as a line of standard input.", ctx,
            )  # fmt: skip
        return ctx.args


def command_of(action: Action) -> click.Command:
    """The command that calls the action."""

    @click.command(action.name, cls=_OptionsOnly, help=action.help)
    @click.pass_obj
    def command(tools: Tools, /, state: Path, config: Path | None, as_json: bool, **given: Any) -> None:
        _call(tools, action, given, state, config, as_json)

    how = [item for item in _HOW if action.writes or (action.waits and item.name == "wait_seconds")]
    for option in (
        *map(_option, action.input.fields),
        *map(_option, how),
        _json_option,
        state_option,
        config_option,
    ):
        option(command)
    return command


def _option(item: Field) -> Any:
    """The option of an input. A secret's option has no value: it says that one will be given."""
    kind = item.shape.kind
    assert kind is not None, "the console gives scalars only"
    name = option_name(item.name)
    required = " [required]" if item.required else ""
    if item in _HOW and kind.xsd == "boolean":
        return click.option(name, item.name, is_flag=True, help=item.help)
    if kind.secret:
        how = "asked for on a terminal, else read as a line of standard input"
        return click.option(name, item.name, is_flag=True, help=f"{item.help}: {how}{required}")
    example = "" if kind.example in kind.allowed else f"; example: {kind.example}"
    default = "" if item.default in (None, "", ()) else f"; default: {_as_given(item.default)}"
    return click.option(
        name, item.name,
        multiple=item.shape.many,
        metavar=kind.name.upper(),
        help=f"{item.help} ({kind.allowed}{example}{default}){required}",
    )  # fmt: skip


def _as_given(default: Any) -> str:
    return str(int(default)) if isinstance(default, bool) else str(default)


def _call(
    tools: Tools, action: Action, given: Mapping[str, Any], state: Path, config: Path | None, as_json: bool
) -> None:
    user = who_runs()
    become_owner(state)
    in_force = usable_settings(config, state)
    raw = _raw(action, given)
    how = {item.name: _as_given(given[item.name]) for item in _HOW if given.get(item.name)}
    with _log_when_needed(tools), closing(tools.open(state, in_force)) as opened:
        try:
            answer: Any = opened.call(action, raw, Credentials(local=user), how)
        except DryRun as found:
            answer = found
        except ApiError as error:
            refuse(error, as_json)
    from iwapi.cli import show  # rich is of no use before there is an answer, and takes time to load

    if as_json:
        click.echo(told(answer) if isinstance(answer, DryRun) else show.as_json(answer))
    elif isinstance(answer, DryRun):
        show.show_dry_run(show.console(), answer)
    else:
        show.show(show.console(), action.answer, answer)


def _raw(action: Action, given: Mapping[str, Any]) -> dict[str, Raw]:
    """The inputs that were given, secrets asked for."""
    raw: dict[str, Raw] = {}
    for item in action.input.fields:
        value = given[item.name]
        if item.shape.secret and (value or item.required):
            value = ask_secret(item.name, new=True)
        if value not in (None, (), False):
            raw[item.name] = value
    return raw


@contextmanager
def _log_when_needed(tools: Tools) -> Iterator[None]:
    late = _LateLog(tools)
    logging.getLogger().addHandler(late)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(late)


class _LateLog(logging.Handler):
    """Sets the log up, on standard error, when there is something to log: most calls log nothing."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(logging.WARNING)
        self._tools = tools

    def emit(self, record: logging.LogRecord) -> None:
        self._tools.log_to(sys.stderr, "warning", "console")
        logging.getLogger(record.name).handle(record)
