"""What accounts use, in bytes, and in the units of InterWorx."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.core.accounts import Usage
from iwapi.kinds import UNLIMITED

MB = 1024 * 1024
MB_IN_GB = 1024


@dataclass(frozen=True)
class UsageRow:
    """One account's use of this month: bytes, and its options in their own units (MB, GB)."""

    account_id: int
    domain: str
    storage_bytes: int
    traffic_bytes: int
    OPT_STORAGE: int
    OPT_BANDWIDTH: int

    @property
    def storage_mb(self) -> int:
        return megabytes(self.storage_bytes)

    @property
    def traffic_mb(self) -> int:
        return megabytes(self.traffic_bytes)

    @property
    def bandwidth_mb(self) -> int:
        """The traffic allowed, in MB; unlimited stays the one number that says so."""
        return UNLIMITED if self.OPT_BANDWIDTH == UNLIMITED else min(self.OPT_BANDWIDTH * MB_IN_GB, UNLIMITED)

    @property
    def told(self) -> Usage:
        """The same as callers see it."""
        return Usage(
            siteworx_id=self.account_id, master_domain=self.domain, storage_used=self.storage_mb,
            storage=self.OPT_STORAGE, bandwidth_used=self.traffic_mb, bandwidth=self.bandwidth_mb,
            storage_bytes=self.storage_bytes, bandwidth_bytes=self.traffic_bytes,
        )  # fmt: skip


def megabytes(count: int) -> int:
    """Bytes as MB, rounded up: what is used is never shown as nothing."""
    return -(-count // MB)


def gigabytes(count: int) -> int:
    """Bytes as GB, rounded to the nearest."""
    return round(count / (MB * MB_IN_GB))


def percent(used: int, limit: int) -> int:
    """How much of a limit is used, from 0 to 100; 0 where there is no limit."""
    return 0 if limit == UNLIMITED else min(used * 100 // max(limit, 1), 100)
