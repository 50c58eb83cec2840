"""Closed accounts that come back."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.core.accounts import Account


@dataclass(frozen=True)
class Revival:
    """As what a closed account is brought back. `account` is the account as it is kept."""

    account: Account
    owner: int
    domain: str
    uniqname: str
    ipv4: str | None = None
    ipv6: str | None = None

    def moved(self, name: str) -> str:
        """A name at or below the domain that the account had, as it is with the one that it gets."""
        return moved(name, self.account.master_domain, self.domain)


def moved(name: str, old: str, new: str) -> str:
    """A name at or below a domain that is renamed; any other name is as it was."""
    return name.removesuffix(old) + new if name == old or name.endswith("." + old) else name
