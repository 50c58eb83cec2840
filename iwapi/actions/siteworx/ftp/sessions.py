"""`/siteworx/ftp/sessions`: who is logged in by FTP. This server has no FTP service, so nobody is."""

from __future__ import annotations

from iwapi.action import Route, action
from iwapi.actions._members import Entry, members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound


@action(scope="ftp:read", raises=(AccountNotFound,), route=Route("listFtpSessions", members, "objects"))
def list_ftp_sessions(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The FTP log-ins of the account that are open now."""
    call.site()
    return ()
