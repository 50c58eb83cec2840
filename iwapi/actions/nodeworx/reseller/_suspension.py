"""Suspend a reseller with all of its accounts, and the reverse. Only a master does it."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import action, arg
from iwapi.actions.nodeworx.reseller._resellers import (
    Which,
    suspend_with_accounts,
    unsuspend_with_accounts,
)
from iwapi.call import Call
from iwapi.core.resellers import Reseller
from iwapi.errors import Pending, ResellerNotFound
from iwapi.kinds import Reason


@dataclass(frozen=True)
class Suspension(Which):
    """A reseller, and why it is to be suspended."""

    message: Reason = arg(
        "why, in words; shown to the reseller, and on the pages of its accounts to their users",
        default="",
    )


@action("suspendReseller", scope="resellers:suspend", writes=True, raises=(ResellerNotFound, Pending))
def suspend(call: Call, wanted: Suspension) -> Reseller:
    """Refuse a reseller's key and log-in, end its sessions, and suspend all of its accounts for the reason
    `reseller`, beside the reasons that they have. To suspend it again changes the message only."""
    reseller = call.reseller(wanted.reseller_id)
    suspend_with_accounts(call, reseller, wanted.message)
    return call.reseller(reseller.reseller_id)


@action("unsuspendReseller", scope="resellers:suspend", writes=True, raises=(ResellerNotFound, Pending))
def unsuspend(call: Call, which: Which) -> Reseller:
    """Let a reseller in again, and lift the reason `reseller` of its accounts: those that are suspended for
    another one stay so."""
    reseller = call.reseller(which.reseller_id)
    unsuspend_with_accounts(call, reseller)
    return call.reseller(reseller.reseller_id)
