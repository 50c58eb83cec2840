"""What a reseller has left for its accounts."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from iwapi.core import limits
from iwapi.core.resellers import RESELLER, Shares, given_name
from iwapi.kinds import UNLIMITED


def shares(gave: int, accounts: int = 0, **limit: int) -> Shares:
    """A reseller who gave so much of every option."""
    return Shares(RESELLER.decided(limit), dict.fromkeys(limits.ACCOUNT.numbers, gave), accounts)


def test_its_options_are_those_that_can_be_summed_and_three_of_its_own() -> None:
    assert [name for name in RESELLER.names if name.removeprefix("RSL_") not in limits.NAMES] == [
        "RSL_OPT_SITEWORX_ACCOUNTS", "RSL_OPT_OVERSELL_STORAGE", "RSL_OPT_OVERSELL_BANDWIDTH",
    ]  # fmt: skip
    assert {f"RSL_{name}" for name in limits.ACCOUNT.numbers} <= set(RESELLER.numbers)
    assert given_name("OPT_MYSQL_DBS") == "given_mysql_dbs"


@pytest.mark.parametrize(
    ("gave", "has", "left"),
    [(0, 0, 10), (4, 0, 6), (4, 3, 9), (10, 0, 0), (15, 0, 0), (15, 2, 0), (15, 9, 4)],
)
def test_what_is_left_is_the_limit_without_what_others_were_given(gave: int, has: int, left: int) -> None:
    assert shares(gave, RSL_OPT_FTP_ACCOUNTS=10).left("OPT_FTP_ACCOUNTS", has) == left


def test_unlimited_is_left_only_where_the_reseller_is_unlimited() -> None:
    assert shares(5, RSL_OPT_STORAGE=UNLIMITED).left("OPT_STORAGE", 0) == UNLIMITED
    assert shares(0, RSL_OPT_STORAGE=UNLIMITED - 1).too_much({"OPT_STORAGE": UNLIMITED}, {}) == {
        "OPT_STORAGE": UNLIMITED - 1
    }
    assert shares(0, 7, RSL_OPT_SITEWORX_ACCOUNTS=UNLIMITED).accounts_left == UNLIMITED
    assert shares(0, 7, RSL_OPT_SITEWORX_ACCOUNTS=5).accounts_left == 0


@pytest.mark.parametrize("option", ["OPT_STORAGE", "OPT_BANDWIDTH"])
def test_who_may_oversell_gives_each_account_up_to_the_whole(option: str) -> None:
    own = {f"RSL_{option}": 10, option.replace("OPT_", "RSL_OPT_OVERSELL_"): 1}
    assert shares(25, **own).too_much({option: 10}, {}) == {}
    assert shares(25, **own).too_much({option: 11}, {}) == {option: 10}
    other = {"OPT_STORAGE": "OPT_BANDWIDTH", "OPT_BANDWIDTH": "OPT_STORAGE"}[option]
    assert shares(25, **own).too_much({other: 1}, {}) == {other: 0}


@given(
    limit=st.integers(0, 20), gave=st.integers(0, 40), has=st.integers(0, 20), wanted=st.integers(0, 20)
)  # fmt: skip
def test_only_what_grows_is_looked_at_and_what_passes_fits(
    limit: int, gave: int, has: int, wanted: int
) -> None:
    gave += has
    found = shares(gave, RSL_OPT_SUBDOMAINS=limit).too_much(
        {"OPT_SUBDOMAINS": wanted}, {"OPT_SUBDOMAINS": has}
    )
    grows, fits = wanted > has, gave - has + wanted <= limit
    assert bool(found) == (grows and not fits)
    for left in found.values():
        assert left == max(0, limit - (gave - has))
