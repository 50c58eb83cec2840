"""The first parameter of `route` and of every XML-RPC method, in any of its forms, to credentials."""

from __future__ import annotations

from collections.abc import Mapping

from iwapi.asked import Credentials
from iwapi.kinds import Plain, Raw

_FORMS = ({"apikey"}, {"apikey", "domain"}, {"email", "password"}, {"email", "password", "domain"},
          {"sessionid"}, {"sessionid", "domain"})  # fmt: skip


def credentials_of(sent: Raw, address: str, client: str) -> Credentials:
    """A key, or a struct of one of the forms that are known; anything else proves nothing.

    A domain that is nil was not named.
    """
    nobody = Credentials(address=address, client=client)
    if isinstance(sent, str):
        return Credentials(apikey=Plain(sent), address=address, client=client)
    if not isinstance(sent, Mapping) or set(sent) not in _FORMS:
        return nobody
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
