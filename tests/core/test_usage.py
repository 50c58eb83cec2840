"""Bytes in the units of InterWorx: what is used is never shown as nothing."""

import pytest

from iwapi.core.usage import MB, UsageRow, gigabytes, megabytes, percent
from iwapi.kinds import UNLIMITED


@pytest.mark.parametrize(
    ("count", "mb", "gb"),
    [
        (0, 0, 0),
        (1, 1, 0),
        (MB, 1, 0),
        (MB + 1, 2, 0),
        (1023 * MB, 1023, 1),
        (1024 * MB, 1024, 1),
        (10**18, 953674316407, 931322575),
    ],
)
def test_bytes_become_megabytes_and_gigabytes(count: int, mb: int, gb: int) -> None:
    assert (megabytes(count), gigabytes(count)) == (mb, gb)


@pytest.mark.parametrize(
    ("gb", "mb"), [(1, 1024), (100, 102400), (UNLIMITED, UNLIMITED), (UNLIMITED - 1, UNLIMITED)]
)
def test_allowed_traffic_in_mb_stays_unlimited_where_it_is(gb: int, mb: int) -> None:
    assert UsageRow(1, "example.com", 0, 0, 10, gb).bandwidth_mb == mb


@pytest.mark.parametrize(
    ("used", "limit", "percentage"),
    [(0, 10, 0), (1, 3, 33), (10, 10, 100), (50, 10, 100), (7, UNLIMITED, 0), (0, 0, 0), (1, 0, 100)],
)
def test_what_is_used_is_a_percentage_from_0_to_100(used: int, limit: int, percentage: int) -> None:
    assert percent(used, limit) == percentage
