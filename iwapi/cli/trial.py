"""A state folder for trying the server out: known packages, a known pool of loopback addresses.

`trial.json` in it keeps what such a server may show again and a real one never could: the administrator's
password and an API key. A folder that was set up without that file is a real one, and is refused.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from iwapi.asked import Credentials
from iwapi.cli.owner import who_runs
from iwapi.cli.tools import Opened, Tools
from iwapi.cli.urls import host_port
from iwapi.config import Config
from iwapi.core.places import is_set_up, settings_file

EMAIL = "admin@example.com"
_SHARED = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
_DEDICATED = ("127.0.0.11", "127.0.0.12")
_PACKAGES = (
    {"package_name": "basic", "OPT_STORAGE": "1000", "OPT_BANDWIDTH": "10", "OPT_EMAIL_BOXES": "10",
     "OPT_FTP_ACCOUNTS": "1", "OPT_MYSQL_DBS": "1", "OPT_MYSQL_DB_USERS": "1"},
    {"package_name": "pro", "OPT_STORAGE": "5000", "OPT_BANDWIDTH": "100", "OPT_EMAIL_BOXES": "100",
     "OPT_FTP_ACCOUNTS": "10", "OPT_MYSQL_DBS": "10", "OPT_MYSQL_DB_USERS": "10", "OPT_SUBDOMAINS": "10",
     "OPT_POINTER_DOMAINS": "10", "OPT_BACKUP": "1", "OPT_CRONTAB": "1", "OPT_DNS_RECORDS": "1",
     "OPT_SSL": "1"},
)  # fmt: skip


@dataclass(frozen=True)
class Secrets:
    """What the folder's owner may see again. The key is empty until one was generated."""

    admin_password: str = field(repr=False)
    api_key: str = field(default="", repr=False)


def pool() -> list[tuple[str, bool]]:
    """The addresses of accounts, each with whether they share it. All are this machine's own."""
    shared = (*_SHARED, "::1") if has_ipv6() else _SHARED
    return [(address, True) for address in shared] + [(address, False) for address in _DEDICATED]


def sites_listen(port: int) -> list[str]:
    """Where sites are served: on every address of the pool, or an account would not answer on its own."""
    return [host_port((address, port)) for address, _ in pool()]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


def has_ipv6() -> bool:
    """Whether this machine has the IPv6 loopback."""
    try:
        with socket.socket(socket.AF_INET6) as trying:
            trying.bind(("::1", 0))
    except OSError:
        return False
    return True


def secrets_of(state: Path, fresh: Secrets) -> Secrets:
    """The secrets of a trial folder; the fresh ones, where it is not there yet."""
    file = _secrets_file(state)
    if file.exists():
        return Secrets(**json.loads(file.read_text()))
    if is_set_up(state):
        raise click.ClickException(f"{state} holds a real server's state: it is not for trying things out.")
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    keep(state, fresh)
    return fresh


def keep(state: Path, secrets: Secrets) -> None:
    """Write the secrets into the folder."""
    _put(_secrets_file(state), json.dumps(asdict(secrets)))


def _secrets_file(state: Path) -> Path:
    return state / "trial.json"


def write_settings(state: Path, settings: Mapping[str, object]) -> None:
    """Write the settings into the folder, so that every command on it obeys the same ones."""
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in settings.items()]
    _put(settings_file(state), "".join(lines))


def _put(path: Path, text: str) -> None:
    """Write a file whole or not at all; only its owner may read it."""
    aside = path.with_suffix(".new")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    aside.rename(path)


def open_trial(tools: Tools, state: Path, password: str, config: Config) -> Opened:
    """Open a trial folder; what an earlier start did not finish is done now."""
    if not is_set_up(state):
        tools.install(state, EMAIL, password, pool(), config.database)
    opened = tools.open(state, config)
    known = {package.name for package in call(tools, opened, "listPackages", {}).packages}
    for package in _PACKAGES:
        if package["package_name"] not in known:
            call(tools, opened, "createPackage", package)
    return opened


def call(tools: Tools, opened: Opened, name: str, raw: Mapping[str, str]) -> Any:
    """Call an action as this machine's own user."""
    return opened.call(tools.catalogue().named[name], {**raw}, Credentials(local=who_runs()))
