"""Programs in other languages tell the life of an account and of a reseller, and the docs say which do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.foreign import table
from tests.clients.foreign.clients import CLIENTS
from tests.clients.foreign.harness import Client, names, run, seen_from_outside
from tests.sandbox import Sandbox, running


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One in which some accounts take their time."""
    with running(program="tests.slow_sandbox") as sandbox:
        yield sandbox


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("number", "client"),
    [
        pytest.param(number, client, id=client.slug, marks=pytest.mark.needs(*client.needs))
        for number, client in enumerate(CLIENTS)
    ],
)
def test_a_client_tells_the_whole_story_and_the_docs_say_so(
    number: int, client: Client, sandbox: Sandbox
) -> None:
    found = table.row(client, None)
    try:
        own = names(number, client)
        told = run(client, sandbox, own)
        seen_from_outside(client, sandbox, own)
        found = table.row(client, told.version)
    finally:
        table.write_if_asked(found, CLIENTS)
    documented = table.read().get(found.key)
    assert documented, "make clients-table writes its row"
    assert documented.compared == found.compared, "make clients-table writes it"


def test_the_docs_have_a_row_for_each_client_and_no_other() -> None:
    assert list(table.read()) == [table.row(client, None).key for client in CLIENTS]


def test_no_two_clients_have_the_same_names() -> None:
    assert len({client.slug for client in CLIENTS}) == len(CLIENTS)
