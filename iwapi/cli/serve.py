"""`iwapi serve`: the server itself; with `--dev` one to try out, with known data, on loopback."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from iwapi.cli.lines import four_lines
from iwapi.cli.options import config_option, state_option, usable_settings
from iwapi.cli.owner import become_owner
from iwapi.cli.tools import Tools
from iwapi.cli.trial import EMAIL, Secrets, has_ipv6, open_trial, secrets_of, sites_listen, write_settings
from iwapi.cli.urls import base, host_port
from iwapi.core.bound import Addresses
from iwapi.core.places import settings_file

_PASSWORD_BYTES = 12
_PORTS = {
    "listen": 2080,
    "listen_tls": 2443,
    "admin_listen": 2444,
    "sites_listen": 8080,
    "dns_listen": 5354,  # on desktops 5353 is taken by multicast DNS
}


@click.command()
@state_option
@config_option
@click.option(
    "--dev", is_flag=True, help="Make the state if need be, with known data, for trying things out."
)
@click.pass_obj
def serve(tools: Tools, state: Path, config: Path | None, dev: bool) -> None:
    """Serve the API, the sites and the zones until SIGTERM or Ctrl-C."""
    become_owner(state)
    password = _prepare(state) if dev else ""
    in_force = usable_settings(config, state)
    tools.log_to(sys.stderr, in_force.log_level, "console" if dev else "json")
    opened = open_trial(tools, state, password, in_force) if dev else tools.open(state, in_force)

    def ready(at: Addresses) -> None:
        for line in _listing(at):
            click.echo(line)
        if dev:
            click.echo("\n".join(_invitation(at, state, password)))

    try:
        opened.serve(ready, None)
    finally:
        opened.close()


def _prepare(state: Path) -> str:
    """Make the folder's settings where it has none; the administrator's password."""
    known = secrets_of(state, Secrets(secrets.token_hex(_PASSWORD_BYTES)))
    if not settings_file(state).exists():
        hosts = ("127.0.0.1", "::1") if has_ipv6() else ("127.0.0.1",)
        listen = {name: [host_port((host, port)) for host in hosts] for name, port in _PORTS.items()}
        listen["sites_listen"] = sites_listen(_PORTS["sites_listen"])
        write_settings(state, {**listen, "allow_reserved_domains": True, "password_login": True})
    return known.admin_password


def _listing(at: Addresses) -> Iterator[str]:
    """What listens where."""
    yield f"API             {' '.join(map(base, at.api))}"
    yield f"API, TLS        {' '.join(base(here, tls=True) for here in at.api_tls)}"
    yield f"Administration  {' '.join(base(here, at.admin_tls) for here in at.admin)}"
    yield f"Sites           {' '.join(map(base, at.sites))}"
    yield f"DNS             {' '.join(map(host_port, at.dns))}"
    yield f"Certificate     {at.certificate}"


def _invitation(at: Addresses, state: Path, password: str) -> Iterator[str]:
    yield f"\nAdministrator   {EMAIL}, password {password}"
    yield f"Settings        {settings_file(state)}"
    yield "\nFour lines to paste: generate a key, open an account, see its site, delete the key.\n"
    yield from four_lines(at, EMAIL, password)
    yield ""
