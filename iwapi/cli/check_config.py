"""`iwapi check-config`: every problem of the settings, with its place."""

from __future__ import annotations

from pathlib import Path

import click

from iwapi.cli.options import config_option, settings, state_option
from iwapi.cli.owner import become_owner
from iwapi.cli.tools import Tools
from iwapi.config import ConfigError


@click.command("check-config")
@config_option
@state_option
@click.pass_obj
def check_config(tools: Tools, config: Path | None, state: Path) -> None:
    """Check the settings: the file, the environment over it, and the certificate that they name."""
    become_owner(state)
    try:
        found = tools.certificate(settings(config, state))
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise click.exceptions.Exit(1) from error
    if found.grade == "fail":
        raise click.ClickException(f"{found.text} {found.todo}")
    click.echo("The settings are good.")
