"""docs/configuration.md and docs/errors.md, made from the tables of settings and of errors."""

from __future__ import annotations

import json
from typing import Any

from iwapi.cli.markdown import document, table
from iwapi.cli.refusals import EXIT_CODES, exit_code
from iwapi.cli.urls import host_port
from iwapi.config import ENVIRONMENT, SETTINGS, Setting
from iwapi.errors import CATALOGUE


def configuration() -> str:
    """Every setting."""
    rows = [
        (f"`{item.name}`", item.kind, f"`{_toml(item.default)}`", item.help, f"`{_variable(item)}`")
        for item in SETTINGS
    ]
    return document(
        "Configuration",
        "One TOML file holds the settings: the one that `--config` or `IWAPI_CONFIG` names, or else"
        " `iwapi.toml` in the state folder. A variable of the environment wins over the file; a list is"
        " written with commas there. A key that is not known is an error that names its line:"
        " `iwapi check-config` tells them all.",
        "The state folder is named by `--state` or `IWAPI_STATE`; it is `/var/lib/iwapi` otherwise.",
        table(("Key", "Value", "Default", "Meaning", "Environment"), rows),
    )


def _variable(setting: Setting) -> str:
    return ENVIRONMENT + setting.name.upper()


def _toml(default: Any) -> str:
    """A default as it is written in the file."""
    if isinstance(default, tuple):
        default = [item if isinstance(item, str) else host_port(item) for item in default]
    return json.dumps(default)


def errors() -> str:
    """The catalogue of errors, and the exit codes of the command."""
    rows = [
        (f"`{code}`", kind.number, "a fault" if kind.route_fault else kind.status, kind.fault,
         "yes" if kind.retryable else "no",
         exit_code(kind), (kind.__doc__ or "").strip())
        for code, kind in CATALOGUE.items()
    ]  # fmt: skip
    texts = [(f"`{code}`", kind.staff, kind.customer) for code, kind in CATALOGUE.items()]
    return document(
        "Errors",
        "Every wire tells the same errors. Typed SOAP answers a fault whose detail holds the code and each"
        " wrong input; `route` answers a status with a payload; the `iwapi.*` methods of XML-RPC a fault"
        " whose code is the number; the `iwapi` command ends with an exit code."
        " A retryable error may be gone when the same call is repeated.",
        table(
            ("Code", "Number", "Status of `route`", "SOAP fault", "Retryable", "Exit code", "Meaning"), rows
        ),
        "## Texts",
        "The first is for staff, the second can be shown to a customer.",
        table(("Code", "Staff", "Customer"), texts),
        "## Exit codes of the command",
        table(("Exit code", "Meaning"), [*EXIT_CODES.items()]),
    )
