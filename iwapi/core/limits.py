"""What a package or an account may use: InterWorx's OPT_* options, in its units."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_type_hints

from iwapi.errors import REQUIRED, Problem
from iwapi.kinds import Count, Flag, Gigabytes, Megabytes
from iwapi.shape import arg, shape_of


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


NAMES = tuple(item.name for item in dataclasses.fields(Limits))
_FLAGS = frozenset(item.name for item in shape_of(Limits).fields if item.shape.kind is shape_of(Flag).kind)
_SIZES = ("OPT_STORAGE", "OPT_BANDWIDTH")


def _given() -> type:
    """`Limits` with every option optional: the options are declared once."""
    hints = get_type_hints(Limits, include_extras=True)
    helps = {item.name: item.help for item in shape_of(Limits).fields}
    members = [(name, hints[name] | None, arg(helps[name], default=None)) for name in NAMES]
    return dataclasses.make_dataclass("GivenLimits", members, frozen=True)


if TYPE_CHECKING:

    class GivenLimits(Limits):
        """The options that a call names; None is one that it does not name."""
else:
    GivenLimits = _given()


def given(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The options among the inputs of a call that were named."""
    return {name: value for name in NAMES if (value := inputs.get(name)) is not None}


def missing(named: Mapping[str, Any]) -> list[Problem]:
    """The sizes that must be named where no package gives them."""
    return [Problem(name, "", REQUIRED) for name in _SIZES if name not in named]


def limits(named: Mapping[str, Any]) -> Limits:
    """The options decided from those named: what is not named is not granted."""
    return Limits(**{name: named.get(name, False if name in _FLAGS else 0) for name in NAMES})


def changed(before: Limits, named: Mapping[str, Any]) -> Limits:
    """The options with those named replaced."""
    return Limits(**{name: named.get(name, getattr(before, name)) for name in NAMES})


def typed(name: str, value: int) -> int | bool:
    """A kept number as the option's value."""
    return bool(value) if name in _FLAGS else value
