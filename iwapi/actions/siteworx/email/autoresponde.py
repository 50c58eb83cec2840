"""`/siteworx/email/autoresponde`: autoresponders. This server has no mail service, so there are none."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Text


@dataclass(frozen=True)
class Autoresponder:
    """An address that answers by itself."""

    username: Text = arg("the part before the @")
    email: Text = arg("the whole address")


@action(
    scope="email:read", raises=(AccountNotFound,),
    route=Route("listEmailAutoresponders", members, "objects"),
)  # fmt: skip
def list_email_autoresponders(call: Call, _: Nothing) -> tuple[Autoresponder, ...]:
    """The account's e-mail autoresponders."""
    call.site()
    return ()
