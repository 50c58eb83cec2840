"""The sums of what accounts were given, where a call alone does not bring them about."""

from __future__ import annotations

import pytest

from iwapi.store import shares, wanted
from tests.helpers import World, opening

pytestmark = pytest.mark.both_databases

SMALL = {"OPT_STORAGE": "3", "OPT_BANDWIDTH": "2"}


def test_to_undo_an_account_that_was_closed_meanwhile_takes_nothing_back_twice(
    world: World, cheap_passwords: None
) -> None:
    by = world.reseller()
    for domain in ("a.test", "b.test"):
        world.call("createSiteWorxAccount", opening(domain, **SMALL), by)
    sums = "select given_storage, given_bandwidth from reseller"
    assert world.rows(sums) == [(6, 4)]
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    world.panel.database.change(lambda tx: wanted.undo(tx, 1))
    assert world.rows(sums) == [(3, 2)]
    world.panel.database.change(lambda tx: wanted.undo(tx, 2))
    assert world.rows(sums) == [(0, 0)]


def test_the_master_shares_nothing(world: World) -> None:
    with world.panel.database.snapshot() as tx:
        assert shares.of(tx, 1) is None
