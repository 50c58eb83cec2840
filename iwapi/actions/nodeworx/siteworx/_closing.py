"""Close accounts, one or several in a call: all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from iwapi.action import Route, action
from iwapi.actions.nodeworx.siteworx._shared import (
    CHANGES,
    ByDomain,
    Which,
    about_several,
    sentence,
    several_wrong,
)
from iwapi.call import Call
from iwapi.core.accounts import Closed
from iwapi.errors import Problem


@action("deleteSiteWorxAccount", scope="accounts:delete", writes=True, raises=CHANGES)
def delete(call: Call, which: Which) -> Closed:
    """Close an account: serving stops at once, its names are free for its owner, its data is kept for the
    grace time. A repeat answers the same."""
    return close(call, which.domain)


def close(call: Call, domain: str) -> Closed:
    """Close an account, or tell that it was closed."""
    account = call.accounts.by_domain(domain)
    if account is None:
        closed = call.accounts.closed(domain)
        if closed is not None:
            call.about = domain
            call.finish(closed.siteworx_id)
            return closed
    account = call.account(domain)
    call.accounts.close(account, call.now + call.server.grace_seconds)
    until = call.now + call.server.name_rest_seconds
    whose = account.nodeworx_id, account.siteworx_id
    call.names.rest("domain", account.master_domain, *whose, until)
    call.names.rest_further(account.siteworx_id, account.nodeworx_id, until)
    call.names.rest("uniqname", account.uniqname, *whose, until)
    call.build(account.siteworx_id)
    closed = call.accounts.closed(domain)
    assert closed is not None
    return closed


def _close_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    for problem in several_wrong(call, given):
        if call.accounts.closed(problem.value) is None:
            yield problem


@action(
    scope="accounts:delete", writes=True, check=_close_wrong, raises=CHANGES,
    route=Route("delete", sentence("deleted"), "sentence"),
)  # fmt: skip
def delete_several(call: Call, which: ByDomain) -> tuple[Closed, ...]:
    """Close accounts. A repeat answers the same."""
    closed = tuple(close(call, domain) for domain in dict.fromkeys(which.domain))
    call.about = about_several(closed)
    return closed
