"""Made-up actions that `route` reaches; their controllers and names are InterWorx's, so its inputs count."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Catalogue, Route, action
from iwapi.asked import Outcome
from iwapi.errors import InvalidInput
from iwapi.kinds import Count, Domain, Flag, Id, Name, NewPassword, Nickname, Raw, Rules, Text
from iwapi.parse import read
from iwapi.shape import arg
from iwapi.wires.route import RouteWire
from iwapi.wires.routecall import RouteCall
from tests.wires.made_up import Strength

SITEWORX = "/nodeworx/siteworx"


@dataclass(frozen=True)
class Change:
    domain: Domain | None = arg("which", old=("domainname", "master_domain"), default=None)
    status: Flag | None = arg("on or off", default=None)
    nickname: Nickname | None = arg("its name", default=None)
    password: NewPassword | None = arg("its password", default=None)
    packagetemplate: Name | None = arg("its package", old=("package_template",), default=None)
    OPT_STORAGE: Count | None = arg("disk space", default=None)
    names: tuple[Domain, ...] = arg("other names", default=())
    level: Strength | None = arg("how strong", default=None)


@dataclass(frozen=True)
class User:
    perms: tuple[Name, ...] = arg("what it may do", default=())


@dataclass(frozen=True)
class Which:
    domain: tuple[Domain, ...] = arg("which ones")


def declared(controller: str, name: str, shape: str, function: Any, answer: Any = lambda value: value) -> Any:
    made = action(scope="x", writes=True, route=Route(name, answer, shape))(function)  # type: ignore[arg-type]
    return dataclasses.replace(made, controller=controller)


def edit(call: Any, wanted: Change) -> Text:
    """Change it."""
    raise NotImplementedError


def add_user(call: Any, wanted: User) -> Text:
    """Add it."""
    raise NotImplementedError


def delete(call: Any, wanted: Which) -> tuple[Id, ...]:
    """Delete them."""
    raise NotImplementedError


EDIT = declared(SITEWORX, "edit", "sentence", edit)
ADD = declared(SITEWORX, "add", "sentence", edit)
ADD_USER = declared("/nodeworx/users", "add", "sentence", add_user)
DELETE = declared(SITEWORX, "delete", "maps", delete, lambda number: {"id": number})
WIRE = RouteWire(Catalogue((EDIT, ADD, ADD_USER, DELETE)))


def asked(sent: Mapping[str, Raw], name: str = "edit", ctrl: str = SITEWORX, wire: Any = "route") -> Any:
    return WIRE.asked(RouteCall("K", ctrl, name, sent), wire, "192.0.2.1", "test", "id1")


def taken(sent: Mapping[str, Raw], name: str = "edit", ctrl: str = SITEWORX) -> dict[str, Any]:
    """The inputs, typed; none is wrong."""
    call = asked(sent, name, ctrl)
    values, problems = read(call.action.input, call.raw, Rules(), call.strict)
    assert [*call.problems, *problems] == []
    return values


def refused(sent: Mapping[str, Raw], name: str = "edit") -> list[str]:
    """What is wrong with the inputs, as the client is told."""
    call = asked(sent, name)
    _, problems = read(call.action.input, call.raw, Rules(), call.strict)
    status, text = WIRE.answer(Outcome(error=InvalidInput(*call.problems, *problems)), call.action)
    assert status == 11
    heading, *lines, usage = text.split("\n")
    assert heading == "There was a problem validating the form. Please see details below."
    assert usage.startswith("Usage: ")
    return lines
