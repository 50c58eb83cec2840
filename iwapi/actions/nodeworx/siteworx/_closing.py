"""Close accounts, one or several in a call: all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from iwapi.action import Route, action
from iwapi.actions.nodeworx.siteworx._counted import count
from iwapi.actions.nodeworx.siteworx._shared import (
    CHANGES,
    GUARDED,
    ByDomain,
    Guarded,
    One,
    about_several,
    one_or_closed,
    sentence,
    several_wrong,
)
from iwapi.call import Call
from iwapi.core.accounts import Account, Closed
from iwapi.errors import NeedsApproval, Problem


@action("deleteSiteWorxAccount", scope="accounts:delete", writes=True, raises=(*GUARDED, NeedsApproval))
def delete(call: Call, which: Guarded) -> Closed:
    """Close an account: serving stops at once, its names are free for its owner, its data is kept for the
    grace time, and `restoreSiteWorxAccount` brings it back. Changes that were scheduled for it are cancelled.
    A repeat answers the same."""
    return _close(call, (one_or_closed(call, which),))[0]


def _close(call: Call, accounts: tuple[Account | Closed, ...]) -> tuple[Closed, ...]:
    """Close accounts, or tell that they were closed."""
    count(call, sum(isinstance(account, Account) for account in accounts))
    return tuple(_close_one(call, account) for account in accounts)


def _close_one(call: Call, account: Account | Closed) -> Closed:
    if isinstance(account, Closed):
        call.finish(account.siteworx_id)
        return account
    call.accounts.close(account, call.now + call.server.grace_seconds, call.now)
    until = call.now + call.server.name_rest_seconds
    whose = account.nodeworx_id, account.siteworx_id
    call.names.rest("domain", account.master_domain, *whose, until)
    call.names.rest_further(account.siteworx_id, account.nodeworx_id, until)
    call.names.rest("uniqname", account.uniqname, *whose, until)
    call.build(account.siteworx_id)
    closed = call.accounts.closed("siteworx_id", account.siteworx_id)
    assert closed is not None
    return closed


def _close_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    for problem in several_wrong(call, given):
        if call.accounts.closed("domain", problem.value) is None:
            yield problem


@action(
    scope="accounts:delete", writes=True, check=_close_wrong, raises=(*CHANGES, NeedsApproval),
    route=Route("delete", sentence("deleted"), "sentence"),
)  # fmt: skip
def delete_several(call: Call, which: ByDomain) -> tuple[Closed, ...]:
    """Close accounts; their data is kept for the grace time. A repeat answers the same."""
    domains = dict.fromkeys(which.domain)
    closed = _close(call, tuple(one_or_closed(call, One(domain=domain)) for domain in domains))
    call.about = about_several(closed)
    return closed
