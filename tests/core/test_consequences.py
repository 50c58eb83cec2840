"""The sentences about what follows from a change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iwapi.core import consequences, limits
from iwapi.core.consequences import COUNTED, Kept, Use
from iwapi.core.differences import Difference, Thing
from iwapi.kinds import UNLIMITED

A_TIME = datetime(2026, 12, 1, 3, 4, tzinfo=UTC)


def difference(before: dict[str, object] | None, after: dict[str, object] | None) -> Difference:
    was, becomes = (None if members is None else Thing("account a", members) for members in (before, after))
    return Difference("account", (1,), was, becomes)


@pytest.mark.parametrize(
    ("option", "used", "limit", "said"),
    [
        ("OPT_STORAGE", 812, 500, ["account a: storage: 812 MB used, the limit is 500"]),
        ("OPT_BANDWIDTH", 8, 7, ["account a: traffic: 8 GB used in this month, the limit is 7"]),
        ("OPT_SUBDOMAINS", 12, 10, ["account a: 12 subdomains, the limit is 10"]),
        ("OPT_SUBDOMAINS", 1, 0, ["account a: 1 subdomain, the limit is 0"]),
        ("OPT_EMAIL_BOXES", 12, 10, ["account a: 12 mailboxes, the limit is 10"]),
        ("OPT_SUBDOMAINS", 10, 10, []), ("OPT_SUBDOMAINS", UNLIMITED + 1, UNLIMITED, []),
    ],
)  # fmt: skip
def test_what_is_used_beyond_a_new_limit_is_told(option: str, used: int, limit: int, said: list[str]) -> None:
    assert list(consequences.beyond(difference({}, {option: limit}), {option: used})) == said


def test_it_says_whether_a_package_or_an_option_is_the_limit() -> None:
    account = difference({"package_name": "a"}, {"package_name": "b", "OPT_SUBDOMAINS": 1})
    (said,) = consequences.beyond(account, {"OPT_SUBDOMAINS": 2})
    assert said == "account a: 2 subdomains, the package allows 1"


def test_every_option_that_can_be_summed_has_its_words() -> None:
    assert COUNTED.keys() == set(limits.ACCOUNT.numbers)


def test_limits_change_only_of_what_was_there() -> None:
    assert consequences.limits_change(difference({"OPT_STORAGE": 1}, {"OPT_STORAGE": 2}))
    assert consequences.limits_change(difference({"package_name": "a"}, {"package_name": "b"}))
    assert not consequences.limits_change(difference({"nickname": "a"}, {"nickname": "b"}))
    assert not consequences.limits_change(difference(None, {"OPT_STORAGE": 2}))


SHARES = {
    "RSL_OPT_STORAGE": 100, "given_storage": 120, "RSL_OPT_SUBDOMAINS": 5, "given_subdomains": 5,
    "RSL_OPT_SITEWORX_ACCOUNTS": 2, "accounts": 3, "RSL_OPT_OVERSELL_STORAGE": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "stored", "said"),
    [
        ({}, 0, ["120 MB of storage given to its accounts, the limit is 100", "3 accounts, the limit is 2"]),
        ({"RSL_OPT_OVERSELL_STORAGE": 1}, 0, ["3 accounts, the limit is 2"]),
        ({"given_storage": 0, "accounts": 2}, 101,
         ["101 MB of storage used by its accounts, the limit is 100"]),
        ({"given_storage": 0, "RSL_OPT_SITEWORX_ACCOUNTS": UNLIMITED}, 0, []),
        ({"given_storage": 0, "RSL_OPT_SITEWORX_ACCOUNTS": 0, "accounts": 1}, 0,
         ["1 account, the limit is 0"]),
        ({"given_storage": UNLIMITED * 3, "RSL_OPT_STORAGE": UNLIMITED, "accounts": 0}, UNLIMITED * 2, []),
    ],
)  # fmt: skip
def test_what_a_reseller_has_beyond_new_limits_is_told(
    change: dict[str, object], stored: int, said: list[str]
) -> None:
    found = consequences.beyond_shares(difference({}, {**SHARES, **change}), stored)
    assert list(found) == [f"account a: {one}" for one in said]


def test_a_closed_account_says_what_is_kept_and_for_how_long() -> None:
    account = difference({"status": "active"}, {"status": "closed", "purged_after": A_TIME})
    assert consequences.is_closed(account)
    assert consequences.closed(account, Kept(3, 2, 1, 812)) == (
        "account a: 3 sites, 2 zones, 1 further user, 812 MB are kept until 2026-12-01 03:04 UTC"
        " and then lost"
    )
    assert not consequences.is_closed(difference({"status": "closed"}, {"status": "closed"}))
    assert not consequences.is_closed(difference({"status": "closed"}, {"status": "active"}))


def test_a_purged_account_says_what_is_lost() -> None:
    account = difference({"status": "closed", "purged_after": A_TIME}, {"status": "purged"})
    assert consequences.is_closed(account)
    said = consequences.closed(account, Kept(1, 1, 0, 3))
    assert said == "account a: 1 site, 1 zone, 0 further users, 3 MB are lost"


@pytest.mark.parametrize(
    ("before", "after", "accounts", "said"),
    [
        ("active", "inactive", 2, ["account a: 2 accounts are suspended with it"]),
        ("active", "inactive", 1, ["account a: 1 account is suspended with it"]),
        ("inactive", "active", 2, ["account a: 2 accounts are unsuspended with it"]),
        ("active", "inactive", 0, []), ("active", "active", 2, []), ("active", "deleted", 2, []),
    ],
)  # fmt: skip
def test_the_accounts_of_a_suspended_reseller_are_counted(
    before: str, after: str, accounts: int, said: list[str]
) -> None:
    reseller = difference({"status": before}, {"status": after})
    assert list(consequences.served_with(reseller, accounts)) == said


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (Use(), "was never used"),
        (Use(A_TIME, "192.0.2.9", "x"), "was last used on 2026-12-01 03:04 UTC from 192.0.2.9 by x"),
        (Use(A_TIME, "", ""), "was last used on 2026-12-01 03:04 UTC"),
    ],
)
def test_a_revoked_key_says_when_it_was_used_last(use: Use, said: str) -> None:
    assert consequences.last_use(difference({}, {}), use) == f"account a {said}"
