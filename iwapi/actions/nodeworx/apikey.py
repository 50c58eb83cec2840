"""`/nodeworx/apikey`: the classic key, one for each NodeWorx user, as the panel's users know it."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import action, arg
from iwapi.call import Call
from iwapi.core.keys import KeyRow, new_key
from iwapi.core.nothing import Nothing
from iwapi.core.times import moment
from iwapi.kinds import Flag, Moment, Name, Plain, Secret, Text

NOT_SET = "API key not set."
GENERATED = "New Remote Access Key Generated."
DELETED = "API key successfully deleted."


@dataclass(frozen=True)
class ApiKey:
    """A key as it may be shown: never its secret."""

    key_id: Name = arg("the key's id, the part of it that logs name")
    name: Name = arg("its name for people")
    classic: Flag = arg("it is the one key that its owner generated in the panel")
    active: Flag = arg("calls with it are accepted")
    date_created: Moment = arg("when it was generated")
    date_revoked: Moment | None = arg("when it was deleted or replaced", default=None)
    last_used: Moment | None = arg("when it was used last, to the minute", default=None)
    last_address: Text | None = arg("from which address", default=None)
    last_client: Text | None = arg("by which program", default=None)


@dataclass(frozen=True)
class Generated:
    """A new key, shown this once."""

    message: Text = arg("InterWorx's words")
    apikey: Secret = arg("the whole key with its BEGIN and END lines; it can never be read again")
    key_id: Name = arg("the key's id")


@dataclass(frozen=True)
class Deleted:
    """The key is gone."""

    message: Text = arg("InterWorx's words")


@dataclass(frozen=True)
class TheKey:
    """The key that is set, if one is."""

    message: Text | None = arg("says that none is set", default=None)
    key: ApiKey | None = arg("the key, without its secret", default=None)


@dataclass(frozen=True)
class ApiKeys:
    """Keys."""

    keys: tuple[ApiKey, ...] = arg("every key the caller has or had, newest first")


def _shown(row: KeyRow) -> ApiKey:
    return ApiKey(
        key_id=row.id, name=row.name, classic=row.classic, active=row.revoked is None,
        date_created=moment(row.created),
        date_revoked=moment(row.revoked) if row.revoked is not None else None,
        last_used=moment(row.last_used) if row.last_used is not None else None,
        last_address=row.last_address, last_client=row.last_client,
    )  # fmt: skip


@action("generateApiKey", scope="keys:edit", writes=True, service="admin")
def generate(call: Call, _: Nothing) -> Generated:
    """Generate the caller's API key. A key it had before stops working at once."""
    key = new_key(call.random)
    call.keys.add_classic(key, call.now)
    call.about = f"key:{key.id}"
    return Generated(message=GENERATED, apikey=Plain(key.block), key_id=key.id)


@action("deleteApiKey", scope="keys:edit", writes=True, service="admin")
def delete(call: Call, _: Nothing) -> Deleted:
    """Delete the caller's API key: from the moment this answers, every call with it is refused."""
    key = call.keys.classic()
    if key is None:
        return Deleted(message=NOT_SET)
    call.about = f"key:{key.id}"
    call.keys.revoke_classic(call.now)
    return Deleted(message=DELETED)


@action("getApiKey", scope="keys:read", service="admin")
def get(call: Call, _: Nothing) -> TheKey:
    """The caller's API key, without its secret."""
    key = call.keys.classic()
    return TheKey(message=NOT_SET) if key is None else TheKey(key=_shown(key))


@action("listApiKeys", scope="keys:read", service="admin")
def list_keys(call: Call, _: Nothing) -> ApiKeys:
    """Every API key that the caller has or had, and when each was used last."""
    return ApiKeys(keys=tuple(map(_shown, call.keys.list())))
