"""The declaration of an action, and what is derived from its types.

From a declaration come the SOAP operation, the WSDL, the `route` and XML-RPC entries, the CLI command, the
docs, the scope check, the masking of secrets and the audit row. Nothing is written twice.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any, Literal, TypeAlias, get_type_hints

from iwapi.errors import ApiError, Problem
from iwapi.shape import Shape, arg, shape_of

__all__ = ["Action", "Catalogue", "Route", "action", "arg", "collect"]

RouteShape = Literal["sentence", "flag", "map", "maps", "objects", "lists"]
Service = Literal["billing", "admin"]


@dataclass(frozen=True)
class Route:
    """How InterWorx's envelope knows the action.

    `answer` makes the payload from the typed answer (or from each row of it, where the answer is rows);
    `shape` says how PHP must see it: a sentence, a flag that is true or false, a map, or rows that are maps,
    objects or lists. `but` tells of an answer (or a row of it) what its caller must not take for a success,
    though the change is made: a text that goes out with status 11; None where there is nothing.
    """

    action: str
    answer: Callable[[Any], Any]
    shape: RouteShape
    but: Callable[[Any], str | None] | None = None


Check: TypeAlias = Callable[[Any, Mapping[str, Any]], Iterable[Problem]]
"""What is wrong with inputs as things stand now. It takes the call and the inputs that were given, by name;
None stands for one that is wrong in itself."""


@dataclass(frozen=True)
class Action:
    """One action of the API. `name` is its typed operation, None where it is known to `route` only."""

    name: str | None
    scope: str
    writes: bool
    route: Route | None
    raises: tuple[type[ApiError], ...]
    run: Callable[..., Any] = field(repr=False)
    controller: str
    service: Service
    check: Check | None = field(repr=False)
    adds: bool = False
    waits: bool = False

    @cached_property
    def input(self) -> Shape:
        """The struct of its inputs; without fields where it takes none."""
        return shape_of(list(self._hints.values())[1])

    @cached_property
    def answer(self) -> Shape:
        return shape_of(self._hints["return"])

    @cached_property
    def slow(self) -> tuple[str, ...]:
        """Its inputs that are digested on the pool before it runs."""
        return tuple(item.name for item in self.input.fields if item.shape.kind and item.shape.kind.slow)

    @cached_property
    def help(self) -> str:
        return inspect.getdoc(self.run) or ""

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.run, include_extras=True)

    @property
    def path(self) -> str:
        """What the log and the audit call it."""
        return self.name or f"{self.controller}/{self.route.action if self.route else self.run.__name__}"


def action(
    name: str | None = None,
    *,
    scope: str,
    writes: bool = False,
    route: Route | None = None,
    raises: tuple[type[ApiError], ...] = (),
    service: Service = "billing",
    check: Check | None = None,
    adds: bool = False,
    waits: bool = False,
) -> Callable[[Callable[..., Any]], Action]:
    """Declare the function below as an action.

    It takes the call and a frozen dataclass of inputs. A writing one is a function of the transaction that
    may be run again: it has no effect outside of it. `raises` are its own errors, beside those that every
    action has. `service` is the WSDL that publishes it. `check` finds what is wrong with inputs as things
    stand, in the transaction, before the function runs; where others cannot even be read, it names what is
    wrong beside them, so that one answer names everything. What `adds` something is protected from doing so
    twice, though the client sends no idempotency key: an identical call is its repeat until one answer was
    handed over. What `waits` may answer late though it changes nothing. The file's path is the controller's
    path.
    """

    def declare(run: Callable[..., Any]) -> Action:
        controller = _controller(run.__module__)
        return Action(name, scope, writes, route, raises, run, controller, service, check, adds, waits)

    return declare


def _controller(module: str) -> str:
    """A controller is a file; one too long for a file is a folder, whose parts begin with an underscore."""
    parts = module.split(".")[2:]
    return "/" + "/".join(part for part in parts if not part.startswith("_"))


@dataclass(frozen=True)
class Catalogue:
    """All actions, by typed name and by route."""

    actions: tuple[Action, ...]

    @cached_property
    def named(self) -> dict[str, Action]:
        return {item.name: item for item in self.actions if item.name}

    @cached_property
    def routed(self) -> dict[tuple[str, str], Action]:
        """By controller and action, as `route` names them."""
        return {(item.controller, item.route.action): item for item in self.actions if item.route}

    def service(self, name: Service) -> tuple[Action, ...]:
        """The typed actions that a service publishes, in the order of their declaration."""
        return tuple(item for item in self.actions if item.name and item.service == name)


def collect(package: ModuleType) -> Catalogue:
    """Every action declared below a package; a name or a route that is declared twice is an error."""
    found: list[Action] = []
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        members = vars(importlib.import_module(module.name)).values()
        found += [item for item in members if isinstance(item, Action) and item.run.__module__ == module.name]
    catalogue = Catalogue(tuple(found))
    named = [item.name for item in found if item.name]
    routed = [(item.controller, item.route.action) for item in found if item.route]
    if len(named) != len(set(named)) or len(routed) != len(set(routed)):
        raise TypeError("an action is declared twice")
    return catalogue
