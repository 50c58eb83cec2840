"""Accounts as their owners find them."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.store.accounts import Accounts
from tests.helpers import World

pytestmark = pytest.mark.both_databases


def test_every_lookup_goes_by_an_index(world: World) -> None:
    """One account must not cost more where there are more of them, closed ones included."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    class Watching:
        def one(self, sql: str, *values: object) -> None:
            asked.append((sql, values))

    tx: Any = Watching()
    accounts = Accounts(tx, 1, True)
    accounts.by_domain("a.test")
    accounts.by_uniqname("a")
    accounts.by_id(1)
    accounts.by_external_id("order-1")
    accounts.closed("domain", "a.test")
    accounts.closed("siteworx_id", 1)
    accounts.closed("external_id", "order-1")
    assert len(asked) == 7
    for sql, values in asked:
        told = world.plan(sql, *values)
        assert "SEARCH" in told
        assert "SCAN" not in told, (sql, told)
