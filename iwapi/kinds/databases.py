"""Where a database is, as a URL. The password in it is a secret."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from iwapi.kinds.secrets import MASK

_PASSWORD = re.compile(r"(?<=[?&]password=)[^&]*", re.ASCII)


class DatabaseUrl(str):
    """`postgresql://user:password@host/name`, or with `?host=/folder` of a socket. It shows a mask."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(self.shown)

    @property
    def shown(self) -> str:
        """The URL with a mask for its password."""
        before, at, host = self.rpartition("@")
        scheme, slashes, user = before.partition("://")
        name, colon, _ = user.partition(":")
        secret = MASK if colon else ""
        return _PASSWORD.sub(MASK, f"{scheme}{slashes}{name}{colon}{secret}{at}{host}")


def database_url(text: str) -> DatabaseUrl:
    """The URL of a PostgreSQL database; raises ValueError."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("postgresql", "postgres") and (parts.port or 1) and len(parts.path) > 1
    except ValueError:
        good = False
    if not good or not text.isprintable() or " " in text:
        raise ValueError("this must be a URL, as postgresql://user:password@host/name")
    return DatabaseUrl(text)
