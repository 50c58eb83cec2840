"""Packages: named sets of limits, each of one owner."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core import limits
from iwapi.errors import REQUIRED, InvalidInput, PackageInUse, PackageNameTaken, PackageNotFound
from iwapi.kinds import UNLIMITED
from tests.helpers import World
from tests.routing import by_key, payload, refusal, rows

SIZES = {"OPT_STORAGE": "100", "OPT_BANDWIDTH": "10"}


def create(world: World, name: str = "basic", **raw: str) -> Any:
    return world.call("createPackage", {"package_name": name, **SIZES, **raw})


def test_a_package_keeps_every_option(world: World) -> None:
    every = {name: str(number) for number, name in enumerate(limits.NAMES[:12], 1)} | dict.fromkeys(
        limits.NAMES[12:], "1"
    )
    made = world.call("createPackage", {"package_name": "every", **every})
    assert {name: int(getattr(made, name)) for name in limits.NAMES} == {
        name: int(value) for name, value in every.items()
    }
    assert world.call("getPackage", {"package_name": "every"}) == made
    assert world.call("getPackage", {"id": str(made.id)}) == made
    assert create(world, "unlimited", OPT_STORAGE=str(UNLIMITED)).OPT_STORAGE == UNLIMITED


def test_packages_are_listed_by_name(world: World) -> None:
    for name in ("pro", "basic", "Ünlimited", "a b"):
        create(world, name)
    assert [package.name for package in world.call("listPackages").packages] == [
        "a b",
        "basic",
        "pro",
        "Ünlimited",
    ]


def test_the_sizes_must_be_named_and_all_that_is_wrong_is_said_at_once(world: World) -> None:
    create(world)
    error = world.refused("createPackage", {"package_name": "basic"})
    assert type(error) is InvalidInput
    assert [(p.field, p.problem) for p in error.problems] == [
        ("OPT_STORAGE", REQUIRED), ("OPT_BANDWIDTH", REQUIRED),
        ("package_name", "This package name is already in use"),
    ]  # fmt: skip
    assert type(world.refused("createPackage", {"package_name": "basic", **SIZES})) is PackageNameTaken


def test_a_change_touches_what_it_names_and_leaves_accounts_as_they_are(
    world: World, cheap_passwords: None
) -> None:
    package = create(world, OPT_SSL="1")
    raw = {
        "master_domain": "a.test",
        "email": "a@b.test",
        "password": "Correct-horse7",
        "packagetemplate": "basic",
    }
    world.call("createSiteWorxAccount", raw)
    changed = world.call(
        "editPackage", {"package_name": "basic", "new_package_name": "plus", "OPT_STORAGE": "7"}
    )
    assert (changed.id, changed.name, changed.OPT_STORAGE, changed.OPT_SSL) == (package.id, "plus", 7, True)
    account = world.call("getSiteWorxAccount", {"domain": "a.test"})
    assert (account.package_name, account.OPT_STORAGE) == ("plus", 100)
    assert world.call("editPackage", {"id": str(package.id), "new_package_name": "plus"}).name == "plus"
    create(world, "other")
    error = world.refused("editPackage", {"package_name": "plus", "new_package_name": "other"})
    assert (type(error), error.problems[0].field) == (PackageNameTaken, "new_package_name")


def test_a_package_that_accounts_have_is_not_deleted(world: World, cheap_passwords: None) -> None:
    package = create(world)
    raw = {
        "master_domain": "a.test",
        "email": "a@b.test",
        "password": "Correct-horse7",
        "packagetemplate": "basic",
    }
    world.call("createSiteWorxAccount", raw)
    error = world.refused("deletePackage", {"package_name": "basic"})
    assert (type(error), error.text) == (PackageInUse, "The package is used by 1 accounts.")
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    gone = world.call("deletePackage", {"package_name": "basic"})
    assert (gone.id, gone.name) == (package.id, "basic")
    assert create(world).id > package.id  # its id is not used again


@pytest.mark.parametrize("action", ["getPackage", "editPackage", "deletePackage"])
def test_a_package_is_named_by_id_or_name_and_both_must_be_the_same(world: World, action: str) -> None:
    one, two = create(world, "one"), create(world, "two")
    for raw, fields in (
        ({"package_name": "three"}, ["package_name"]),
        ({"id": "999"}, ["id"]),
        ({"id": str(one.id), "package_name": "two"}, ["package_name"]),
        ({"id": "999", "package_name": "three"}, ["id", "package_name"]),
    ):
        error = world.refused(action, raw)
        assert type(error) is PackageNotFound
        assert [p.field for p in error.problems] == fields
    assert [(p.field, p.problem) for p in world.refused(action).problems] == [("package_name", REQUIRED)]
    world.call(action, {"id": str(two.id), "package_name": "two"})


def test_another_owner_s_package_is_not_there(world: World) -> None:
    package = create(world)
    reseller = world.reseller()
    assert world.call("listPackages", by=reseller).packages == ()
    for raw in ({"package_name": "basic"}, {"id": str(package.id)}):
        for action in ("getPackage", "editPackage", "deletePackage"):
            assert type(world.refused(action, raw, reseller)) is PackageNotFound
    world.call("createPackage", {"package_name": "basic", **SIZES}, reseller)
    assert world.call("getPackage", {"package_name": "basic"}) == package


PACKAGES = "/nodeworx/packages/"


def test_route_tells_packages_as_maps_objects_and_lists(world: World) -> None:
    create(world, "pro", OPT_SSL="1", OPT_EMAIL_BOXES=str(UNLIMITED))
    create(world, "basic")
    key = by_key(world)
    numbers = dict.fromkeys(limits.NAMES, 0) | {"OPT_STORAGE": 100, "OPT_BANDWIDTH": 10}
    told = rows(world, key, PACKAGES + "listDetails", "map")
    assert told == [
        {"id": 2, "name": "basic", **numbers},
        {"id": 1, "name": "pro", **numbers, "OPT_SSL": 1, "OPT_EMAIL_BOXES": UNLIMITED},
    ]
    assert [list(one) for one in told] == [["id", "name", *limits.NAMES]] * 2
    assert {type(value) for value in told[1].values()} == {int, str}
    assert rows(world, key, PACKAGES + "listPackages", "object") == [
        {"id": 2, "name": "basic"}, {"id": 1, "name": "pro"},
    ]  # fmt: skip
    assert rows(world, key, PACKAGES + "listIds", "list") == [[2, "basic"], [1, "pro"]]


def test_route_makes_changes_and_deletes_packages(world: World) -> None:
    key = by_key(world)
    sent = {"package_name": "basic", **SIZES, "OPT_SSL": "1", "is_default": "0"}
    assert payload(world, key, PACKAGES + "add", **sent) == "Package basic has been created."
    told = payload(world, key, PACKAGES + "edit", id="1", package_name="plus", OPT_STORAGE="7")
    assert told == "Package plus has been changed."
    made = world.call("getPackage", {"id": "1"})
    assert (made.name, made.OPT_STORAGE, made.OPT_BANDWIDTH, made.OPT_SSL) == ("plus", 7, 10, True)
    assert payload(world, key, PACKAGES + "edit", id="1", package_name="plus") == told
    create(world, "other")
    gone = "Package plus has been deleted.\nPackage other has been deleted."
    assert payload(world, key, PACKAGES + "delete", id=["1", "2"]) == gone
    assert world.call("listPackages").packages == ()


def test_route_says_what_is_wrong_with_packages_and_does_nothing(world: World, cheap_passwords: None) -> None:
    key = by_key(world)
    create(world, "basic")
    create(world, "used")
    world.open("a.test", packagetemplate="used")
    default = "is_default: 1 This input is not offered by this server"
    taken = "package_name: used This package name is already in use"
    assert refusal(world, key, PACKAGES + "add", package_name="used", is_default="1")[1:] == [
        default, "OPT_STORAGE: (nothing) This input is required",
        "OPT_BANDWIDTH: (nothing) This input is required", taken,
    ]  # fmt: skip
    assert refusal(world, key, PACKAGES + "edit", id="1", package_name="used")[1:] == [taken]
    assert refusal(world, key, PACKAGES + "edit", id="9", package_name="used")[1:] == [
        "id: 9 This is not a valid option", taken,
    ]  # fmt: skip
    (line,) = refusal(world, key, PACKAGES + "edit", package_name="x")[1:]
    assert line.startswith("id: (nothing) This input is required")
    assert refusal(world, key, PACKAGES + "delete", id=["1", "8", "9"])[1:] == [
        "id: 8 This is not a valid option", "id: 9 This is not a valid option",
    ]  # fmt: skip
    assert refusal(world, key, PACKAGES + "delete", id=["1", "2"]) == ["The package is used by 1 accounts."]
    assert [package.name for package in world.call("listPackages").packages] == ["basic", "used"]


def test_a_reseller_has_packages_of_its_own_on_route(world: World) -> None:
    create(world, "basic")
    reseller = world.reseller()
    assert reseller.apikey is not None
    key = reseller.apikey.reveal
    for action, shape in (("listDetails", "map"), ("listPackages", "object"), ("listIds", "list")):
        assert rows(world, key, PACKAGES + action, shape) == []
    for action in ("edit", "delete"):
        assert refusal(world, key, PACKAGES + action, id="1")[1:] == ["id: 1 This is not a valid option"]
    payload(world, key, PACKAGES + "add", package_name="basic", **SIZES)
    assert rows(world, key, PACKAGES + "listIds", "list") == [[2, "basic"]]
