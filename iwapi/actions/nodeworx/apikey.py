"""`/nodeworx/apikey`: the classic key, one for each NodeWorx user, as the panel's users know it."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import Route, action, arg
from iwapi.call import Call
from iwapi.core.keys import KeyRow, masked, new_key
from iwapi.core.times import moment
from iwapi.errors import ResellerNotFound
from iwapi.kinds import Flag, Id, Moment, Name, Plain, Secret, Text

NOT_SET = "API key not set."
GENERATED = "New Remote Access Key Generated."
DELETED = "API key successfully deleted."


@dataclass(frozen=True)
class Whose:
    """Whose key."""

    nodeworx_id: Id | None = arg(
        "the reseller whose key it is, for the master to name; the caller's own when absent", default=None
    )


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

    keys: tuple[ApiKey, ...] = arg("every key the user has or had, newest first")


def _shown(row: KeyRow) -> ApiKey:
    return ApiKey(
        key_id=row.id, name=row.name, classic=row.classic, active=row.revoked is None,
        date_created=moment(row.created),
        date_revoked=moment(row.revoked) if row.revoked is not None else None,
        last_used=moment(row.last_used) if row.last_used is not None else None,
        last_address=row.last_address, last_client=row.last_client,
    )  # fmt: skip


def _with_key(made: Generated) -> str:
    return f"{made.message}\n{made.apikey.reveal}"


def _masked(the: TheKey) -> str:
    """Clients know by the words of the BEGIN line that a key is set."""
    return the.message or masked(the.key.key_id if the.key else "")


@action(
    "generateApiKey", scope="keys:edit", writes=True, service="admin", raises=(ResellerNotFound,),
    route=Route("generate", _with_key, "sentence"),
)  # fmt: skip
def generate(call: Call, whose: Whose) -> Generated:
    """Generate the API key of the caller, or of a reseller. A key it had before stops working at once."""
    call.wants_whole()
    key = new_key(call.random)
    call.keys_of(whose.nodeworx_id).add_classic(key, call.now)
    call.about = f"key:{key.id}"
    return Generated(message=GENERATED, apikey=Plain(key.block), key_id=key.id)


@action(
    "deleteApiKey", scope="keys:edit", writes=True, service="admin", raises=(ResellerNotFound,),
    route=Route("delete", lambda deleted: deleted.message, "sentence"),
)  # fmt: skip
def delete(call: Call, whose: Whose) -> Deleted:
    """Delete the API key of the caller, or of a reseller: from the moment this answers, every call with it is
    refused."""
    keys = call.keys_of(whose.nodeworx_id)
    key = keys.classic()
    if key is None:
        return Deleted(message=NOT_SET)
    call.about = f"key:{key.id}"
    keys.revoke_classic(call.now)
    return Deleted(message=DELETED)


@action(
    "getApiKey", scope="keys:read", service="admin", raises=(ResellerNotFound,),
    route=Route("listApikey", _masked, "sentence"),
)  # fmt: skip
def get(call: Call, whose: Whose) -> TheKey:
    """The API key of the caller, or of a reseller, without its secret: the whole key was shown once, when it
    was generated."""
    key = call.keys_of(whose.nodeworx_id).classic()
    return TheKey(message=NOT_SET) if key is None else TheKey(key=_shown(key))


@action("listApiKeys", scope="keys:read", service="admin", raises=(ResellerNotFound,))
def list_keys(call: Call, whose: Whose) -> ApiKeys:
    """Every API key that the caller, or a reseller, has or had, and when each was used last."""
    return ApiKeys(keys=tuple(map(_shown, call.keys_of(whose.nodeworx_id).list())))
