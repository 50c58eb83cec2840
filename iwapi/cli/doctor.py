"""`iwapi doctor`: looks at a server's state and says what to do about what is wrong."""

from __future__ import annotations

from pathlib import Path

import click

from iwapi.cli.options import config_option, state_option, usable_settings
from iwapi.cli.owner import become_owner
from iwapi.cli.tools import Tools

_STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@state_option
@config_option
@click.pass_obj
def doctor(tools: Tools, state: Path, config: Path | None) -> None:
    """Look at the state and the settings, and say what to do. Exit code 1 when something fails."""
    from rich.table import Table
    from rich.text import Text

    from iwapi.cli.show import console

    become_owner(state)
    findings = tools.examine(state, usable_settings(config, state))
    table = Table.grid(padding=(0, 2))
    for found in findings:
        said = Text(found.text)
        if found.todo:
            said.append(f"\n{found.todo}", "dim")
        table.add_row(Text(found.grade, _STYLES[found.grade]), Text(found.about), said)
    console().print(table)
    if any(found.grade == "fail" for found in findings):
        raise click.exceptions.Exit(1)
