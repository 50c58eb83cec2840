"""Reseller packages: named sets of limits that new resellers are given a copy of."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core.resellers import RESELLER
from iwapi.errors import InvalidInput, PackageInUse, PackageNameTaken, PackageNotFound
from iwapi.kinds import Raw
from iwapi.wires.routecall import Rows
from tests.helpers import World, selling
from tests.routing import by_key, route

CTRL = "/nodeworx/reseller/packages"
SIZES: dict[str, Raw] = {
    "RSL_OPT_STORAGE": "100", "RSL_OPT_BANDWIDTH": "10", "RSL_OPT_SITEWORX_ACCOUNTS": "3",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def create(world: World, name: str = "gold", **raw: Raw) -> Any:
    return world.call("createResellerPackage", {"package_name": name, **SIZES, **raw})


def test_a_package_keeps_every_option(world: World) -> None:
    numbers = {name: str(at) for at, name in enumerate(RESELLER.numbers, 1)}
    every = {name: numbers.get(name, "1") for name in RESELLER.names}
    made = world.call("createResellerPackage", {"package_name": "every", **every})
    assert {name: int(getattr(made, name)) for name in RESELLER.names} == {
        name: int(value) for name, value in every.items()
    }
    assert world.call("getResellerPackage", {"package_name": "every"}) == made
    assert world.call("getResellerPackage", {"id": str(made.id)}) == made


def test_what_must_be_named_is_named_and_a_name_is_one_package_s(world: World) -> None:
    create(world)
    error = world.refused("createResellerPackage", {"package_name": "gold"})
    assert type(error) is InvalidInput
    assert [problem.field for problem in error.problems] == [
        "RSL_OPT_STORAGE", "RSL_OPT_BANDWIDTH", "RSL_OPT_SITEWORX_ACCOUNTS", "package_name",
    ]  # fmt: skip
    assert type(world.refused("createResellerPackage", {"package_name": "gold", **SIZES})) is PackageNameTaken
    world.call("createPackage", {"package_name": "gold", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"})


def test_a_change_leaves_resellers_as_they_are(world: World) -> None:
    made = create(world)
    other = create(world, "other")
    reseller = world.call(
        "createReseller", selling(packagetemplate="gold", RSL_OPT_STORAGE="100", RSL_OPT_BANDWIDTH="10")
    )
    raw = {"id": str(made.id), "new_package_name": "silver", "RSL_OPT_STORAGE": "1"}
    changed = world.call("editResellerPackage", raw)
    assert (changed.name, changed.RSL_OPT_STORAGE, changed.RSL_OPT_BANDWIDTH) == ("silver", 1, 10)
    assert world.call("editResellerPackage", raw) == changed
    told = world.call("getReseller", {"reseller_id": str(reseller.reseller_id)})
    assert (told.package_name, told.RSL_OPT_STORAGE) == ("silver", 100)
    taken = {"package_name": "silver", "new_package_name": other.name}
    assert type(world.refused("editResellerPackage", taken)) is PackageNameTaken
    assert type(world.refused("editResellerPackage", {"package_name": "gold"})) is PackageNotFound


def test_a_package_that_a_reseller_has_is_not_deleted(world: World) -> None:
    made = create(world)
    reseller = world.call("createReseller", selling(packagetemplate="gold"))
    error = world.refused("deleteResellerPackage", {"package_name": "gold"})
    assert type(error) is PackageInUse
    assert "1 resellers" in error.text
    world.call("deleteReseller", {"reseller_id": str(reseller.reseller_id)})
    assert world.call("deleteResellerPackage", {"id": str(made.id)}).name == "gold"
    assert type(world.refused("deleteResellerPackage", {"id": str(made.id)})) is PackageNotFound
    assert type(world.refused("deleteResellerPackage", {})) is InvalidInput


def test_on_route_packages_are_made_changed_listed_and_deleted(world: World) -> None:
    key = by_key(world)
    assert route(world, key, f"{CTRL}/add", package_name="gold", **SIZES)[0] == 0
    assert route(world, key, f"{CTRL}/add", package_name="basic", **SIZES)[0] == 0
    status, text = route(world, key, f"{CTRL}/edit", id="1", package_name="pro", RSL_OPT_STORAGE="7")
    assert (status, text) == (0, "Reseller package pro has been changed.")
    status, text = route(world, key, f"{CTRL}/edit", id="1", package_name="basic")
    assert status == 11
    assert "package_name: basic This package name is already in use" in text
    status, text = route(world, key, f"{CTRL}/edit", id="9", package_name="x")
    assert status == 11
    assert "id: 9 This is not a valid option" in text
    rest = dict.fromkeys(RESELLER.names, 0) | {"RSL_OPT_BANDWIDTH": 10, "RSL_OPT_SITEWORX_ACCOUNTS": 3}
    for name, wanted in {
        "listDetails": Rows("map", [
            {"id": 2, "name": "basic", **rest, "RSL_OPT_STORAGE": 100},
            {"id": 1, "name": "pro", **rest, "RSL_OPT_STORAGE": 7},
        ]),
        "listResellerPackages": Rows("object", [{"id": 2, "name": "basic"}, {"id": 1, "name": "pro"}]),
        "listIds": Rows("list", [[2, "basic"], [1, "pro"]]),
    }.items():  # fmt: skip
        assert route(world, key, f"{CTRL}/{name}") == (0, wanted)
    assert route(world, key, f"{CTRL}/delete", id="2") == (0, "Reseller package basic has been deleted.")
    assert route(world, key, f"{CTRL}/delete", id="2")[0] == 11
    assert [item.name for item in world.call("listResellerPackages").packages] == ["pro"]
