"""`/nodeworx/reseller/packages`: named sets of limits for resellers. Editing one leaves them as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._packages import Deleted, Which, by_either, found, name_taken, which_wrong
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.resellers import RESELLER, GivenResellerLimits, ResellerPackage
from iwapi.errors import PackageInUse, PackageNameTaken, PackageNotFound, Problem
from iwapi.kinds import Id, Name


@dataclass(frozen=True)
class ResellerPackages:
    """Reseller packages, by name."""

    packages: tuple[ResellerPackage, ...] = arg("the packages")


@dataclass(frozen=True)
class New(GivenResellerLimits):
    """A new reseller package; counts and flags that are absent are 0."""

    package_name: Name = arg("its name, unique among reseller packages")


@dataclass(frozen=True)
class Change(GivenResellerLimits, Which):
    """What to change of a reseller package; what is absent stays as it is."""

    new_package_name: Name | None = arg("a new name", default=None)


@dataclass(frozen=True)
class ChangeById(GivenResellerLimits):
    """What to change of a reseller package; what is absent stays as it is."""

    id: Id = arg("the package's id")
    package_name: Name | None = arg("a new name", default=None)


@dataclass(frozen=True)
class ById:
    """One reseller package."""

    id: Id = arg("the package's id")


def _found(call: Call, which: Which) -> ResellerPackage:
    package = found(call.reseller_packages, which)
    call.about = package.name
    return package


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from RESELLER.missing(RESELLER.given(given))
    yield from name_taken(call.reseller_packages, given.get("package_name"), "package_name")


def _change_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from which_wrong(call.reseller_packages, given)
    before = by_either(call.reseller_packages, given.get("id"), given.get("package_name"))
    name = given.get("new_package_name")
    yield from name_taken(call.reseller_packages, name, "new_package_name", before.name if before else "")


def _change_by_id_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    which = {name: value for name, value in given.items() if name == "id"}
    yield from which_wrong(call.reseller_packages, which)
    before = by_either(call.reseller_packages, which.get("id"), None)
    name = given.get("package_name")
    yield from name_taken(call.reseller_packages, name, "package_name", before.name if before else "")


def _sentence(done: str) -> Any:
    return lambda package: f"Reseller package {package.name} has been {done}."


def _id_and_name(package: ResellerPackage) -> dict[str, Any]:
    return {"id": package.id, "name": package.name}


def _pair(package: ResellerPackage) -> list[Any]:
    return [package.id, package.name]


def _details(package: ResellerPackage) -> dict[str, Any]:
    return _id_and_name(package) | {name: int(getattr(package, name)) for name in RESELLER.names}


@action("listResellerPackages", scope="resellers:read")
def list_packages(call: Call, _: Nothing) -> ResellerPackages:
    """The reseller packages with their limits, by name."""
    return ResellerPackages(packages=call.reseller_packages.list())


@action(scope="resellers:read", route=Route("listDetails", _details, "maps"))
def list_details(call: Call, _: Nothing) -> tuple[ResellerPackage, ...]:
    """The reseller packages with their limits, by name."""
    return call.reseller_packages.list()


@action(scope="resellers:read", route=Route("listResellerPackages", _id_and_name, "objects"))
def list_reseller_packages(call: Call, _: Nothing) -> tuple[ResellerPackage, ...]:
    """The ids and names of the reseller packages, by name."""
    return call.reseller_packages.list()


@action(scope="resellers:read", route=Route("listIds", _pair, "lists"))
def list_ids(call: Call, _: Nothing) -> tuple[ResellerPackage, ...]:
    """The ids and names of the reseller packages, by name."""
    return call.reseller_packages.list()


@action("getResellerPackage", scope="resellers:read", raises=(PackageNotFound,))
def get(call: Call, which: Which) -> ResellerPackage:
    """One reseller package with its limits."""
    return _found(call, which)


@action(
    "createResellerPackage", scope="resellers:edit", writes=True, check=_new_wrong, adds=True,
    raises=(PackageNameTaken,), route=Route("add", _sentence("created"), "sentence"),
)  # fmt: skip
def create(call: Call, wanted: New) -> ResellerPackage:
    """Make a reseller package."""
    limits = RESELLER.decided(RESELLER.given(vars(wanted)))
    return _found(call, Which(id=call.reseller_packages.add(wanted.package_name, limits)))


@action(
    "editResellerPackage", scope="resellers:edit", writes=True, check=_change_wrong,
    raises=(PackageNotFound, PackageNameTaken),
)  # fmt: skip
def edit(call: Call, wanted: Change) -> ResellerPackage:
    """Change a reseller package for resellers created later."""
    return _edit(call, _found(call, wanted), wanted.new_package_name, RESELLER.given(vars(wanted)))


@action(
    scope="resellers:edit", writes=True, check=_change_by_id_wrong,
    raises=(PackageNotFound, PackageNameTaken), route=Route("edit", _sentence("changed"), "sentence"),
)  # fmt: skip
def edit_by_id(call: Call, wanted: ChangeById) -> ResellerPackage:
    """Change a reseller package for resellers created later."""
    package = _found(call, Which(id=wanted.id))
    return _edit(call, package, wanted.package_name, RESELLER.given(vars(wanted)))


def _edit(
    call: Call, package: ResellerPackage, name: str | None, named: Mapping[str, Any]
) -> ResellerPackage:
    call.reseller_packages.set(package.id, name or package.name, RESELLER.changed(package, named))
    return _found(call, Which(id=package.id))


@action(
    "deleteResellerPackage", scope="resellers:edit", writes=True, raises=(PackageNotFound, PackageInUse)
)  # fmt: skip
def delete(call: Call, which: Which) -> Deleted:
    """Delete a reseller package that no reseller has."""
    return _delete(call, which)


@action(
    scope="resellers:edit", writes=True, raises=(PackageNotFound, PackageInUse),
    route=Route("delete", _sentence("deleted"), "sentence"),
)  # fmt: skip
def delete_by_id(call: Call, which: ById) -> Deleted:
    """Delete a reseller package that no reseller has."""
    return _delete(call, Which(id=which.id))


def _delete(call: Call, which: Which) -> Deleted:
    package = _found(call, which)
    resellers = call.reseller_packages.users(package.id)
    if resellers:
        raise PackageInUse(users=f"{resellers} resellers")
    call.reseller_packages.delete(package.id)
    return Deleted(id=package.id, name=package.name)
