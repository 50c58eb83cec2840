"""docs/protocols.md tells the truth: its tables of rows, of names and of inputs that are passed over."""

import re
from pathlib import Path

import pytest

import iwapi.actions
from iwapi.action import collect
from iwapi.kinds import UNLIMITED
from iwapi.kinds.secrets import MOST_ROUNDS
from iwapi.wires import route
from iwapi.wires.methods import MULTICALL, PREFIX, ROUTE

TEXT = (Path(__file__).parents[2] / "docs" / "protocols.md").read_text()
CATALOGUE = collect(iwapi.actions)
SHAPES = {"list": "lists", "map": "maps", "object": "objects", "one map": "map"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    lines = TEXT.split(f"\n{heading}\n", 1)[1].splitlines()
    table = [line for line in lines if line.startswith("|")]
    end = next((at for at, line in enumerate(lines) if at > lines.index(table[0]) and line[:1] != "|"), None)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end] if line[:1] == "|"][
        2:
    ]


def in_code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


ROWS = [
    (kind, f"/nodeworx/{group.split()[0]}", action)
    for kind, _, actions in rows("### Rows") for group in actions.split("; ") for action in in_code(group)
]  # fmt: skip


@pytest.mark.parametrize(("kind", "controller", "action"), ROWS)
def test_an_action_s_rows_are_as_told(kind: str, controller: str, action: str) -> None:
    declared = CATALOGUE.routed[controller, action].route
    assert declared is not None
    assert declared.shape == SHAPES[kind]


def test_every_kind_of_row_is_told() -> None:
    assert {kind for kind, _, _ in ROWS} == SHAPES.keys()


@pytest.mark.parametrize(("name", "also"), rows("### Old and new names"))
def test_an_input_has_the_other_names_that_are_told(name: str, also: str) -> None:
    named, *actions = in_code(name)
    fields = {
        action.route.action: field
        for (controller, _), action in CATALOGUE.routed.items() if controller == "/nodeworx/siteworx"
        for field in action.input.fields if action.route and field.name == named
    }  # fmt: skip
    assert fields
    for action in actions or fields:
        assert set(in_code(also)) <= set(fields[action].old)


def test_the_inputs_that_are_passed_over_are_told() -> None:
    line = TEXT[TEXT.index("- These inputs are passed over") :].partition("\n- ")[0]
    assert set(in_code(line)) == route._HARMLESS


def test_names_and_numbers_are_those_of_the_code() -> None:
    for word in (
        f"`{ROUTE}`",
        f"`{PREFIX}<operation>`",
        f"`{MULTICALL}`",
        f"{UNLIMITED} is",
        f" {MOST_ROUNDS} rounds",
    ):
        assert word in TEXT
