"""`/siteworx/index`: a session inside an account."""

from __future__ import annotations

from iwapi.action import Route, action
from iwapi.actions.nodeworx.index import Begun, Customer, begin, sid
from iwapi.call import Call
from iwapi.errors import AccountNotFound, Pending


@action(
    scope="sessions:edit", writes=True, raises=(AccountNotFound, Pending),
    route=Route("getSession", sid, "sentence"),
)  # fmt: skip
def get_site_session(call: Call, wanted: Customer) -> Begun:
    """Begin a session of the account that the call acts inside, with the rights of the account's own log-in:
    for ten minutes its id stands for that log-in, as `{sessionid}`. It may be traded once for the account's
    page, at `/siteworx/?sid=`, which ends it."""
    return Begun(token=begin(call, "api", call.site().siteworx_id, wanted))
