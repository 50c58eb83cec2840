"""Exactly once, shown by force: whatever is cut, doubled or killed, each order is one whole account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.storm.steps import STEPS
from tests.clients.storm.story import Storm, weather
from tests.clients.storm.trouble import Trouble

SMALL = pytest.param(150, marks=pytest.mark.timeout(600))
FULL = 10_000
LARGE = pytest.param(FULL, marks=[pytest.mark.slow, pytest.mark.timeout(6 * 3600)])


def storm(processes: int, orders: int) -> Storm:
    return Storm(processes, orders, passes=orders // 25, kills=orders // 40, troubles=orders // 12)


def was_one(figures: dict[str, Any], orders: int) -> None:
    """It had all that it promised: else it proves nothing."""
    print(json.dumps(figures))
    assert figures["cut"] > orders // 2
    assert figures["answers"] > orders  # there were repeats
    steps = STEPS.keys() & figures["at"]
    assert steps == STEPS.keys() if orders == FULL else len(steps) > len(STEPS) // 2


@pytest.mark.parametrize("orders", [SMALL, LARGE])
@pytest.mark.parametrize("processes", [1, 3])
def test_each_order_is_one_whole_account_on_sqlite(tmp_path: Path, processes: int, orders: int) -> None:
    was_one(weather(tmp_path / "state", storm(processes, orders)), orders)


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("orders", [SMALL, LARGE])
@pytest.mark.parametrize("processes", [1, 3])
def test_each_order_is_one_whole_account_on_postgresql(tmp_path: Path, processes: int, orders: int) -> None:
    trouble = Trouble()
    try:
        was_one(weather(tmp_path / "state", storm(processes, orders), trouble), orders)
    finally:
        trouble.close()
    assert trouble.cuts
    assert trouble.ended
    assert trouble.restarts
