"""The table "What works with what" of docs/protocols.md, made from what the tests found."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.clients.foreign.harness import Client
from tests.sandbox import ROOT

DOCUMENT = ROOT / "docs" / "protocols.md"
HEADING = "## What works with what"
_WIRES = {
    "typed": "typed SOAP 1.1",
    "typed 1.2": "typed SOAP 1.2",
    "route": "`route`, SOAP 1.1",
    "route 1.2": "`route`, SOAP 1.2",
    "xmlrpc": "XML-RPC",
}
_TEXT = """
Each of these programs opens an account, reads its details and its usage, suspends it, changes its package and
password, lists it, gives a reseller its whole life, and closes the account. It compares the values that its
library decoded. `make clients-table` writes the table from such a run; the tests fail when it is not what
they find. The version is the one that last wrote the row.

| client | version | wire | result |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """What was found with one client. The version is not compared: it is another on another system."""

    client: str
    version: str
    wire: str
    result: str

    @property
    def key(self) -> tuple[str, str]:
        return self.client, self.wire

    @property
    def compared(self) -> tuple[str, str, str]:
        return self.client, self.wire, self.result


def row(client: Client, version: str | None) -> Row:
    """The row of a client: with the version that it told when it came through, with None when it did not."""
    result = "fails" if version is None else "; ".join(filter(None, ["everything", client.how]))
    return Row(client.name, version or "", _WIRES[client.wire], result)


def read(document: Path = DOCUMENT) -> dict[tuple[str, str], Row]:
    """The rows of the table in the document."""
    section = _section(document)[1] if document.exists() else ""
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    rows = [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines[1:]]
    return {row.key: row for row in rows}


def write_if_asked(found: Row, clients: Sequence[Client], document: Path = DOCUMENT) -> None:
    """Put the row into the document's table where WRITE_CLIENTS_TABLE is set; the others stay as they are."""
    if not os.environ.get("WRITE_CLIENTS_TABLE"):
        return
    known = read(document) | {found.key: found}
    rows = [known[key] for client in clients if (key := row(client, None).key) in known]
    lines = [f"| {one.client} | {one.version} | {one.wire} | {one.result} |\n" for one in rows]
    before, _, after = _section(document) if document.exists() else ("# Protocols", "", "")
    document.write_text(f"{before.rstrip()}\n\n{HEADING}\n{_TEXT}{''.join(lines)}{after}")


def _section(document: Path) -> tuple[str, str, str]:
    """The document before the table's section, the section without its heading, and what comes after it."""
    before, _, rest = document.read_text().partition(HEADING + "\n")
    section, mark, after = rest.partition("\n## ")
    return before, section, mark + after
