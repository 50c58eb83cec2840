"""Tools: what the commands are handed to work with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO, TypeAlias

from iwapi.action import Action, Catalogue
from iwapi.asked import Credentials
from iwapi.config import Config
from iwapi.core.bound import Addresses
from iwapi.core.finding import Finding
from iwapi.kinds import Raw

Ready: TypeAlias = Callable[[Addresses], None]
"""Called once, when the server listens."""


class Caller(Protocol):
    def __call__(
        self, action: Action, raw: dict[str, Raw], credentials: Credentials,
        options: Mapping[str, Raw] | None = None,
    ) -> Any:  # fmt: skip
        """Call an action and wait for its answer; raises `ApiError`."""


@dataclass(frozen=True)
class Opened:
    """An open state folder. `serve` returns when it was told to end, or after so many seconds if any."""

    config: Config
    call: Caller
    serve: Callable[[Ready, float | None], None]
    close: Callable[[], None]


@dataclass(frozen=True)
class Tools:
    """The program's parts. Each raises `click.ClickException` with one sentence where it must refuse.

    `install` makes a state folder: the administrator's e-mail and password, IP addresses, each with whether
    accounts share it, and the URL of PostgreSQL, if any. `move` moves a store to that of PostgreSQL and tells
    of each table. `examine` looks at a whole server, `certificate` at the one that the settings name.
    `contract` gives the WSDLs by file name, `interworx` the known actions of InterWorx's API by controller.
    `log_to` sends the log of a level to a stream, as JSON or for the eye.
    """

    catalogue: Callable[[], Catalogue]
    install: Callable[[Path, str, str, Sequence[tuple[str, bool]], str], None]
    open: Callable[[Path, Config], Opened]
    move: Callable[[Path, Config, str, Callable[[str], None]], None]
    examine: Callable[[Path, Config], Sequence[Finding]]
    certificate: Callable[[Config], Finding]
    contract: Callable[[Catalogue], Mapping[str, bytes]]
    interworx: Callable[[], Mapping[str, Collection[str]]]
    log_to: Callable[[TextIO, str, str], None]
