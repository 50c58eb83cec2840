"""What the host asks of the store: which account serves a host name, and which zone a domain has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Site:
    """An account's web site.

    `home` is the absolute path of the account's folder, `docroot` the site's folder relative to it.
    """

    account_id: int
    state: Literal["active", "suspended"]
    home: str
    docroot: str


@dataclass(frozen=True)
class Zone:
    """A domain's addresses, and the serial of its SOA. The other records follow from the settings."""

    domain: str
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    serial: int


class Directory(Protocol):
    """Looks names up as they are now; only exact matches count.

    Names come in lower case, without port or final dot. They are what strangers ask for, so many are
    names that no account can have.

    Both methods are called in the reactor's thread for every request, so they must not wait for anything.
    """

    def site(self, host: str) -> Site | None: ...

    def zone(self, domain: str) -> Zone | None: ...
