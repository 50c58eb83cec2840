"""`/siteworx/email/box`: mailboxes. This server has no mail service, so there are none."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound
from iwapi.kinds import Megabytes, Text


@dataclass(frozen=True)
class Box:
    """A mailbox."""

    username: Text = arg("the part before the @")
    email: Text = arg("the whole address")
    quota: Megabytes = arg("disk space allowed, in MB")


@action(scope="email:read", raises=(AccountNotFound,), route=Route("listEmailBoxes", members, "objects"))
def list_email_boxes(call: Call, _: Nothing) -> tuple[Box, ...]:
    """The account's mailboxes."""
    call.site()
    return ()


@action(
    scope="email:read", raises=(AccountNotFound,),
    route=Route("list", lambda box: [box.username, box.email], "lists"),
)  # fmt: skip
def list_labels(call: Call, _: Nothing) -> tuple[Box, ...]:
    """The names of the account's mailboxes."""
    call.site()
    return ()
