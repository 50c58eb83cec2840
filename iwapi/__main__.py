"""The `iwapi` command: hands the parts that do the work to the command line.

Each part is imported when it is used, so that a command waits for no other's libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TextIO

import click

from iwapi.action import Catalogue, collect
from iwapi.cli.group import iwapi
from iwapi.cli.tools import Opened, Ready, Tools
from iwapi.config import Config
from iwapi.core.finding import Finding


@cache
def _catalogue() -> Catalogue:
    import iwapi.actions

    return collect(iwapi.actions)


def _install(
    state: Path, email: str, password: str, addresses: Sequence[tuple[str, bool]], database: str
) -> None:
    from iwapi.app import StateError, install

    try:
        install(state, email, password, addresses, database)
    except (StateError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _open(state: Path, config: Config) -> Opened:
    from iwapi.app import StateError, open_panel

    try:
        panel = open_panel(state, config)
    except (StateError, OSError) as error:
        raise click.ClickException(str(error)) from error

    def serve(ready: Ready, seconds: float | None) -> None:
        from iwapi.app.server import run

        try:
            run(panel, ready, seconds)
        except StateError as error:
            raise click.ClickException(str(error)) from error

    return Opened(config, panel.call, serve, panel.close)


def _move(state: Path, config: Config, url: str, told: Callable[[str], None]) -> None:
    from iwapi.app.stores import StateError, move_store

    try:
        move_store(state, config, url, told)
    except (StateError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _examine(state: Path, config: Config) -> Sequence[Finding]:
    from iwapi.health import examine

    try:
        return examine(state, config)
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _certificate(config: Config) -> Finding:
    from iwapi.health import certificate

    return certificate(config)


def _contract(catalogue: Catalogue) -> Mapping[str, bytes]:
    from iwapi.wires.contract import contract_files

    return contract_files(catalogue)


def _interworx() -> Mapping[str, Collection[str]]:
    from iwapi.wires.route import interworx

    return interworx()


def _log_to(stream: TextIO, level: str, lines: str) -> None:
    from iwapi.log import set_up

    set_up(stream, level, lines)


TOOLS = Tools(_catalogue, _install, _open, _move, _examine, _certificate, _contract, _interworx, _log_to)


def main() -> None:
    iwapi(obj=TOOLS)


if __name__ == "__main__":
    main()
