"""Resellers, as lists and one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from iwapi.action import Route, action, arg
from iwapi.actions.nodeworx.reseller._resellers import no_such
from iwapi.actions.nodeworx.siteworx._shared import Paging
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.core.resellers import RESELLER, Reseller, ResellerPage, ResellerRow, ResellerUse
from iwapi.core.usage import gigabytes, megabytes
from iwapi.errors import A_RESELLER, NOT_AN_OPTION, REQUIRED, Problem, ResellerNotFound, refuse
from iwapi.kinds import Email, Id, Text

_PARENTHESES = re.compile(r"[()]")
_ID = re.compile(r"[0-9]{1,10}", re.ASCII)


@dataclass(frozen=True)
class Either:
    """One reseller, by id or by e-mail address."""

    reseller_id: Id | None = arg("the reseller's id", default=None)
    email: Email | None = arg("its e-mail address, in place of its id", default=None)


@dataclass(frozen=True)
class Named:
    """One reseller."""

    reseller: Text = arg("its e-mail address, its id, or a nickname that it alone has")


def _wrong(call: Call, which: Either) -> Iterator[Problem]:
    if which.reseller_id is None and which.email is None:
        yield Problem("reseller_id", "", REQUIRED, "reseller_id or email")
    if which.reseller_id is not None and call.resellers.by_id(which.reseller_id) is None:
        yield no_such(which.reseller_id)
    elif which.email is not None and _by_email(call, which) is None:
        allowed = "the e-mail address of a reseller"
        yield Problem("email", which.email, NOT_AN_OPTION, allowed, ResellerNotFound.code)


def _by_email(call: Call, which: Either) -> Reseller | None:
    found = call.resellers.by_email(which.email or "")
    return found if found is not None and which.reseller_id in (None, found.reseller_id) else None


@action("getReseller", scope="resellers:read", raises=(ResellerNotFound,))
def get(call: Call, which: Either) -> Reseller:
    """One reseller with its limits and what its accounts were given of them."""
    refuse(_wrong(call, which))
    found = call.resellers.by_id(which.reseller_id or 0) or _by_email(call, which)
    assert found is not None
    return found


@action("listResellers", scope="resellers:read")
def list_resellers(call: Call, page: Paging) -> ResellerPage:
    """Resellers, oldest first, a page at a time."""
    rows = call.resellers.page(int(page.after or 0), page.limit + 1)
    shown = rows[: page.limit]
    return ResellerPage(resellers=shown, next=str(shown[-1].reseller_id) if len(rows) > page.limit else None)


def _label(row: ResellerRow) -> list[Any]:
    """Clients take what stands between the first parenthesis and the end for the e-mail address, so a
    nickname loses its own."""
    nickname = " ".join(_PARENTHESES.sub(" ", row.nickname).split())
    return [row.reseller_id, f"{nickname or row.email} ({row.email})"]


@action(scope="resellers:read", route=Route("listIds", _label, "lists"))
def list_ids(call: Call, _: Nothing) -> tuple[ResellerRow, ...]:
    """Every reseller's id and name, oldest first."""
    return call.resellers.list()


@action(scope="resellers:read", route=Route("listEditableIds", _label, "lists"))
def list_editable_ids(call: Call, _: Nothing) -> tuple[ResellerRow, ...]:
    """The id and name of every reseller that may be changed: all of them."""
    return call.resellers.list()


@action(scope="resellers:read", route=Route("listDeletableIds", _label, "lists"))
def list_deletable_ids(call: Call, _: Nothing) -> tuple[ResellerRow, ...]:
    """The id and name of every reseller that may be deleted: those without accounts."""
    return tuple(row for row in call.resellers.list() if not row.accounts)


def _object(use: ResellerUse) -> dict[str, Any]:
    reseller = use.reseller
    return {
        "reseller_id": reseller.reseller_id, "nickname": reseller.nickname, "email": reseller.email,
        "status": reseller.status, "storage": megabytes(use.storage_bytes),
        "bandwidth": gigabytes(use.bandwidth_bytes), "max_storage": reseller.RSL_OPT_STORAGE,
        "max_bandwidth": reseller.RSL_OPT_BANDWIDTH,
    }  # fmt: skip


@action(scope="resellers:read", route=Route("listResellers", _object, "objects"))
def list_resellers_with_use(call: Call, _: Nothing) -> tuple[ResellerUse, ...]:
    """Every reseller and what its accounts use, newest last: MB stored, GB of this month's traffic."""
    return call.resellers.uses(call.now)


def _details(use: ResellerUse) -> dict[str, Any]:
    reseller = use.reseller
    return {
        "id": reseller.reseller_id, "nickname": reseller.nickname, "email": reseller.email,
        "status": reseller.status, "package_name": reseller.package_name or "",
        "accounts_used": reseller.accounts, "storage_used": megabytes(use.storage_bytes),
        "bandwidth_used": gigabytes(use.bandwidth_bytes),
        **{name: int(getattr(reseller, name)) for name in RESELLER.names},
    }  # fmt: skip


@action(
    scope="resellers:read", raises=(ResellerNotFound,),
    route=Route("queryResellerDetails", _details, "map"),
)  # fmt: skip
def query_reseller_details(call: Call, which: Named) -> ResellerUse:
    """One reseller, its limits and what its accounts use: MB stored, GB of this month's traffic."""
    found = _by_any(call, which.reseller)
    if found is None:
        allowed = f"{A_RESELLER}, its e-mail address or its nickname"
        raise ResellerNotFound(
            Problem("reseller", which.reseller[:100], NOT_AN_OPTION, allowed, ResellerNotFound.code)
        )
    return call.resellers.use(found, call.now)


def _by_any(call: Call, name: str) -> Reseller | None:
    by_id = call.resellers.by_id(int(name)) if _ID.fullmatch(name) else None
    return by_id or call.resellers.by_email(name) or call.resellers.by_nickname(name)
