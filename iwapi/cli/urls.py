"""Where a running server is reached, as clients write it."""

from __future__ import annotations


def host_port(at: tuple[str, int]) -> str:
    host, port = at
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def base(at: tuple[str, int], tls: bool = False) -> str:
    """The URL without a path."""
    return f"{'https' if tls else 'http'}://{host_port(at)}"
