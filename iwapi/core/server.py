"""What actions know of the server they run on."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86400


@dataclass(frozen=True)
class Server:
    """The settings that actions obey. `process` names this process as a holder of leases, `base_url` is where
    its clients reach the API: scheme, name and port; `homes` is the folder of the accounts' homes; `dns_ttl`
    is how long others may keep a DNS record that says nothing of that, in seconds. Who closes
    `terminations_most` accounts within `terminations_minutes` closes no more until an administrator approves;
    0 is no limit.
    """

    hostname: str
    base_url: str
    version: str
    process: str
    max_accounts: int
    grace_seconds: int
    homes: str
    dns_ttl: int
    name_rest_seconds: int = 30 * DAY
    terminations_most: int = 100
    terminations_minutes: int = 60
