"""Where a running server is bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Endpoints: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Addresses:
    """The IP address and port of every listener; `certificate` is the PEM file that clients may trust."""

    api: Endpoints
    api_tls: Endpoints
    admin: Endpoints
    admin_tls: bool
    sites: Endpoints
    dns: Endpoints
    certificate: str
