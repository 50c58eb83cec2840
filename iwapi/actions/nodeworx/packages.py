"""`/nodeworx/packages`: named sets of limits. Editing one leaves the accounts that have it as they are."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import action, arg
from iwapi.call import Call
from iwapi.core import limits
from iwapi.core.limits import GivenLimits
from iwapi.core.nothing import Nothing
from iwapi.core.packages import Package
from iwapi.errors import (
    NOT_AN_OPTION,
    REQUIRED,
    InvalidInput,
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


def _found(call: Call, which: Which) -> Package:
    if which.id is None and which.package_name is None:
        raise InvalidInput(Problem("package_name", "", REQUIRED, "package_name or id"))
    by_id = call.packages.by_id(which.id) if which.id is not None else None
    by_name = call.packages.by_name(which.package_name) if which.package_name is not None else None
    wrong = [
        Problem(name, str(value), NOT_AN_OPTION, code=PackageNotFound.code)
        for name, value, found in (("id", which.id, by_id), ("package_name", which.package_name, by_name))
        if value is not None and (found is None or (by_id and found != by_id))
    ]
    refuse(wrong)
    found = by_id or by_name
    assert found is not None
    call.about = found.name
    return found


def _taken(call: Call, name: str, named: str) -> list[Problem]:
    if call.packages.by_name(name) is None:
        return []
    return [Problem(named, name, "This package name is already in use", code=PackageNameTaken.code)]


@action("listPackages", scope="packages:read")
def list_packages(call: Call, _: Nothing) -> Packages:
    """The caller's packages with their limits, by name."""
    return Packages(packages=call.packages.list())


@action("getPackage", scope="packages:read", raises=(PackageNotFound,))
def get(call: Call, which: Which) -> Package:
    """One package with its limits."""
    return _found(call, which)


@action("createPackage", scope="packages:edit", writes=True, raises=(PackageNameTaken,))
def create(call: Call, wanted: New) -> Package:
    """Make a package."""
    call.about = wanted.package_name
    named = limits.given(wanted)
    refuse([*limits.missing(named), *_taken(call, wanted.package_name, "package_name")])
    return call.packages.add(wanted.package_name, limits.limits(named))


@action("editPackage", scope="packages:edit", writes=True, raises=(PackageNotFound, PackageNameTaken))
def edit(call: Call, wanted: Change) -> Package:
    """Change a package for accounts opened later."""
    package = _found(call, wanted)
    name = wanted.new_package_name or package.name
    refuse(_taken(call, name, "new_package_name") if name != package.name else [])
    call.packages.set(package.id, name, limits.changed(package, limits.given(wanted)))
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
