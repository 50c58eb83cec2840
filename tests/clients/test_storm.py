"""Exactly once, shown by force: whatever is cut, doubled or killed, each order is one whole account."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.storm.story import Storm, weather
from tests.clients.storm.trouble import Trouble

SMALL = pytest.param(200, marks=pytest.mark.timeout(600))
LARGE = pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(6 * 3600)])


def storm(processes: int, orders: int) -> Storm:
    return Storm(processes, orders, passes=orders // 25, kills=orders // 40, troubles=orders // 12)


@pytest.mark.parametrize("orders", [SMALL, LARGE])
@pytest.mark.parametrize("processes", [1, 3])
def test_each_order_is_one_whole_account_on_sqlite(tmp_path: Path, processes: int, orders: int) -> None:
    print(weather(tmp_path / "state", storm(processes, orders)))


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("orders", [SMALL, LARGE])
@pytest.mark.parametrize("processes", [1, 3])
def test_each_order_is_one_whole_account_on_postgresql(tmp_path: Path, processes: int, orders: int) -> None:
    trouble = Trouble()
    try:
        print(weather(tmp_path / "state", storm(processes, orders), trouble))
    finally:
        trouble.close()
