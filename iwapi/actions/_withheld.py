"""Domains whose accounts the master suspended: to close such an account does not have its domain served."""

from __future__ import annotations

from collections.abc import Iterator

from iwapi.call import Call
from iwapi.errors import DomainTaken, Problem

WITHHELD = "It was closed while the master administrator had it suspended; it can be restored"


def withheld(call: Call, named: str, domain: str | None) -> Iterator[Problem]:
    """Whether a domain is that of such an account while its data is kept; the master may have it."""
    if domain is not None and not call.caller.master and call.names.withheld(domain):
        yield Problem(named, domain, WITHHELD, code=DomainTaken.code)
