"""`/nodeworx/packages`: named sets of limits. Editing one leaves the accounts that have it as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import action, arg
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.limits import GivenLimits
from iwapi.core.nothing import Nothing
from iwapi.core.packages import Package
from iwapi.errors import (
    NOT_AN_OPTION,
    REQUIRED,
    PackageInUse,
    PackageNameTaken,
    PackageNotFound,
    Problem,
    refuse,
)  # fmt: skip
from iwapi.kinds import Id, Name


@dataclass(frozen=True)
class Which:
    """One package, by id or by name."""

    id: Id | None = arg("the package's id", default=None)
    package_name: Name | None = arg("its name, in place of its id", default=None)


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
class Deleted:
    """A package that is gone."""

    id: Id = arg("the id it had")
    name: Name = arg("the name it had")


def _by_either(call: Call, package_id: int | None, name: str | None) -> Package | None:
    """The package of that id and that name, of which one may be absent."""
    if package_id is None:
        return call.packages.by_name(name) if name is not None else None
    found = call.packages.by_id(package_id)
    return found if found is not None and name in (None, found.name) else None


def _which_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    package_id, name = given.get("id"), given.get("package_name")
    if "id" not in given and "package_name" not in given:
        yield Problem("package_name", "", REQUIRED, "package_name or id")
    if package_id is not None and _by_either(call, package_id, None) is None:
        yield Problem("id", str(package_id), NOT_AN_OPTION, code=PackageNotFound.code)
        package_id = None
    if name is not None and _by_either(call, package_id, name) is None:
        yield Problem("package_name", name, NOT_AN_OPTION, code=PackageNotFound.code)


def _found(call: Call, which: Which) -> Package:
    given = {"id": which.id, "package_name": which.package_name}
    refuse(_which_wrong(call, {name: value for name, value in given.items() if value is not None}))
    found = _by_either(call, which.id, which.package_name)
    assert found is not None
    call.about = found.name
    return found


def _taken(call: Call, name: str | None, named: str) -> Iterator[Problem]:
    if name is not None and call.packages.by_name(name) is not None:
        yield Problem(named, name, "This package name is already in use", code=PackageNameTaken.code)


@action("listPackages", scope="packages:read")
def list_packages(call: Call, _: Nothing) -> Packages:
    """The caller's packages with their limits, by name."""
    return Packages(packages=call.packages.list())


@action("getPackage", scope="packages:read", raises=(PackageNotFound,))
def get(call: Call, which: Which) -> Package:
    """One package with its limits."""
    return _found(call, which)


def _new_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from limits.missing(limits.given(given))
    yield from _taken(call, given.get("package_name"), "package_name")


def _change_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _which_wrong(call, given)
    before = _by_either(call, given.get("id"), given.get("package_name"))
    name = given.get("new_package_name")
    if before is None or name != before.name:
        yield from _taken(call, name, "new_package_name")


@action("createPackage", scope="packages:edit", writes=True, check=_new_wrong, raises=(PackageNameTaken,))
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
    package = _found(call, wanted)
    name = wanted.new_package_name or package.name
    call.packages.set(package.id, name, limits.changed(package, limits.given(vars(wanted))))
    return _found(call, Which(id=package.id))


@action("deletePackage", scope="packages:edit", writes=True, raises=(PackageNotFound, PackageInUse))
def delete(call: Call, which: Which) -> Deleted:
    """Delete a package that no account has."""
    package = _found(call, which)
    accounts = call.packages.users(package.id)
    if accounts:
        raise PackageInUse(accounts=accounts)
    call.packages.delete(package.id)
    return Deleted(id=package.id, name=package.name)
