"""`iwapi sandbox`: a throw-away server with known data, for people who write billing integrations."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import click

from iwapi.cli.owner import become_owner
from iwapi.cli.tools import Opened, Tools
from iwapi.cli.trial import (
    EMAIL,
    Secrets,
    call,
    free_port,
    keep,
    open_trial,
    secrets_of,
    sites_listen,
    write_settings,
)
from iwapi.cli.urls import base, host_port
from iwapi.config import ENVIRONMENT, SETTINGS, Config, ConfigError, load
from iwapi.core.bound import Addresses
from iwapi.core.places import settings_file

_PASSWORD = "adminpw"
_LISTENERS = ("listen", "listen_tls", "admin_listen", "sites_listen", "dns_listen")
_OWN = (*_LISTENERS, "hostname", "tls_cert", "tls_key", "database")
"""Settings that no variable of the environment changes: what a sandbox prints would not be true, or it would
live in a real server's database."""


@dataclass(frozen=True)
class Sandbox:
    """An open throw-away server, and what its users may know. `log` is the path of its log."""

    opened: Opened
    secrets: Secrets
    log: Path


@contextmanager
def throw_away(tools: Tools, state: Path | None, port_base: int | None) -> Iterator[Sandbox]:
    """A sandbox in a folder, or in a temporary one that goes with it. Without a base it chooses its ports."""
    with nullcontext(state) if state else tempfile.TemporaryDirectory(prefix="iwapi-") as place:
        folder = Path(place)
        secrets = secrets_of(folder, Secrets(_PASSWORD))
        ports = range(port_base, port_base + len(_LISTENERS)) if port_base else [0] * len(_LISTENERS)
        listen = {name: [f"127.0.0.1:{port}"] for name, port in zip(_LISTENERS, ports, strict=True)}
        listen["sites_listen"] = sites_listen(ports[_LISTENERS.index("sites_listen")] or free_port())
        write_settings(folder, {**listen, "allow_reserved_domains": True, "password_login": True})
        config = _settings(folder)
        log = folder / "log"
        with log.open("a", encoding="utf-8") as stream:
            tools.log_to(stream, config.log_level, "json")
            opened = open_trial(tools, folder, secrets.admin_password, config)
            try:
                yield Sandbox(opened, _with_key(tools, opened, folder, secrets), log)
            finally:
                opened.close()


def _settings(state: Path) -> Config:
    """The settings in force: variables of the environment win, as for every server."""
    names = {ENVIRONMENT + setting.name.upper() for setting in SETTINGS if setting.name not in _OWN}
    environment = {name: value for name, value in os.environ.items() if name in names}
    try:
        return load(settings_file(state), environment)
    except ConfigError as error:
        raise click.ClickException(f"The settings cannot be used.\n{error}") from error


def _with_key(tools: Tools, opened: Opened, state: Path, secrets: Secrets) -> Secrets:
    """The folder's secrets with its API key: the one of the first start, for as long as it works."""
    set_now = call(tools, opened, "getApiKey", {}).key
    if set_now is None or set_now.key_id not in secrets.api_key:
        generated = call(tools, opened, "generateApiKey", {})
        secrets = replace(secrets, api_key=generated.apikey.reveal)
        keep(state, secrets)
    return secrets


@click.command()
@click.option("--state", type=click.Path(file_okay=False, path_type=Path, resolve_path=True), metavar="DIR",
              help="Keep the state here, for the next start too; a temporary folder otherwise.")  # fmt: skip
@click.option("--port-base", type=click.IntRange(1, 65535 - len(_LISTENERS)), metavar="N",
              help="Listen on N, N+1 and so on; on free ports otherwise.")  # fmt: skip
@click.option(
    "--seconds", type=click.FloatRange(0), metavar="N", help="End after so long; on SIGTERM otherwise."
)
@click.pass_obj
def sandbox(tools: Tools, state: Path | None, port_base: int | None, seconds: float | None) -> None:
    """Serve known data on loopback, and print one line of JSON when ready.

    There are packages basic and pro, shared and dedicated addresses, an administrator and a master key.
    Every form of log-in is switched on, and reserved example names are accepted. Variables of the environment
    (IWAPI_GRACE_DAYS) are obeyed, but for addresses, certificate and database.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the server has its own way to end
    if state is not None:
        become_owner(state)
    with throw_away(tools, state, port_base) as made:
        made.opened.serve(lambda at: click.echo(json.dumps(_about(made, at))), seconds)


def _about(made: Sandbox, at: Addresses) -> dict[str, object]:
    api, tls, admin = base(at.api[0]), base(at.api_tls[0], tls=True), base(at.admin[0], at.admin_tls)
    return {
        "soap": f"{api}/soap",
        "soap_typed": f"{api}/soap/billing",
        "admin": f"{admin}/soap/admin",
        "pages": f"{admin}/",
        "sites": host_port(at.sites[0]),
        "dns": host_port(at.dns[0]),
        "tls": f"{tls}/soap",
        "ca": at.certificate,
        "api_key": made.secrets.api_key,
        "admin_email": EMAIL,
        "admin_password": made.secrets.admin_password,
        "pid": os.getpid(),
        "log": str(made.log),
    }
