"""A client that leaves a step out, errs or says too much is found, and the table says what was found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.foreign import table
from tests.clients.foreign.build import Build
from tests.clients.foreign.harness import STEPS, Client, heard

CLIENT = Client("C, by hand", "xmlrpc", ("true",), how="by hand", once=True)
OTHER = replace(CLIENT, wire="route")
SAID = "".join(f"ok {step}\n" for step in STEPS)


def test_what_a_client_says_is_heard() -> None:
    told = heard(replace(CLIENT, noise="hm+"), 0, f"version C 89\n{SAID}end\n", "hmmm\n")
    assert (told.version, len(told.steps)) == ("C 89", len(STEPS))


@pytest.mark.parametrize(
    ("status", "output", "errors"),
    [
        (1, f"{SAID}end\n", ""),
        (0, f"{SAID}end\n", "a warning\n"),
        (0, SAID, ""),
        (0, "", ""),
        (0, f"{SAID}wrong list: it counted 2\nend\n", ""),
        (0, f"{SAID}end\n".replace("ok gone", "wrong gone: it is there"), ""),
        (0, f"{SAID}end\n".replace("ok gone\n", ""), ""),
        (0, f"{SAID}ok list\nend\n", ""),
        (0, f"{SAID}hello\nend\n", ""),
    ],
)
def test_a_client_that_is_not_right_is_found(status: int, output: str, errors: str) -> None:
    with pytest.raises(AssertionError):
        heard(CLIENT, status, output, errors)


def test_rows_are_written_in_the_order_of_the_clients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, clients = tmp_path / "protocols.md", (CLIENT, OTHER)
    monkeypatch.delenv("WRITE_CLIENTS_TABLE", raising=False)
    table.write_if_asked(table.row(OTHER, "C 89"), clients, document)
    assert not document.exists()
    document.write_text("# Protocols\n\nText.\n\n## What works with what\n\n## More\n\nText.\n")
    monkeypatch.setenv("WRITE_CLIENTS_TABLE", "yes")
    for client, version in [(OTHER, "C 89"), (CLIENT, None), (OTHER, "C 99")]:
        table.write_if_asked(table.row(client, version), clients, document)
    text = document.read_text()
    assert text.startswith("# Protocols\n\nText.\n\n## What works with what\n")
    assert text.endswith("|\n\n## More\n\nText.\n")
    rows = list(table.read(document).values())
    assert [(row.version, row.result) for row in rows] == [
        ("", "fails"),
        ("C 99", "everything; by hand"),
    ]


def test_a_build_is_made_once_and_made_again_when_it_is_told_differently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.clients.foreign.build.CACHE", tmp_path)
    first = Build("it", (), (("sh", "-c", "echo $$ > made"),))
    made = (first.folder() / "made").read_text()
    assert (first.folder() / "made").read_text() == made
    second = replace(first, commands=(("sh", "-c", "echo other > made"),))
    assert (second.folder() / "made").read_text() == "other\n"
    assert [file.name for file in (tmp_path / "clients").iterdir()] == [second.folder().name]
    with pytest.raises(AssertionError, match="no such thing"):
        replace(first, commands=(("sh", "-c", "echo no such thing; exit 1"),)).folder()
