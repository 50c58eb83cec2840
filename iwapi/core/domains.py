"""The names of an account beside its main domain: subdomains, pointers, secondary domains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from iwapi.kinds import Domain, IPv4, IPv6, Prefix, Text, choice
from iwapi.shape import arg

DomainKind = Literal["sub", "pointer", "slave"]
RedirType = Annotated[str, choice("redirtype", "redirect_301", "redirect_302", "server_alias")]

LIMITS: Mapping[DomainKind, str] = {
    "sub": "OPT_SUBDOMAINS", "pointer": "OPT_POINTER_DOMAINS", "slave": "OPT_SLAVE_DOMAINS",
}  # fmt: skip
"""The option that says how many of a kind an account may have."""


def docroot(domain: str) -> str:
    """The document root of a main or secondary domain, below the home."""
    return f"{domain}/html"


def sub_docroot(domain: str, prefix: str) -> str:
    """The document root of a subdomain: a folder of its main domain's."""
    return f"{docroot(domain)}/{prefix}"


def site_of(folder: str) -> str:
    """The domain or subdomain that has this document root."""
    domain, _, *prefix = folder.split("/")
    return ".".join([*prefix, domain])


@dataclass(frozen=True)
class Further:
    """A further name as it is kept. `folder` is its document root below the home, empty where it has none;
    a pointer has `redir_type` and `points_to`."""

    account_id: int
    kind: DomainKind
    name: str
    folder: str = ""
    redir_type: str | None = None
    points_to: str | None = None


@dataclass(frozen=True)
class Subdomain:
    """A subdomain of the main domain."""

    prefix: Prefix = arg("its labels before the main domain")
    domain: Domain = arg("its whole name")
    docroot: Text = arg("its document root, below the account's home")


@dataclass(frozen=True)
class Pointer:
    """A domain that leads to the main domain or a secondary one."""

    domain: Domain = arg("its name")
    points_to: Domain = arg("the domain it leads to")
    redir_type: RedirType = arg(
        "redirect_301 and redirect_302 send visitors there, server_alias shows the same files"
    )


@dataclass(frozen=True)
class Secondary:
    """A secondary domain: it has pages and a zone of its own."""

    domain: Domain = arg("its name")
    docroot: Text = arg("its document root, below the account's home")
    ipv4: IPv4 | None = arg("its IPv4 address, which is the account's", default=None)
    ipv6: IPv6 | None = arg("its IPv6 address, which is the account's", default=None)
