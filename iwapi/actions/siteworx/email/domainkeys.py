"""`/siteworx/email/domainkeys`: signing keys. This server has no mail service, so there are none."""

from __future__ import annotations

from iwapi.action import Route, action
from iwapi.actions._members import Entry, members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound


@action(scope="email:read", raises=(AccountNotFound,), route=Route("listDomainKeys", members, "objects"))
def list_domain_keys(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The domains whose mail is signed."""
    call.site()
    return ()
