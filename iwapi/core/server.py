"""What actions know of the server they run on."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86400


@dataclass(frozen=True)
class Server:
    """The settings that actions obey. `process` names this process as a holder of leases."""

    hostname: str
    version: str
    process: str
    max_accounts: int
    grace_seconds: int
    name_rest_seconds: int = 30 * DAY
