"""The group of all commands: those of the server, and one for each action of the catalogue."""

from __future__ import annotations

import click

from iwapi import __version__
from iwapi.action import Service
from iwapi.cli.actions import command_of
from iwapi.cli.check_config import check_config
from iwapi.cli.contract import contract
from iwapi.cli.demo import demo
from iwapi.cli.doctor import doctor
from iwapi.cli.init import init
from iwapi.cli.migrate import migrate
from iwapi.cli.sandbox import sandbox
from iwapi.cli.serve import serve
from iwapi.cli.tools import Tools

_OWN = {
    str(command.name): command
    for command in (serve, init, sandbox, demo, contract, check_config, doctor, migrate)
}
_SERVICES: tuple[tuple[Service, str], ...] = (
    ("billing", "Actions, for billing systems too"),
    ("admin", "Actions of administration"),
)
_SHORT = 75  # characters of help beside a name


class Commands(click.Group):
    """Finds commands by name; an action's is made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_OWN, *_tools(ctx).catalogue().named]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _OWN:
            return _OWN[cmd_name]
        action = _tools(ctx).catalogue().named.get(cmd_name)
        return None if action is None else command_of(action)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:  # it looks for near names among commands that were added
            raise click.NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        catalogue = _tools(ctx).catalogue()
        groups = [("Commands", list(_OWN.values()))]
        groups += [(title, list(map(command_of, catalogue.service(name)))) for name, title in _SERVICES]
        for title, commands in groups:
            rows = [(str(command.name), command.get_short_help_str(_SHORT)) for command in commands]
            with formatter.section(title):
                formatter.write_dl(rows)


def _tools(ctx: click.Context) -> Tools:
    tools: Tools = ctx.obj
    return tools


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="iwapi")
def iwapi() -> None:
    """The remote API of a hosting panel: run its server, and call every action from here.

    An action works on the server's state as this machine's own user, and is audited as such.
    """
