"""The NodeWorx user that calls: what a module looks at to see that its key works."""

from __future__ import annotations

from tests.helpers import ADMIN, World
from tests.routing import by_key, payload, refusal

USERS = "/nodeworx/users/"
MASTER_PERMS = [
    "LOGIN", "SWACCOUNTS", "PACKAGES", "APIKEY", "RESELLER", "IPS", "EMAIL", "FTP", "MYSQL", "DNS",
    "BRESTORE", "CRON",
]  # fmt: skip


def test_the_administrator_is_the_master_and_no_reseller(world: World) -> None:
    key = by_key(world)
    wanted = {
        "userid": 1, "nickname": "Administrator", "email": ADMIN, "ismaster": 1, "status": "active",
        "perms": MASTER_PERMS,
    }  # fmt: skip
    for action in ("listWorkingUser", "listMasterUser"):
        told = payload(world, key, USERS + action)
        assert told == wanted
        assert list(told) == list(wanted)
        assert type(told["userid"]) is type(told["ismaster"]) is int
    assert payload(world, key, USERS + "isReseller") is False


def test_a_reseller_is_told_what_it_is_and_nothing_of_the_administrator(world: World) -> None:
    reseller = world.reseller()
    assert reseller.apikey is not None
    key = reseller.apikey.reveal
    for action in ("listWorkingUser", "listMasterUser"):
        told = payload(world, key, USERS + action)
        assert told == {
            "userid": 2, "nickname": told["nickname"], "email": "reseller@example.com", "ismaster": 0,
            "status": "active", "perms": [name for name in MASTER_PERMS if name not in ("RESELLER", "IPS")],
        }  # fmt: skip
    assert payload(world, key, USERS + "isReseller") is True


def test_a_key_is_told_what_it_may_do_not_what_its_owner_may(world: World) -> None:
    key = world.scoped_key("users:read", "packages:read", "packages:edit")
    assert key.apikey is not None
    assert payload(world, key.apikey.reveal, USERS + "listWorkingUser")["perms"] == ["PACKAGES"]
    other = world.scoped_key("packages:read")
    assert other.apikey is not None
    assert refusal(world, other.apikey.reveal, USERS + "listWorkingUser") == [
        "This key or user may not do this: users:read."
    ]
