"""What every change of a zone must ask first."""

from __future__ import annotations

from collections.abc import Iterator

from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.records import MOST_IN_ZONE, ZoneRow
from iwapi.errors import LimitReached, Problem


def main_zone(call: Call, account: Account) -> ZoneRow:
    """The zone of the account's main domain."""
    zone = call.zones(account).by_name(account.master_domain)
    assert zone is not None
    return zone


def no_room(call: Call, account: Account, zone: ZoneRow, more: int) -> Iterator[Problem]:
    """Whether a zone would have more records than it may have."""
    if call.zones(account).count(zone.zone_id) + more > MOST_IN_ZONE:
        allowed = f"up to {MOST_IN_ZONE} records in a zone"
        yield Problem("zone", zone.domain, "The zone is full", allowed, LimitReached.code)
