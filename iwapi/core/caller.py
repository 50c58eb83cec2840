"""A caller who proved itself: who it is, whose accounts it acts on, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """`who` names it in the log and the audit, as `key:<id>` or `user:<e-mail>`.

    `owner` is the NodeWorx user it acts as. A master acts on every account. `scopes` limits what it may do;
    None is all that its owner may. `proof` is what was compared, so that it can be compared again. `stale`
    says that its last use should be written.
    """

    who: str
    owner: int
    email: str
    master: bool
    scopes: frozenset[str] | None = None
    proof: str = ""
    stale: bool = False

    def may(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes
