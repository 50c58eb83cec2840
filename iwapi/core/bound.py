"""Where a running server is bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Endpoints: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Addresses:
    """Every listener's IP addresses and ports; `certificate` is the path of the PEM file clients may trust."""

    api: Endpoints
    api_tls: Endpoints
    admin: Endpoints
    admin_tls: bool
    sites: Endpoints
    dns: Endpoints
    certificate: str
