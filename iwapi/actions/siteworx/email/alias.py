"""`/siteworx/email/alias`: aliases. This server has no mail service, so there are none."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Text


@dataclass(frozen=True)
class Alias:
    """An address whose mail goes elsewhere."""

    username: Text = arg("the part before the @")
    email: Text = arg("the whole address")
    dest: Text = arg("where its mail goes")


@action(scope="email:read", raises=(AccountNotFound,), route=Route("listEmailAliases", members, "objects"))
def list_email_aliases(call: Call, _: Nothing) -> tuple[Alias, ...]:
    """The account's e-mail aliases."""
    call.site()
    return ()
