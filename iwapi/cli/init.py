"""`iwapi init`: makes the state folder of a server."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import click

from iwapi.cli.options import config_option, state_option, usable_settings
from iwapi.cli.owner import become_owner, who_runs
from iwapi.cli.secrets import ask_secret
from iwapi.cli.tools import Tools
from iwapi.config import Config
from iwapi.core.places import settings_file
from iwapi.kinds import Address, Email, NewPassword, Plain, Rules, Wrong
from iwapi.shape import shape_of


@click.command()
@state_option
@config_option
@click.option("--email", metavar="EMAIL", help="The administrator's e-mail; asked for on a terminal.")
@click.option("--shared", multiple=True, metavar="ADDRESS",
              help="An IP address that accounts share; this machine's own when none is named.")  # fmt: skip
@click.option("--address", multiple=True, metavar="ADDRESS", help="An IP address for one account alone.")
@click.option("--database", metavar="URL",
              help="PostgreSQL for the store: postgresql://user:password@host/name.")  # fmt: skip
@click.pass_obj
def init(
    tools: Tools,
    state: Path,
    config: Path | None,
    email: str | None,
    shared: tuple[str, ...],
    address: tuple[str, ...],
    database: str | None,
) -> None:
    """Make the state of a new server: its secrets, its database, its administrator, its addresses.

    The administrator's password is asked for on a terminal, else read as a line of standard input.
    """
    become_owner(state)
    _must_be_writable(state)
    in_force = usable_settings(config, state)
    named = in_force.database
    if database is not None:
        in_force = _with_database(in_force, database)
    rules = Rules(password_strength=in_force.password_strength)
    if email is None and sys.stdin.isatty():
        email = click.prompt("email", err=True)
    email = _parsed(Email, "--email", email or "", rules).lower()
    pool = [(_parsed(Address, "--shared", item, rules), True) for item in shared]
    pool += [(_parsed(Address, "--address", item, rules), False) for item in address]
    password: Plain = _parsed(NewPassword, "password", ask_secret("password", new=True) or "", rules)
    pool = pool or [(_own_address(), True)]
    tools.install(state, email, password.reveal, pool, in_force.database)
    if in_force.database != named:
        _keep(config or settings_file(state), in_force.database)
    click.echo(f"{state} is set up; the administrator is {email}.")
    for item, is_shared in pool:
        click.echo(f"Address {item}: {'shared by accounts' if is_shared else 'for one account alone'}.")


def _with_database(settings: Config, url: str) -> Config:
    if settings.database not in ("", url):
        raise click.UsageError("--database: the settings name another database")
    try:
        return settings.replace(database=url)
    except ValueError as error:
        raise click.UsageError(f"--database: {error}") from None


def _keep(file: Path, url: str) -> None:
    """Write the setting below those that the file has; only its owner may read a file that is made for it."""
    private = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with open(private, "a", encoding="utf-8") as settings:
        settings.write(f"\ndatabase = {json.dumps(url)}\n")


def _must_be_writable(state: Path) -> None:
    """Say what helps before anything is asked; the folder, or the nearest one above it, is looked at."""
    here = next(folder for folder in (state, *state.parents) if os.path.lexists(folder))
    if not os.access(here, os.W_OK | os.X_OK):
        raise click.ClickException(
            f"You may not write into {here}. Name a folder of your own with --state, or have root make this"
            f" one for you: `install -d -m 700 -o {who_runs()} {state}`."
        )


def _parsed(kind: Any, name: str, text: str, rules: Rules) -> Any:
    shape = shape_of(kind)
    assert shape.kind is not None
    try:
        return shape.kind.parse(text, rules)
    except Wrong as wrong:
        said = wrong.problem if shape.secret else f"{text} {wrong.problem}"
        raise click.UsageError(f"{name}: {said} (allowed: {shape.kind.allowed})") from None


def _own_address() -> str:
    """The address that this machine's packets to the internet carry; none is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(asking.getsockname()[0])
