"""A sandbox for each file: a story ends with its key deleted, and failed log-ins count for a minute."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.zeeped import Client, billing
from tests.sandbox import Sandbox, running


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def key(sandbox: Sandbox) -> str:
    return sandbox.api_key


@pytest.fixture
def client(sandbox: Sandbox, key: str) -> Client:
    """A billing system: zeep with the committed WSDL."""
    return billing(sandbox, key)
