"""Exactly once, shown by force: whatever is cut, doubled or killed, each order is one whole account."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests import postgres
from tests.clients.storm.story import Storm, weather
from tests.clients.storm.trouble import trouble

SMALL = pytest.param(300, 12, 1.5, marks=pytest.mark.timeout(240))
LARGE = pytest.param(10_000, 120, 6.0, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])


@pytest.mark.parametrize(("number", "passes", "pause"), [SMALL, LARGE])
@pytest.mark.parametrize("processes", [1, 3])
def test_each_order_is_one_whole_account_on_sqlite(
    tmp_path: Path, processes: int, number: int, passes: int, pause: float
) -> None:
    print(weather(tmp_path / "state", Storm(processes, number, passes, pause)))


@pytest.mark.needs("postgres")
@pytest.mark.parametrize(("number", "passes", "pause"), [SMALL, LARGE])
@pytest.mark.parametrize("processes", [1, 3])
def test_each_order_is_one_whole_account_on_postgresql(
    tmp_path: Path, processes: int, number: int, passes: int, pause: float
) -> None:
    server = postgres.Server()
    proxy = postgres.Proxy(server.port)
    name = server.create()
    storm = Storm(processes, number, passes, pause)
    befalls = partial(trouble, server, proxy, name, storm.seed, pause / 3)
    try:
        print(weather(tmp_path / "state", storm, server.url(name), server.url(name, proxy.port), befalls))
        print(f"{proxy.cuts} connections to the database were cut")
    finally:
        proxy.close()
        server.remove()
