"""Zones, their records, and their removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions._members import members
from iwapi.actions.siteworx._zones import main_zone
from iwapi.actions.siteworx.dns._told import CHANGES, forbidden, no_record, no_zone, present, sentence, told
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.records import DnsRecord, ZoneRow
from iwapi.errors import AccountNotFound, Problem, RecordNotFound
from iwapi.kinds import Id


@dataclass(frozen=True)
class OfZone:
    """One zone."""

    zone_id: Id | None = arg("the zone's id; the zone of the main domain when absent", default=None)


@dataclass(frozen=True)
class Some:
    """Records."""

    record_id: tuple[Id, ...] = arg("the records' ids")


def _some_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account = call.site()
    yield from forbidden(call, account)
    for record_id in given.get("record_id") or ():
        if call.zones(account).record(record_id) is None:
            yield no_record(record_id)


@action(scope="dns:read", raises=(AccountNotFound,), route=Route("listZones", members, "objects"))
def list_zones(call: Call, _: Nothing) -> tuple[ZoneRow, ...]:
    """The account's zones: that of its main domain, then those of pointers and secondary domains."""
    return call.zones(call.site()).list()


@action(
    scope="dns:read", raises=(AccountNotFound, RecordNotFound),
    route=Route("queryDnsRecords", present, "objects"),
)  # fmt: skip
def query_dns_records(call: Call, which: OfZone) -> tuple[DnsRecord, ...]:
    """The records of a zone, by name."""
    account = call.site()
    zones = call.zones(account)
    zone = main_zone(call, account) if which.zone_id is None else zones.by_id(which.zone_id)
    if zone is None:
        raise RecordNotFound(no_zone(which.zone_id or 0))
    return tuple(told(call, record) for record in zones.records(zone.zone_id))


@action(
    scope="dns:edit", writes=True, check=_some_wrong, raises=CHANGES,
    route=Route("delete", sentence("deleted"), "sentence"),
)  # fmt: skip
def delete(call: Call, which: Some) -> tuple[DnsRecord, ...]:
    """Delete records, all of them or none."""
    account = call.site()
    zones = call.zones(account)
    named = [zones.record(record_id) for record_id in dict.fromkeys(which.record_id)]
    gone = [record for record in named if record is not None]
    zones.delete(gone)
    call.build(account.siteworx_id)
    return tuple(told(call, record) for record in gone)
