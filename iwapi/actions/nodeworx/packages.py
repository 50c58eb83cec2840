"""`/nodeworx/packages`: named sets of limits. Editing one leaves the accounts that have it as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.actions._packages import Deleted, Which, by_either, found, name_taken, which_wrong
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.limits import GivenLimits
from iwapi.core.nothing import Nothing
from iwapi.core.packages import Package
from iwapi.errors import PackageInUse, PackageNameTaken, PackageNotFound, Problem
from iwapi.kinds import Id, Name


@dataclass(frozen=True)
class Packages:
    """Packages, by name."""

    packages: tuple[Package, ...] = arg("the caller's packages")


@dataclass(frozen=True)
class New(GivenLimits):
    """A new package; counts and flags that are absent are 0."""

    package_name: Name = arg("its name, unique for its owner")


@dataclass(frozen=True)
class Change(GivenLimits, Which):
    """What to change of a package; what is absent stays as it is."""

    new_package_name: Name | None = arg("a new name", default=None)


@dataclass(frozen=True)
class ChangeById(GivenLimits):
    """What to change of a package; what is absent stays as it is."""

    id: Id = arg("the package's id")
    package_name: Name | None = arg("a new name", default=None)


@dataclass(frozen=True)
class ById:
    """Packages."""

    id: tuple[Id, ...] = arg("the packages' ids")


def _found(call: Call, which: Which) -> Package:
    package = found(call.packages, which)
    call.about = package.name
    return package


def _sentence(done: str) -> Any:
    return lambda package: f"Package {package.name} has been {done}."


def _id_and_name(package: Package) -> dict[str, Any]:
    return {"id": package.id, "name": package.name}


def _details(answer: Packages) -> list[dict[str, Any]]:
    """The id and the name stand before the options."""
    return [{**_id_and_name(package), **members(package)} for package in answer.packages]


@action("listPackages", scope="packages:read", route=Route("listDetails", _details, "maps"))
def list_packages(call: Call, _: Nothing) -> Packages:
    """The caller's packages with their limits, by name."""
    return Packages(packages=call.packages.list())


@action(scope="packages:read", route=Route("listPackages", _id_and_name, "objects"))
def list_names(call: Call, _: Nothing) -> tuple[Package, ...]:
    """The ids and names of the caller's packages, by name."""
    return call.packages.list()


@action(scope="packages:read", route=Route("listIds", lambda package: [package.id, package.name], "lists"))
def list_ids(call: Call, _: Nothing) -> tuple[Package, ...]:
    """The ids and names of the caller's packages, by name."""
    return call.packages.list()


@action("getPackage", scope="packages:read", raises=(PackageNotFound,))
def get(call: Call, which: Which) -> Package:
    """One package with its limits."""
    return _found(call, which)


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from limits.missing(limits.given(given))
    yield from name_taken(call.packages, given.get("package_name"), "package_name")


def _change_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from which_wrong(call.packages, given)
    before = by_either(call.packages, given.get("id"), given.get("package_name"))
    name = given.get("new_package_name")
    yield from name_taken(call.packages, name, "new_package_name", before.name if before else "")


def _change_by_id_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    package_id = given.get("id")
    if "id" in given:
        yield from which_wrong(call.packages, {"id": package_id})
    before = by_either(call.packages, package_id, None)
    name = given.get("package_name")
    yield from name_taken(call.packages, name, "package_name", before.name if before else "")


@action(
    "createPackage", scope="packages:edit", writes=True, check=_new_wrong, adds=True,
    raises=(PackageNameTaken,),
    route=Route("add", _sentence("created"), "sentence"),
)  # fmt: skip
def create(call: Call, wanted: New) -> Package:
    """Make a package."""
    call.about = wanted.package_name
    return call.packages.add(wanted.package_name, limits.limits(limits.given(vars(wanted))))


@action(
    "editPackage", scope="packages:edit", writes=True, check=_change_wrong,
    raises=(PackageNotFound, PackageNameTaken),
)  # fmt: skip
def edit(call: Call, wanted: Change) -> Package:
    """Change a package for accounts opened later."""
    return _edit(call, _found(call, wanted), wanted.new_package_name, limits.given(vars(wanted)))


@action(
    scope="packages:edit", writes=True, check=_change_by_id_wrong, raises=(PackageNotFound, PackageNameTaken),
    route=Route("edit", _sentence("changed"), "sentence"),
)  # fmt: skip
def edit_by_id(call: Call, wanted: ChangeById) -> Package:
    """Change a package for accounts opened later: its name, its limits, or both."""
    package = _found(call, Which(id=wanted.id))
    return _edit(call, package, wanted.package_name, limits.given(vars(wanted)))


def _edit(call: Call, package: Package, name: str | None, named: Mapping[str, Any]) -> Package:
    call.packages.set(package.id, name or package.name, limits.changed(package, named))
    return _found(call, Which(id=package.id))


@action("deletePackage", scope="packages:edit", writes=True, raises=(PackageNotFound, PackageInUse))
def delete(call: Call, which: Which) -> Deleted:
    """Delete a package that no account has."""
    return _delete(call, _found(call, which))


def _some_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    for package_id in given.get("id") or ():
        yield from which_wrong(call.packages, {"id": package_id})


@action(
    scope="packages:edit", writes=True, check=_some_wrong, raises=(PackageNotFound, PackageInUse),
    route=Route("delete", _sentence("deleted"), "sentence"),
)  # fmt: skip
def delete_several(call: Call, which: ById) -> tuple[Deleted, ...]:
    """Delete packages that no account has, all of them or none."""
    return tuple(_delete(call, _found(call, Which(id=one))) for one in dict.fromkeys(which.id))


def _delete(call: Call, package: Package) -> Deleted:
    accounts = call.packages.users(package.id)
    if accounts:
        raise PackageInUse(users=f"{accounts} accounts")
    call.packages.delete(package.id)
    return Deleted(id=package.id, name=package.name)
