"""The names that a client may know this server by; a Host header is believed when it is one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iwapi.web.http import Request


@dataclass
class Hosts:
    """`allowed` tells whether a host name or IP address is the server's own; `base_url` is for all others.

    Names come to `allowed` in lower case, without port and brackets. Both may be replaced.
    """

    allowed: Callable[[str], bool]
    base_url: str

    def knows(self, request: Request) -> bool:
        """Whether the request was sent to one of the server's names."""
        return self.allowed(host_name(request.host))

    def address(self, request: Request) -> str:
        """Where the client of this request reaches the path that it asked for."""
        return (request.origin if self.knows(request) else self.base_url) + request.path


def host_name(host: str) -> str:
    """The name or IP address in a well-formed Host header."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")
