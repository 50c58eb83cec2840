"""Suspend, unsuspend and delete, one account or several in a call: all of them or none."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.kinds import Raw
from tests.helpers import World, opening
from tests.routing import by_key, payload, refusal

SITEWORX = "/nodeworx/siteworx/"


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


@pytest.fixture
def key(world: World) -> Any:
    for name in "abc":
        world.open(f"{name}.test", uniqname=name * 4)
    return by_key(world)


def states(world: World) -> dict[str, tuple[str, str]]:
    return {
        domain: (state, why)
        for domain, state, why in world.rows("select domain, state, inactive_msg from account order by id")
    }


ACTIVE, UNPAID = ("active", ""), ("inactive", "unpaid")


@pytest.mark.parametrize(
    ("suspend", "unsuspend", "field", "names"),
    [
        ("suspend", "unsuspend", "domain", ["a.test", "b.test", "a.test"]),
        ("suspend", "unsuspend", "domainname", ["a.test", "b.test"]),
        ("suspendByUser", "unsuspendByUser", "user", ["aaaa", "bbbb"]),
    ],
)
def test_several_are_suspended_and_served_again(
    world: World, key: Any, suspend: str, unsuspend: str, field: str, names: Raw
) -> None:
    told = payload(world, key, SITEWORX + suspend, **{field: names, "message": "unpaid"})
    assert told == "Account a.test has been suspended.\nAccount b.test has been suspended."
    assert states(world) == {"a.test": UNPAID, "b.test": UNPAID, "c.test": ACTIVE}
    told = payload(world, key, SITEWORX + unsuspend, **{field: names})
    assert told == "Account a.test has been unsuspended.\nAccount b.test has been unsuspended."
    assert states(world) == {"a.test": ACTIVE, "b.test": ACTIVE, "c.test": ACTIVE}
    recorded = world.rows("select action, about from audit where who <> 'engine' order by id desc limit 2")
    assert recorded == [
        (SITEWORX + unsuspend, "a.test b.test"),
        (SITEWORX + suspend, "a.test b.test"),
    ]


@pytest.mark.parametrize(("action", "field"), [("suspend", "domain"), ("suspendByUser", "user")])
def test_one_is_enough_and_a_repeat_changes_the_reason(
    world: World, key: Any, action: str, field: str
) -> None:
    name = "c.test" if field == "domain" else "cccc"
    for why in ("unpaid", "abuse"):
        told = payload(world, key, SITEWORX + action, **{field: name, "message": why})
        assert told == "Account c.test has been suspended."
        assert states(world)["c.test"] == ("inactive", why)


@pytest.mark.parametrize(
    ("action", "field", "names"),
    [
        ("suspend", "domain", ["a.test", "x.test", "y.test"]),
        ("unsuspend", "domain", ["a.test", "x.test", "y.test"]),
        ("delete", "domain", ["a.test", "x.test", "y.test"]),
        ("suspendByUser", "user", ["aaaa", "x.test", "root"]),
        ("unsuspendByUser", "user", ["aaaa", "x.test", "root"]),
    ],
)
def test_every_one_that_is_not_there_is_named_and_nothing_is_done(
    world: World, key: Any, action: str, field: str, names: list[Raw]
) -> None:
    _, *lines = refusal(world, key, SITEWORX + action, **{field: names})
    assert [line.split(" (")[0] for line in lines] == [
        f"{field}: {name} This is not a valid option" for name in names[1:]
    ]
    assert set(states(world).values()) == {ACTIVE}


def test_several_are_deleted_and_a_repeat_answers_the_same(world: World, key: Any) -> None:
    for _ in range(2):
        told = payload(world, key, SITEWORX + "delete", domain=["a.test", "b.test"], confirm_action="1")
        assert told == "Account a.test has been deleted.\nAccount b.test has been deleted."
        assert [state for state, _ in states(world).values()] == ["parked", "parked", "active"]
    about = "select about from audit where who <> 'engine' order by id desc limit 1"
    assert world.value(about) == "a.test b.test"


@pytest.mark.parametrize(("action", "field"), [("delete", "domain"), ("suspendByUser", "user")])
def test_none_at_all_is_no_input(world: World, key: Any, action: str, field: str) -> None:
    for sent in ({}, {field: []}, {field: ""}):
        (line,) = refusal(world, key, SITEWORX + action, **sent)[1:]
        assert line.startswith(f"{field}: (nothing) This input is required")


@pytest.mark.parametrize(
    ("action", "field", "name"),
    [("suspend", "domain", "a.test"), ("suspendByUser", "user", "aaaa"), ("delete", "domain", "a.test")],
)
def test_another_owner_s_account_is_not_there(
    world: World, key: Any, action: str, field: str, name: str
) -> None:
    reseller = world.reseller()
    assert reseller.apikey is not None
    lines = refusal(world, reseller.apikey.reveal, SITEWORX + action, **{field: name})
    assert lines[1].startswith(f"{field}: {name} This is not a valid option")
    assert states(world)["a.test"] == ACTIVE


@pytest.mark.parametrize(
    "action", ["delete", "suspend", "unsuspend", "edit", "suspendByUser", "unsuspendByUser"]
)
@pytest.mark.parametrize(
    "own",
    [
        {"expect_version": "7"}, {"expect_version": "0"}, {"expect_domain": "b.test"}, {"siteworx_id": "2"},
        {"external_id": "w-1"}, {"at": "2099-01-01T00:00:00Z"}, {"reason": "abuse"}, {"hold": "1"},
        {"new_external_id": "w-2"}, {"at": ["2099-01-01T00:00:00Z"], "expect_domain": "b.test"},
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_guard_or_a_time_is_honoured_or_refused_and_never_dropped(
    world: World, key: Any, action: str, own: dict[str, Raw]
) -> None:
    edits = {"expect_version", "expect_domain", "siteworx_id", "external_id", "new_external_id"}
    foreign = own.keys() - (edits if action == "edit" else set())
    before = world.rows("select domain, state, generation, external_id from account order by id")
    if action == "edit" and "new_external_id" in own:
        payload(world, key, SITEWORX + action, domain="a.test", **own)
        return
    raw = {"user": "aaaa"} if action.endswith("ByUser") else {"domain": "a.test"}
    lines = refusal(
        world, key, SITEWORX + action, **raw, **({"status": "0"} if action == "edit" else {}), **own
    )
    for name in foreign:
        assert any(
            line.startswith(f"{name}: ") and line.endswith(" This input is offered by typed operations only")
            for line in lines
        )
    assert world.rows("select domain, state, generation, external_id from account order by id") == before


@pytest.mark.parametrize(
    "nothing", [{"reason": "billing"}, {"at": ""}, {"expect_version": None}, {"hold": []}]
)
def test_one_that_asks_for_nothing_and_one_that_nobody_knows_are_passed_over(
    world: World, key: Any, nothing: dict[str, Raw]
) -> None:
    payload(world, key, SITEWORX + "suspend", domain="a.test", since="2099-01-01", uniqname="aaaa", **nothing)
    assert states(world)["a.test"] == ("inactive", "")


def test_a_new_account_takes_none_of_them_either(world: World, key: Any) -> None:
    lines = refusal(world, key, SITEWORX + "add", **opening("d.test"), expect_version="1", hold="1")
    assert lines[1:] == [
        f"{name} This input is offered by typed operations only" for name in ("hold: 1", "expect_version: 1")
    ]
