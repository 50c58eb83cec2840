"""`iwapi check-config`: every problem of the settings, with its place."""

from __future__ import annotations

from pathlib import Path

import click

from iwapi.cli.options import config_option, settings, state_option
from iwapi.cli.owner import become_owner
from iwapi.config import ConfigError


@click.command("check-config")
@config_option
@state_option
def check_config(config: Path | None, state: Path) -> None:
    """Check the settings: the file, and the environment over it."""
    become_owner(state)
    try:
        settings(config, state)
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise click.exceptions.Exit(1) from error
    click.echo("The settings are good.")
