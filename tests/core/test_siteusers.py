"""Permissions of an account's users: kept in one order, and never more than who gives them has."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from iwapi.core.permissions import SITE, SITE_OWNER, scopes_of
from iwapi.core.siteusers import lacking, with_login


def test_permissions_are_kept_once_each_in_one_order_and_every_user_may_log_in() -> None:
    assert with_login(()) == ("LOGIN",)
    assert with_login(("DNS", "EMAIL", "DNS")) == ("LOGIN", "EMAIL", "DNS")
    assert with_login(reversed(list(SITE))) == tuple(SITE)


@pytest.mark.parametrize(
    ("scopes", "named", "lacks"),
    [
        (None, None, []),
        (SITE_OWNER, None, []),
        (scopes_of(["EMAIL"]), ("LOGIN", "EMAIL"), ["DNS", "STATS"]),
        (scopes_of(["EMAIL"]), None, ["DNS"]),
        (scopes_of(["STATS"]), ("LOGIN", "STATS"), ["EMAIL", "DNS"]),
        (frozenset(), None, ["LOGIN", "EMAIL", "DNS"]),
    ],
)
def test_what_a_caller_lacks_it_does_not_give(
    scopes: frozenset[str] | None, named: Iterable[str] | None, lacks: list[str]
) -> None:
    assert lacking(("LOGIN", "EMAIL", "DNS", "STATS"), scopes, named) == lacks


def test_the_account_s_own_log_in_has_every_permission() -> None:
    assert lacking(SITE, SITE_OWNER, None) == []
    assert scopes_of(SITE) <= SITE_OWNER
