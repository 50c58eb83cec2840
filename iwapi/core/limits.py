"""What a package or an account may use: InterWorx's OPT_* options, in its units."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_type_hints

from iwapi.errors import REQUIRED, Problem
from iwapi.kinds import Count, Flag, Gigabytes, Megabytes
from iwapi.shape import Field, arg, shape_of


@dataclass(frozen=True)
class Limits:
    """Every option, decided. Sizes in MB and in GB for a calendar month; counts; flags."""

    OPT_STORAGE: Megabytes = arg("disk space in MB")
    OPT_BANDWIDTH: Gigabytes = arg("traffic in GB for a calendar month")
    OPT_EMAIL_ALIASES: Count = arg("e-mail aliases")
    OPT_EMAIL_AUTORESPONDERS: Count = arg("e-mail autoresponders")
    OPT_EMAIL_BOXES: Count = arg("e-mail boxes")
    OPT_EMAIL_GROUPS: Count = arg("e-mail groups")
    OPT_FTP_ACCOUNTS: Count = arg("FTP accounts")
    OPT_MYSQL_DBS: Count = arg("databases")
    OPT_MYSQL_DB_USERS: Count = arg("database users")
    OPT_POINTER_DOMAINS: Count = arg("pointer domains")
    OPT_SLAVE_DOMAINS: Count = arg("secondary domains")
    OPT_SUBDOMAINS: Count = arg("subdomains")
    OPT_BACKUP: Flag = arg("may make backups")
    OPT_CGI_ACCESS: Flag = arg("may run CGI programs")
    OPT_CRONTAB: Flag = arg("may have cron jobs")
    OPT_DNS_RECORDS: Flag = arg("may edit its DNS records")
    OPT_SSL: Flag = arg("may have SSL certificates")
    OPT_BURSTABLE: Flag = arg("may exceed its bandwidth")
    OPT_SAVE_XFER_LOGS: Flag = arg("keeps its transfer logs")


_Of = TypeVar("_Of")
_FLAG = shape_of(Flag).kind


@dataclass(frozen=True)
class Options(Generic[_Of]):
    """The options of a struct as calls name them. `required` are those without which nothing is decided."""

    struct: type[_Of]
    required: tuple[str, ...]

    @cached_property
    def _fields(self) -> tuple[Field, ...]:
        hint: Any = self.struct
        return shape_of(hint).fields

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self._fields)

    @cached_property
    def _flags(self) -> frozenset[str]:
        return frozenset(item.name for item in self._fields if item.shape.kind is _FLAG)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The sizes and counts: what can be summed."""
        return tuple(name for name in self.names if name not in self._flags)

    def given_struct(self) -> type:
        """The struct with every option optional: the options are declared once."""
        hints = get_type_hints(self.struct, include_extras=True)
        members = [
            (item.name, hints[item.name] | None, arg(item.help, default=None)) for item in self._fields
        ]
        return dataclasses.make_dataclass(f"Given{self.struct.__name__}", members, frozen=True)

    def given(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The options among the inputs of a call that were named."""
        return {name: value for name in self.names if (value := inputs.get(name)) is not None}

    def missing(self, named: Mapping[str, Any]) -> list[Problem]:
        """The options that must be named where no package gives them."""
        return [Problem(name, "", REQUIRED) for name in self.required if name not in named]

    def decided(self, named: Mapping[str, Any]) -> _Of:
        """The options decided from those named: what is not named is not granted."""
        return self.struct(**{name: named.get(name, self.typed(name, 0)) for name in self.names})

    def changed(self, before: _Of, named: Mapping[str, Any]) -> _Of:
        """The options with those named replaced."""
        return self.struct(**{name: named.get(name, getattr(before, name)) for name in self.names})

    def typed(self, name: str, value: int) -> int | bool:
        """A kept number as the option's value."""
        return bool(value) if name in self._flags else value


ACCOUNT = Options(Limits, ("OPT_STORAGE", "OPT_BANDWIDTH"))

if TYPE_CHECKING:

    class GivenLimits(Limits):
        """The options that a call names; None is one that it does not name."""
else:
    GivenLimits = ACCOUNT.given_struct()

NAMES = ACCOUNT.names
given = ACCOUNT.given
missing = ACCOUNT.missing
limits = ACCOUNT.decided
changed = ACCOUNT.changed
typed = ACCOUNT.typed
