"""Usage is kept as totals: bytes served by account and calendar month in UTC, bytes stored by account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from iwapi.store import usage
from tests.helpers import World

pytestmark = pytest.mark.both_databases

NOVEMBER, DECEMBER = (datetime(2026, month, 1, tzinfo=UTC).timestamp() for month in (11, 12))


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (NOVEMBER, 202611),
        (DECEMBER - 0.001, 202611),
        (DECEMBER, 202612),
        (datetime(2027, 1, 1, tzinfo=UTC).timestamp(), 202701),
    ],
)
def test_a_month_begins_and_ends_in_utc(at: float, month: int) -> None:
    assert usage.month(at) == month


def test_bytes_add_up_within_their_month(world: World, cheap_passwords: None) -> None:
    one, other = world.open("one.test"), world.open("other.test")

    def add(at: float, **sent: int) -> None:
        ids = {"one": one.siteworx_id, "other": other.siteworx_id}
        world.panel.database.change(
            lambda tx: usage.add_traffic(tx, {ids[name]: count for name, count in sent.items()}, at)
        )

    add(NOVEMBER, one=5)
    add(NOVEMBER + 100, one=7, other=1)
    add(DECEMBER, one=100)
    for now, expected in ((NOVEMBER, (12, 1)), (DECEMBER, (100, 0)), (DECEMBER + 40 * 86400, (0, 0))):
        world.clock.now = now
        rows = world.call("listBandwidthAndStorageInMB")
        assert tuple(row.bandwidth_bytes for row in rows) == expected


def test_the_sizes_looked_at_longest_ago_come_first(world: World, cheap_passwords: None) -> None:
    for name in "abcd":
        world.open(f"{name}.test")

    def work(tx: Any) -> list[int]:
        for account_id, at in ((1, 30), (2, 10), (3, 20), (4, 50)):
            usage.set_sizes(tx, {account_id: 1}, at)
        usage.set_sizes(tx, {2: 7}, 40)
        return usage.measured_longest_ago(tx, 41, 2)

    assert world.panel.database.change(work) == [3, 1]
    assert world.value("select bytes from storage where account_id = 2") == 7


def test_of_an_account_that_is_gone_nothing_is_kept(world: World, cheap_passwords: None) -> None:
    """What was counted of it may be written after its data was removed."""
    account = world.open("a.test")
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    world.call("purgeSiteWorxAccount", {"domain": "a.test"})
    change = world.panel.database.change
    change(lambda tx: usage.set_sizes(tx, {account.siteworx_id: 7}, 1))
    change(lambda tx: usage.add_traffic(tx, {account.siteworx_id: 7}, NOVEMBER))
    for table in ("storage", "traffic"):
        assert world.rows(f"select * from {table}") == []
