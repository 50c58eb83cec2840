"""What a dry run tells: the difference that a call would make, and what follows from it.

No action knows of it. The call is run on a transaction that remembers what it writes; what it wrote is then
taken back and compared with what was there.
"""

from __future__ import annotations

from collections.abc import Iterator

from iwapi.call import Call
from iwapi.core import consequences
from iwapi.core.differences import Difference
from iwapi.core.usage import megabytes
from iwapi.errors import DryRun
from iwapi.store import counts
from iwapi.store.watch import Watch


def preview(call: Call) -> DryRun:
    """The answer of the dry run of a call that was run on a `Watch`; what it wrote is taken back."""
    assert isinstance(call.tx, Watch)
    found = call.tx.taken_back(call.now)
    said = [sentence for one in found for sentence in _following(call, call.tx, one)]
    if call.tx.untold:
        said.append(f"{call.tx.untold} further rows would be written, which are not looked at here")
    return DryRun([change for one in found for change in one.changes()], said)


def _following(call: Call, tx: Watch, one: Difference) -> Iterator[str]:
    match one.table, *one.key:
        case "account", int(account_id) if consequences.limits_change(one):
            yield from consequences.beyond(one, counts.used(tx, account_id, call.now))
        case "account", int(account_id) if consequences.is_closed(one):
            yield consequences.closed(one, counts.kept(tx, account_id))
        case "reseller", int(reseller_id) if consequences.shares_change(one):
            reseller = call.resellers.by_id(reseller_id)
            use = call.resellers.use(reseller, call.now) if reseller else None
            yield from consequences.beyond_shares(one, megabytes(use.storage_bytes) if use else 0)
        case "nodeworx_user", int():
            yield from consequences.served_with(one, tx.count("suspension"))
        case "api_key", str(key_id) if one.becomes("status") == "revoked" != one.was("status"):
            yield consequences.last_use(one, counts.last_use(tx, key_id))
