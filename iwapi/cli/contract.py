"""`iwapi contract`: writes the published contract and the generated documents, or says what differs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import click

from iwapi.action import Catalogue
from iwapi.cli.actiondocs import actions
from iwapi.cli.docs import configuration, errors
from iwapi.cli.tools import Tools


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a file differs.")
@click.pass_obj
def contract(tools: Tools, check: bool) -> None:
    """Write wsdl/ and the generated files of docs/ into the project in this folder."""
    root = Path.cwd()
    if not (root / "iwapi" / "action.py").exists():
        raise click.ClickException("This is not the project's folder.")
    catalogue = tools.catalogue()
    wanted = {f"wsdl/{name}": text for name, text in tools.contract(catalogue).items()}
    wanted |= generated(catalogue, tools.interworx())
    changed = _differing(root, wanted)
    for name in changed:
        click.echo(f"{name} {'differs from the code: run `make contract`' if check else 'is written'}")
        if not check:
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(wanted[name])
    if check and changed:
        raise click.exceptions.Exit(1)


def generated(catalogue: Catalogue, known: Mapping[str, Collection[str]]) -> dict[str, bytes]:
    """The documents that are made from the code, by path; `known` are InterWorx's actions by controller."""
    texts = {
        "docs/actions.md": actions(catalogue, known),
        "docs/configuration.md": configuration(),
        "docs/errors.md": errors(),
    }
    return {name: text.encode() for name, text in texts.items()}


def _differing(root: Path, wanted: Mapping[str, bytes]) -> list[str]:
    return [
        name for name, text in wanted.items()
        if not (root / name).exists() or (root / name).read_bytes() != text
    ]  # fmt: skip
