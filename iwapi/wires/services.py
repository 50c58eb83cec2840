"""The typed services: what each publishes, in which namespace, and how its callers prove themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from iwapi.action import Action, Catalogue, Service
from iwapi.asked import Options
from iwapi.kinds import Email, Secret
from iwapi.shape import Shape, arg, shape_of

AUTH = "Auth"
"""The SOAP header that carries the caller's credentials."""

OPTIONS = "Options"
"""The SOAP header that says how a call wants to be carried out; it may be left out."""


@dataclass(frozen=True)
class Key:
    """The API key that the call is made with."""

    apikey: Secret = arg("an API key, its white space and marker lines do not matter")


@dataclass(frozen=True)
class LogIn:
    """The log-in of the administrator who makes the call."""

    email: Email = arg("the administrator's e-mail address")
    password: Secret = arg("the administrator's password")


_AUTH: dict[Service, type] = {"billing": Key, "admin": LogIn}


@dataclass(frozen=True, eq=False)
class TypedService:
    """One WSDL: the operations of a service, in the order of their declaration."""

    name: Service
    actions: tuple[Action, ...]

    @property
    def namespace(self) -> str:
        return f"urn:iwapi:{self.name}:1"

    @property
    def wire(self) -> str:
        """What the log and the audit call its wire; which log-ins are open depends on it."""
        return "soap" if self.name == "billing" else self.name

    @property
    def auth(self) -> Shape:
        """The members of its `Auth` header. They are named as the members of `asked.Credentials`."""
        return shape_of(_AUTH[self.name])

    @property
    def options(self) -> Shape:
        """The members of its `Options` header."""
        return shape_of(Options)

    @property
    def understood(self) -> frozenset[str]:
        """The headers that a call may insist on, as qualified names."""
        return frozenset(f"{{{self.namespace}}}{name}" for name in (AUTH, OPTIONS))

    @cached_property
    def operations(self) -> dict[str, Action]:
        return {str(action.name): action for action in self.actions}


def typed_services(catalogue: Catalogue) -> dict[Service, TypedService]:
    """Every typed service of the catalogue, by name."""
    names: tuple[Service, ...] = get_args(Service)
    return {name: TypedService(name, catalogue.service(name)) for name in names}
