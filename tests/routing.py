"""`route` as its clients meet it: a first parameter, an action of a controller and inputs give a status and a
payload."""

from __future__ import annotations

from typing import Any

from iwapi.asked import Credentials
from iwapi.kinds import Raw
from iwapi.wires.route import RouteWire
from iwapi.wires.routecall import RouteCall, Rows
from tests.helpers import PASSWORD, World

First = Raw


def route(world: World, first: First, path: str, **sent: Raw) -> tuple[int, Any]:
    """The status and the payload of a call; `path` is the controller and the action."""
    wire = RouteWire(world.panel.catalogue)
    controller, _, action = path.rpartition("/")
    asked = wire.asked(RouteCall(first, controller, action, sent), "route", "192.0.2.1", "test", "id1")
    (outcome,) = world.outcomes(asked)
    return wire.answer(outcome, asked.action)


def payload(world: World, first: First, path: str, **sent: Raw) -> Any:
    """The payload of a call that must succeed."""
    status, told = route(world, first, path, **sent)
    assert status == 0, told
    return told


def rows(world: World, first: First, path: str, shape: str, **sent: Raw) -> list[Any]:
    """The rows of a call that must answer rows of that shape."""
    told = payload(world, first, path, **sent)
    assert isinstance(told, Rows)
    assert told.shape == shape
    return list(told.rows)


def refusal(world: World, first: First, path: str, **sent: Raw) -> list[str]:
    """What a call is told that must end with status 11: the heading and the lines before the usage."""
    status, told = route(world, first, path, **sent)
    assert status == 11, told
    *lines, usage = told.split("\n")
    assert usage.startswith("Usage: ")
    return lines


def inside(domain: str, by: Credentials) -> First:
    """The first parameter of who acts with a key inside an account."""
    assert by.apikey is not None
    return {"apikey": by.apikey.reveal, "domain": domain}


def site_user(email: str, domain: str, password: str = PASSWORD) -> First:
    """The first parameter of a SiteWorx user."""
    return {"email": email, "password": password, "domain": domain}


def key_of(by: Credentials) -> First:
    """The first parameter of who has a key."""
    assert by.apikey is not None
    return by.apikey.reveal


def by_key(world: World) -> First:
    """The administrator's key."""
    return key_of(world.key())
