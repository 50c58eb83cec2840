"""Closed accounts while their data is kept: list them, hold their data, remove it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from iwapi.action import action, arg
from iwapi.actions.nodeworx.siteworx._counted import count
from iwapi.actions.nodeworx.siteworx._shared import NAMED, Guards, Paging, unexpected
from iwapi.call import Call
from iwapi.core.accounts import Closed, ClosedPage
from iwapi.errors import (
    NOT_AN_OPTION,
    REQUIRED,
    AccountNotFound,
    GuardFailed,
    NeedsApproval,
    NotPermitted,
    Pending,
    Problem,
)
from iwapi.kinds import Domain, Flag, Id

_YOURS = {
    "siteworx_id": "the id of one of your closed accounts",
    "domain": "the main domain of one of your closed accounts",
}


@dataclass(frozen=True)
class OneClosed:
    """One closed account, named in one way: by its id, or by its domain."""

    siteworx_id: Id | None = arg("the closed account's id", default=None)
    domain: Domain | None = arg(
        "or the main domain it had; of several the one that was closed last", default=None
    )


@dataclass(frozen=True)
class GuardedClosed(OneClosed, Guards):
    """One closed account, and what is expected of it."""


@dataclass(frozen=True)
class Hold(GuardedClosed):
    """Whether the data of a closed account is on hold."""

    hold: Flag = arg("false lifts the hold", default=True)


def given_of(which: OneClosed) -> dict[str, Any]:
    """The inputs that were given."""
    return {name: value for name, value in vars(which).items() if value is not None}


def named(given: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The input that names a closed account, and its value, which is None where that cannot be read."""
    return next(((name, given[name]) for name in _YOURS if name in given), None)


def naming_wrong(given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with how a closed account is named."""
    by = named(given)
    if by is None:
        yield Problem("siteworx_id", "", f"{REQUIRED}, or domain in its place")
    elif by[0] != "domain" and given.get("domain") is not None:
        yield Problem("domain", given["domain"], f"{NAMED} {by[0]}")


def not_there(given: Mapping[str, Any]) -> Iterator[Problem]:
    """There is no closed account of that name."""
    by = named(given)
    if by is not None and by[1] is not None:
        yield Problem(by[0], str(by[1]), NOT_AN_OPTION, _YOURS[by[0]], AccountNotFound.code)


def find(call: Call, given: Mapping[str, Any]) -> Closed | None:
    """The closed account that is named."""
    by = named(given)
    if by is None or by[1] is None:
        return None
    return call.accounts.closed("domain" if by[0] == "domain" else "siteworx_id", by[1])


def find_leaving(call: Call, given: Mapping[str, Any]) -> Closed | None:
    """The closed account that is named, of which nothing is wanted any more."""
    return call.closed.leaving(given.get("siteworx_id"), given.get("domain"))


def _hold_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from naming_wrong(given)
    closed = find(call, given)
    yield from not_there(given) if closed is None else _guarded(closed, given)


def _guarded(closed: Closed, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unexpected(closed, given)
    version = given.get("expect_version")
    if version is not None and version != closed.version:
        said = f"The account's version is {closed.version}"
        yield Problem("expect_version", str(version), said, code=GuardFailed.code)


def _purge_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    yield from naming_wrong(given)
    closed = find(call, given)
    if closed is None and find_leaving(call, given) is None:
        yield from not_there(given)
    elif closed is not None:
        yield from _guarded(closed, given)
        if closed.hold and (by := named(given)):
            yield Problem(by[0], str(by[1]), "The data of this account is on hold")


@action("listClosedSiteWorxAccounts", scope="accounts:read")
def list_closed(call: Call, page: Paging) -> ClosedPage:
    """The caller's closed accounts whose data is still kept, in the order in which they were opened, a page
    at a time."""
    rows = call.closed.page(int(page.after or 0), page.limit + 1)
    shown = rows[: page.limit]
    return ClosedPage(accounts=shown, next=str(shown[-1].siteworx_id) if len(rows) > page.limit else None)


@action(
    "holdSiteWorxAccount", scope="closed:hold", writes=True, check=_hold_wrong,
    raises=(AccountNotFound, GuardFailed),
)  # fmt: skip
def hold(call: Call, wanted: Hold) -> Closed:
    """Keep the data of a closed account until the hold is lifted, however long its grace time is. When it is
    lifted, the data goes at the end of the grace time; where that is over, in a moment. A restored account
    has no hold. This is for the master: a reseller could keep more than it was sold."""
    closed = find(call, given_of(wanted))
    assert closed is not None
    call.about = closed.master_domain
    call.closed.set_hold(closed.siteworx_id, wanted.hold)
    return replace(closed, hold=wanted.hold)


@action(
    "purgeSiteWorxAccount", scope="closed:delete", writes=True, check=_purge_wrong,
    raises=(AccountNotFound, GuardFailed, NeedsApproval, Pending),
)  # fmt: skip
def purge(call: Call, which: GuardedClosed) -> Closed:
    """Remove the data of a closed account now, before its grace time ends. Nothing brings it back. An account
    on hold is refused, and for a reseller one that the master suspended."""
    given = given_of(which)
    closed = find(call, given)
    if closed is None:
        leaving = find_leaving(call, given)
        assert leaving is not None
        call.about = leaving.master_domain
        call.finish(leaving.siteworx_id)
        return leaving
    call.about = closed.master_domain
    if not call.caller.master and call.closed.is_master_suspended(closed.siteworx_id):
        raise NotPermitted(what="remove the data of an account that the master administrator suspended")
    count(call, 1)
    call.closed.purge(closed.siteworx_id)
    call.build(closed.siteworx_id)
    return replace(closed, purged_after=call.time, version=closed.version + 1)
