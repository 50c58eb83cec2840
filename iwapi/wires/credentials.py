"""The first parameter of `route` and of every XML-RPC method: credentials in one of a few forms; options."""

from __future__ import annotations

from collections.abc import Mapping

from iwapi.asked import Credentials, Options
from iwapi.kinds import Plain, Raw
from iwapi.shape import shape_of

_FORMS = ({"apikey"}, {"apikey", "domain"}, {"email", "password"}, {"email", "password", "domain"},
          {"sessionid"}, {"sessionid", "domain"})  # fmt: skip

OPTIONS = tuple(item.name for item in shape_of(Options).fields)
"""What may stand beside the credentials, whichever they are."""


def credentials_of(sent: Raw, address: str, client: str) -> Credentials:
    """A key, or a struct of one of the forms that are known; anything else proves nothing.

    A domain that is nil was not named. Options are passed over.
    """
    nobody = Credentials(address=address, client=client)
    if isinstance(sent, str):
        return Credentials(apikey=Plain(sent), address=address, client=client)
    if not isinstance(sent, Mapping) or set(sent) - {*OPTIONS} not in _FORMS:
        return nobody
    sent = {name: value for name, value in sent.items() if name not in OPTIONS}
    sent = {name: value for name, value in sent.items() if (name, value) != ("domain", None)}
    parts = {name: value for name, value in sent.items() if isinstance(value, str)}
    if len(parts) != len(sent):
        return nobody

    def secret(name: str) -> Plain | None:
        return Plain(parts[name]) if name in parts else None

    return Credentials(
        secret("apikey"), parts.get("email"), secret("password"), secret("sessionid"), parts.get("domain"),
        address=address, client=client,
    )  # fmt: skip


def options_of(sent: Raw) -> dict[str, Raw]:
    """The options beside the credentials; one that is nil was not given."""
    given = sent if isinstance(sent, Mapping) else {}
    return {name: given[name] for name in OPTIONS if given.get(name) is not None}
