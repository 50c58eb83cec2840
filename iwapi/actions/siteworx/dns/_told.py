"""What actions say of records and zones, and of those that they do not find or may not change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.recordforms import form_of
from iwapi.core.records import Data, DnsRecord, Record
from iwapi.errors import NOT_AN_OPTION, AccountNotFound, LimitReached, Pending, Problem, RecordNotFound

CHANGES = (AccountNotFound, Pending, RecordNotFound, LimitReached)


def told(call: Call, record: Record) -> DnsRecord:
    """A record as it is listed."""
    data = record.data
    return DnsRecord(
        record_id=record.record_id, zone_id=record.zone_id, type=data.type, host=data.host,
        ttl=ttl(call, data), **form_of(data).listed,
    )  # fmt: skip


def present(row: DnsRecord) -> dict[str, Any]:
    """The members that a record of its type has."""
    return {name: value for name, value in vars(row).items() if value is not None}


def of_type(call: Call, kind: str) -> tuple[DnsRecord, ...]:
    """The records of a type in all zones of the account that the call acts inside."""
    zones = call.zones(call.site())
    records = [record for zone in zones.list() for record in zones.records(zone.zone_id)]
    return tuple(told(call, record) for record in records if record.data.type == kind)


def ttl(call: Call, data: Data) -> int:
    """How long others may keep a record."""
    return call.server.dns_ttl if data.ttl is None else data.ttl


def sentence(done: str) -> Any:
    return lambda row: f"The {row.type} record of {row.host} has been {done}."


def forbidden(call: Call, account: Account) -> Iterator[Problem]:
    """The option binds the account's own users; who runs the account may still change its records."""
    if call.caller.site is not None and not account.OPT_DNS_RECORDS:
        wrong = "The account may not change its DNS records"
        yield Problem("OPT_DNS_RECORDS", "", wrong, code=LimitReached.code)


def no_zone(zone_id: int) -> Problem:
    return Problem("zone_id", str(zone_id), NOT_AN_OPTION, "one that listZones names", RecordNotFound.code)


def no_record(record_id: int, of_type: str = "") -> Problem:
    allowed = f"a record of type {of_type}" if of_type else "one that queryDnsRecords names"
    return Problem("record_id", str(record_id), NOT_AN_OPTION, allowed, RecordNotFound.code)
