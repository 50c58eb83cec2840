"""Options that commands share: the state folder, and the settings in force."""

from __future__ import annotations

import os
from pathlib import Path

import click

from iwapi.config import Config, ConfigError, load
from iwapi.core.places import settings_file

STATE_VARIABLE = "IWAPI_STATE"
CONFIG_VARIABLE = "IWAPI_CONFIG"

state_option = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path, resolve_path=True),
    envvar=STATE_VARIABLE,
    show_envvar=True,
    default="/var/lib/iwapi",
    show_default=True,
    metavar="DIR",
    help="The folder of the server's state.",
)
config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path, resolve_path=True),
    envvar=CONFIG_VARIABLE,
    show_envvar=True,
    metavar="FILE",
    help="The file of settings; iwapi.toml in the state folder when none is named.",
)


def settings(config: Path | None, state: Path) -> Config:
    """The settings in force; raises `ConfigError` with every problem."""
    path = config or settings_file(state)
    ours = (STATE_VARIABLE, CONFIG_VARIABLE)
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return load(path, environment, required=config is not None)


def usable_settings(config: Path | None, state: Path) -> Config:
    """The settings in force; what is wrong with them ends the command."""
    try:
        return settings(config, state)
    except ConfigError as error:
        raise click.ClickException(f"The settings cannot be used.\n{error}") from error
