"""Packages of any sort: which one is meant, by id or by name, and whether a name is free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from iwapi.action import arg
from iwapi.errors import (
    NOT_AN_OPTION,
    REQUIRED,
    PackageNameTaken,
    PackageNotFound,
    Problem,
    refuse,
)
from iwapi.kinds import Id, Name


@dataclass(frozen=True)
class Which:
    """One package, by id or by name."""

    id: Id | None = arg("the package's id", default=None)
    package_name: Name | None = arg("its name, in place of its id", default=None)


@dataclass(frozen=True)
class Deleted:
    """A package that is gone."""

    id: Id = arg("the id it had")
    name: Name = arg("the name it had")


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Package = TypeVar("_Package", bound=_Named, covariant=True)


class Packages(Protocol[_Package]):
    """Packages that a caller may reach."""

    def by_id(self, package_id: int) -> _Package | None: ...

    def by_name(self, name: str) -> _Package | None: ...


def by_either(packages: Packages[_Package], package_id: int | None, name: str | None) -> _Package | None:
    """The package of that id and that name, of which one may be absent."""
    if package_id is None:
        return packages.by_name(name) if name is not None else None
    found = packages.by_id(package_id)
    return found if found is not None and name in (None, found.name) else None


def which_wrong(packages: Packages[_Named], given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the inputs of `Which`."""
    package_id, name = given.get("id"), given.get("package_name")
    if "id" not in given and "package_name" not in given:
        yield Problem("package_name", "", REQUIRED, "package_name or id")
    if package_id is not None and by_either(packages, package_id, None) is None:
        yield Problem("id", str(package_id), NOT_AN_OPTION, code=PackageNotFound.code)
        package_id = None
    if name is not None and by_either(packages, package_id, name) is None:
        yield Problem("package_name", name, NOT_AN_OPTION, code=PackageNotFound.code)


def found(packages: Packages[_Package], which: Which) -> _Package:
    """The package that is meant, or `PackageNotFound`."""
    given = {"id": which.id, "package_name": which.package_name}
    refuse(which_wrong(packages, {name: value for name, value in given.items() if value is not None}))
    package = by_either(packages, which.id, which.package_name)
    assert package is not None
    return package


def name_taken(packages: Packages[_Named], name: str | None, named: str, but: str = "") -> Iterator[Problem]:
    """Whether another package has the name that the input `named` gives; `but` is the package's own."""
    if name is not None and name != but and packages.by_name(name) is not None:
        yield Problem(named, name, "This package name is already in use", code=PackageNameTaken.code)
