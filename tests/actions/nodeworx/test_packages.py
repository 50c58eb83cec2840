"""Packages: named sets of limits, each of one owner."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core import limits
from iwapi.errors import REQUIRED, InvalidInput, PackageInUse, PackageNameTaken, PackageNotFound
from iwapi.kinds import UNLIMITED
from tests.helpers import World

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
