"""The counts of bytes."""

from __future__ import annotations

from iwapi.hosting.traffic import Traffic


def test_counts_add_up_by_account_until_they_are_taken() -> None:
    traffic = Traffic()
    for account, count in ((1, 10), (2, 5), (1, 1)):
        traffic.add(account, count)
    assert traffic.drain() == {1: 11, 2: 5}
    assert traffic.drain() == {}


def test_what_could_not_be_saved_is_counted_again() -> None:
    traffic = Traffic()
    traffic.add(1, 10)
    for account, count in traffic.drain().items():
        traffic.add(account, count)
    traffic.add(1, 1)
    assert traffic.drain() == {1: 11}
