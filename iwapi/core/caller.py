"""A caller who proved itself: who it is, whose accounts it acts on, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass

ANYBODY = ""
"""The scope of what every known caller may do. No action is declared with it."""


@dataclass(frozen=True)
class Caller:
    """`who` names it in the log and the audit, as `key:<id>`, `user:<e-mail>` or `site:<domain>:<e-mail>`.

    `owner` is the NodeWorx user it acts as. A master acts on every account. `scopes` limits what it may do;
    None is all that its owner may. `site` is the id of the one account that a SiteWorx user is confined to,
    `site_user` that user's id, None for the account's own log-in. `proof` is what was compared, so that it
    can be compared again. `stale` says that its last use should be written. Who is
    `suspended` has little left of its scopes. `placed` says that its key works from certain addresses only,
    `narrow` that what it sent is worth less than its user: a key with scopes or addresses, or a session of
    calls. As whom it is `counted`, where it closes accounts: its key, or its NodeWorx user by its id; a
    session of calls as who began it.
    """

    who: str
    owner: int
    email: str
    master: bool
    scopes: frozenset[str] | None = None
    proof: str = ""
    stale: bool = False
    suspended: bool = False
    placed: bool = False
    narrow: bool = False
    counted: str = ""
    site: int | None = None
    site_user: int | None = None

    def may(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes or scope == ANYBODY

    @property
    def at_hand(self) -> bool:
        """Whether it is somebody who runs commands on the machine itself."""
        return self.who.startswith("local:")
