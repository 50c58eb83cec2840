"""`/siteworx/email/remotesetup`: where the account's mail goes. Its MX records are those of its zones."""

from __future__ import annotations

from iwapi.action import Route, action
from iwapi.actions._members import Entry, members
from iwapi.actions.siteworx.dns._told import of_type, present
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.records import DnsRecord
from iwapi.errors import AccountNotFound


def _label(record: DnsRecord) -> list[int | str]:
    return [record.record_id, f"{record.host} {record.target}"]


@action(scope="dns:read", raises=(AccountNotFound,), route=Route("listMxRecords", present, "objects"))
def list_mx_records(call: Call, _: Nothing) -> tuple[DnsRecord, ...]:
    """The MX records of all zones of the account."""
    return of_type(call, "MX")


@action(scope="dns:read", raises=(AccountNotFound,), route=Route("listMxRecordIds", _label, "lists"))
def list_mx_record_ids(call: Call, _: Nothing) -> tuple[DnsRecord, ...]:
    """The ids of the MX records of all zones of the account."""
    return of_type(call, "MX")


@action(
    scope="email:read", raises=(AccountNotFound,), route=Route("listLocalDeliveryStatus", members, "objects")
)
def list_local_delivery_status(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The domains whose mail is delivered here. This server has no mail service, so there are none."""
    call.site()
    return ()
