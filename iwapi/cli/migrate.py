"""`iwapi migrate`: moves the store of a server from SQLite to PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import click

from iwapi.cli.options import config_option, state_option, usable_settings
from iwapi.cli.owner import become_owner
from iwapi.cli.tools import Tools
from iwapi.core.places import settings_file
from iwapi.kinds import DatabaseUrl, database_url


def _url(_: click.Context, __: click.Parameter, text: str) -> DatabaseUrl:
    try:
        return database_url(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@state_option
@config_option
@click.option("--to", required=True, callback=_url, metavar="URL",
              help="An empty database, as postgresql://user:password@host/name.")  # fmt: skip
@click.pass_obj
def migrate(tools: Tools, state: Path, config: Path | None, to: DatabaseUrl) -> None:
    """Move the store from SQLite into an empty PostgreSQL database.

    The server must not run meanwhile. All is moved and compared, or nothing: run it again then.
    """
    become_owner(state)
    in_force = usable_settings(config, state)
    tools.move(state, in_force, to, click.echo)
    click.echo(
        f"The store is moved. Now write into {config or settings_file(state)}, with the password:\n\n"
        f'database = "{to.shown}"\n\n'
        "and start the server. The file of SQLite is not opened any more; keep it until a backup was made."
    )
