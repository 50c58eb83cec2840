"""What the host asks of the store: which site a host name has, which zone a name is in, and its records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from iwapi.store.served import ServedRecord, ServedZone

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Redirect:
    """Where visitors are sent: the same path of another host."""

    status: Literal[301, 302]
    host: str


@dataclass(frozen=True)
class Site:
    """A web site of an account.

    `home` is the absolute path of the account's folder, `docroot` the site's folder relative to it; a site
    that only redirects has none.
    """

    account_id: int
    state: Literal["active", "suspended"]
    home: str
    docroot: str
    redirect: Redirect | None = None


class Zones(Protocol):
    """All zones as they are at one moment. Each method is a bounded number of look-ups."""

    def zone(
        self, names: Sequence[str], host: str, kind: str
    ) -> tuple[ServedZone, Sequence[ServedRecord]] | None:
        """The zone of the longest of these names that has one, and its records of exactly this host that are
        of this type or an alias."""

    def records(self, zone: ServedZone, host: str) -> Sequence[ServedRecord]:
        """The records of exactly this name."""

    def addresses(self, zone: ServedZone, hosts: Sequence[str], most: int) -> Sequence[ServedRecord]:
        """The address records of these names, up to so many."""

    def neighbours(self, zone: ServedZone, host: str) -> Sequence[str]:
        """Names with records, of which one shares as many labels with `host`, from the right, as any does."""


class Directory(Protocol):
    """Looks names up as they are now; only exact matches count.

    Names come in lower case, without port or final dot. They are what strangers ask for, so many are
    names that no account can have.

    Everything here is called in the reactor's thread for every request, so it must not wait for anything.
    """

    def site(self, host: str) -> Site | None: ...

    def read(self, work: Callable[[Zones], Answer]) -> Answer:
        """What `work` makes of the zones as they are now."""
