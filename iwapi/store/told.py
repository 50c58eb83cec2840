"""How rows are told to a person: for each table its keys, what a row is called, and its members by the names
that callers know. What stands here is SQL; it comes from code alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iwapi.core import limits
from iwapi.core.resellers import RESELLER, given_name

_OPTIONS = {name: name.lower() for name in limits.ACCOUNT.names}
_SHARED = {name: name.lower() for name in RESELLER.names}
_GIVEN = {given_name(name): given_name(name) for name in limits.ACCOUNT.numbers}
_PASSWORD = {"password": "argon2 || crypt"}
_STATUS = "case when active = 1 then 'active' else 'inactive' end"


def _of_account(column: str, table: str) -> str:
    return f"(select {column} from account a where a.id = {table}.account_id)"


def _of_user(column: str, id_: str) -> str:
    return f"(select {column} from nodeworx_user u where u.id = {id_})"


@dataclass(frozen=True)
class Told:
    """How rows of one table are told; without members, they are not.

    `silent` are columns that say nothing to a caller, or nothing that it may know. `only` is which rows are
    told at all; a value in it is the time. `parts` are tables whose rows go when a row goes, and the column
    that names it.
    """

    keys: tuple[str, ...]
    noun: str = ""
    name: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    only: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    silent: str = ""


TOLD = {
    "account": Told(
        ("id",), "account", "domain",
        {
            "master_domain": "domain", "uniqname": "uniqname",
            "status": "case when state = 'parked' then 'closed' else state end",
            "remaining_reasons": "reasons", "inactive_msg": "inactive_msg",
            "package_name": "(select name from package p where p.id = account.package_id)",
            "email": "email", "nickname": "nickname", "external_id": "external_id",
            "master_domain_ipv4": "ipv4", "master_domain_ipv6": "ipv6", "hold": "nullif(hold, 0)",
            **_OPTIONS, "version": "generation",
        },
        {"purged_after": "purge_at"}, _PASSWORD,
        silent="id owner package_id reversed created changed applied lease_by tries next_try closed"
               " closed_as",
    ),
    "suspension": Told(
        ("account_id", "reason"), "suspension",
        f"reason || ' of ' || {_of_account('domain', 'suspension')}",
        {"reason": "reason", "message": "message"}, silent="account_id since by_master",
    ),
    "domain": Told(
        ("id",), "domain", "name",
        {
            "name": "name", "kind": "kind", "folder": "folder", "redir_type": "redir_type",
            "points_to": "points_to", "status": "case when living = 1 then 'active' else 'closed' end",
        },
        silent="id account_id reversed created living",
    ),
    "zone": Told(
        ("id",), "zone", "name",
        {"name": "name", "status": "case when living = 1 then 'active' else 'closed' end"},
        parts={"record": "zone_id"}, silent="id account_id place living",
    ),
    "record": Told(
        ("id",), "record", "host || ' ' || type",
        {"host": "host", "type": "type", "value": "value", "ttl": "ttl", "priority": "priority"},
        silent="id zone_id place",
    ),
    "site_user": Told(
        ("id",), "user", f"email || ' of ' || {_of_account('domain', 'site_user')}",
        {"email": "email", "nickname": "nickname", "status": _STATUS, "perms": "perms"},
        secrets=_PASSWORD, silent="id account_id created",
    ),
    "resting_name": Told(
        ("kind", "name"), "name", "name", {"name": "name", "kind": "kind"}, {"rests_until": "until"},
        silent="owner account_id reversed",
    ),
    "package": Told(
        ("id",), "package", "name", {"package_name": "name", **_OPTIONS}, silent="id owner",
    ),
    "reseller_package": Told(
        ("id",), "reseller package", "name", {"package_name": "name", **_SHARED}, silent="id",
    ),
    "nodeworx_user": Told(
        ("id",), "user", "email",
        {
            "email": "case when deleted is null then email else '' end", "nickname": "nickname",
            "status": f"case when deleted is null then {_STATUS} else 'deleted' end",
            "inactive_msg": "inactive_msg",
        },
        secrets=_PASSWORD, silent="id role active accounts created deleted",
    ),
    "reseller": Told(
        ("user_id",), "reseller", _of_user("email", "user_id"),
        {
            "package_name": "(select name from reseller_package p where p.id = reseller.package_id)",
            "accounts": _of_user("accounts", "user_id"), **_SHARED, **_GIVEN,
        },
        silent="user_id package_id",
    ),
    "reseller_address": Told(
        ("user_id", "address"), "reseller", _of_user("email", "user_id"), {"ipv4": "address"},
        silent="user_id",
    ),
    "api_key": Told(
        ("id",), "key", f"id || ' of ' || {_of_user('email', 'owner')}",
        {
            "name": "name", "status": "case when revoked is null then 'active' else 'revoked' end",
            "scopes": "scopes", "addresses": "addresses",
        },
        {"expires": "expires"}, {"secret": "secret_mac"},
        silent="id owner classic row_mac created revoked last_used last_address last_client",
    ),
    "session": Told(
        ("token_mac",), "session",
        f"coalesce({_of_account('domain', 'session')}, {_of_user('email', 'user_id')})", {"kind": "kind"},
        only="expires > ?", silent="token_mac user_id account_id address bound scopes created seen expires"
               " began_by",
    ),
    "address": Told(
        ("address",), "address", "address",
        {"address": "address", "shared": "shared"}, silent="version position",
    ),
    "job": Told(
        ("id",), "job", "id || ' (' || action || ' of ' || about || ')'",
        {"action": "action", "outcome": "outcome"}, {"due": "due"},
        only="(due is not null or finished is not null)",
        silent="id account_id generation request_id created finished error owner about attempts steps told"
               " wish",
    ),
    "breaker": Told(
        ("who",), "breaker", "who", {"who": "who", "terminations": "terminations"}, {"tripped": "tripped"}
    ),
    "applied": Told(("account_id", "service")),
    "audit": Told(("id",)),
    "idempotency": Told(("id",)),
    "record_job": Told(("record", "job")),
    "meta": Told(("name",)),
    "storage": Told(("account_id",)),
    "termination": Told(("id",)),
    "traffic": Told(("account_id", "month")),
}  # fmt: skip
"""Every table there is."""
