"""`/siteworx/email/spf`: who may send mail for the account's domains, as its zones say."""

from __future__ import annotations

from iwapi.action import Route, action
from iwapi.actions.siteworx.dns._told import of_type, present
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.records import DnsRecord
from iwapi.errors import AccountNotFound

_SPF = "v=spf1"


@action(scope="dns:read", raises=(AccountNotFound,), route=Route("listSpfRecords", present, "objects"))
def list_spf_records(call: Call, _: Nothing) -> tuple[DnsRecord, ...]:
    """The SPF records of all zones of the account, which are of type TXT."""
    return tuple(record for record in of_type(call, "TXT") if _SPF in record.target)
