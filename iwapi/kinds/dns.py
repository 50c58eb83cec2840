"""Kinds of a DNS zone: names as they stand in it, texts and numbers of its records.

A name is kept in lower case. A final dot says that it is whole; without one, what it is below depends on the
zone, which a kind does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

import idna

from iwapi.kinds.base import Kind, Rules, Wrong
from iwapi.kinds.names import MAX_DOMAIN, plain_text
from iwapi.kinds.numbers import integer

MAX_TEXT = 1024  # bytes; fifty such records still fit into one message
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_LOOSE_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_SERVICE = re.compile(r"_?([a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?)", re.ASCII)
_MAX_CAA = 255
_CAA = re.compile(rf"[ !#-\[\]-~]{{1,{_MAX_CAA}}}", re.ASCII)
_NOT_A_NAME = "This is not a valid host name"
_NOT_SUBDOMAINS = frozenset({"www", "mail", "ftp"})  # the main domain's own


def _ascii(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        return label
    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise Wrong(_NOT_A_NAME) from None


def _name(text: str, label: re.Pattern[str], wildcard: bool = False) -> str:
    """The name in lower case and A-labels, its final dot kept."""
    if len(text) > MAX_DOMAIN + 1:
        raise Wrong(_NOT_A_NAME)
    bare = text.lower().removesuffix(".")
    name = ".".join(_ascii(part) for part in bare.split("."))
    labels = name.split(".")
    if wildcard and labels[0] == "*":
        labels = labels[1:]
    if len(name) > MAX_DOMAIN or not all(label.fullmatch(part) for part in labels):
        raise Wrong(_NOT_A_NAME)
    return name + "." if text.endswith(".") else name


def _host(text: str, _: Rules) -> str:
    return "" if text in ("", "@") else _name(text, _LOOSE_LABEL, wildcard=True)


def _target(label: re.Pattern[str], nowhere: bool) -> Callable[[str, Rules], str]:
    def parse(text: str, _: Rules) -> str:
        if text == "@" or (text == "." and nowhere):
            return text
        name = _name(text, label)
        above, _dot, top = name.removesuffix(".").rpartition(".")
        if above and top.isdigit():
            raise Wrong("This is an address, where a name must stand")
        if not above and name.endswith("."):
            raise Wrong(_NOT_A_NAME)
        return name

    return parse


def _service(text: str, _: Rules) -> str:
    found = _SERVICE.fullmatch(text.lower())
    if not found:
        raise Wrong("This is not a valid name of a service or protocol")
    return "_" + found[1]


def _txt(text: str, rules: Rules) -> str:
    plain_text(1, MAX_TEXT)(text, rules)
    if len(text.encode()) > MAX_TEXT:
        raise Wrong("This text is too long")
    return text


def _caa(text: str, _: Rules) -> str:
    if not _CAA.fullmatch(text):
        raise Wrong("This is not a valid value of a CAA record")
    return text


def _prefix(text: str, _: Rules) -> str:
    name = _name(text, _LABEL)
    if name.endswith("."):
        raise Wrong(_NOT_A_NAME)
    if name in _NOT_SUBDOMAINS or name.startswith("www."):
        raise Wrong("This name belongs to the main domain")
    return name


Host = Annotated[
    str,
    Kind("host", _host, "string",
         "a name below the zone as www or *, a whole name as www.example.com, or empty for the zone itself",
         "www", blank=True),
]  # fmt: skip
HostName = Annotated[
    str,
    Kind("hostname", _target(_LABEL, nowhere=True), "string",
         "a host as mail.example.com, one label for a host of the zone, @ for the zone, . for none",
         "mail.example.com"),
]  # fmt: skip
Alias = Annotated[
    str,
    Kind("alias", _target(_LOOSE_LABEL, nowhere=False), "string",
         "a name as www.example.com, one label for a name of the zone, @ for the zone", "www.example.com"),
]  # fmt: skip
Service = Annotated[
    str,
    Kind("service", _service, "string", "a name as sip or _sip, up to 15 letters, digits, hyphens", "_sip"),
]
Prefix = Annotated[
    str,
    Kind("prefix", _prefix, "string", "one or more labels as blog, not www, mail or ftp", "blog"),
]  # fmt: skip
RecordText = Annotated[
    str,
    Kind("recordtext", _txt, "string", f"1 to {MAX_TEXT} bytes of UTF-8, no control characters",
         "v=spf1 mx -all"),
]  # fmt: skip
CaaValue = Annotated[
    str,
    Kind("caavalue", _caa, "string", f"up to {_MAX_CAA} printable ASCII characters, no quotes or backslashes",
         "letsencrypt.org"),
]  # fmt: skip
Ttl = Annotated[int, integer("ttl", 0, 2**31 - 1, 3600, unit=" seconds")]
Word = Annotated[int, integer("word", 0, 2**16 - 1, 10)]
Octet = Annotated[int, integer("octet", 0, 255, 0)]
