"""Names: domains, Unix names, e-mail addresses, IP addresses, and plain text.

Every pattern is matched whole and in ASCII. A domain name is kept as lower-case A-labels without `www.`.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Annotated

import idna
from publicsuffixlist import PublicSuffixList

from iwapi.kinds.base import Kind, Rules, Wrong
from iwapi.kinds.reserved import SPECIAL_USE, UNIX_NAMES

MAX_DOMAIN = 253
MAX_LABELS = 10  # of a domain of an account: no zone with more is looked for
MAX_EMAIL = 254
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_UNIX_NAME = re.compile(r"[a-z][a-z0-9]{0,15}", re.ASCII)
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{8,128}", re.ASCII)
_CURSOR = re.compile(r"[0-9]{1,18}", re.ASCII)
_CONTROL = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # reorder what is around
_NOT_A_DOMAIN = "This is not a valid domain name"
_NOT_AN_EMAIL = "This is not a valid e-mail address"


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _labels(text: str) -> str:
    """The domain as lower-case A-labels; its length is checked before any IDNA code sees it."""
    if not 3 < len(text) <= MAX_DOMAIN:
        raise Wrong(_NOT_A_DOMAIN)
    name = text.lower()
    if not name.isascii() or "xn--" in name:
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise Wrong(_NOT_A_DOMAIN) from None
    labels = name.split(".")
    wrong = len(name) > MAX_DOMAIN or len(labels) < 2 or labels[-1].isdigit()
    if wrong or not all(_LABEL.fullmatch(label) for label in labels):
        raise Wrong(_NOT_A_DOMAIN)
    return name


def domain(text: str, _: Rules = Rules()) -> str:  # noqa: B008  (a frozen value)
    """A domain name as it is kept: `WWW.Example.com` is `example.com`."""
    name = _labels(text)
    while name.startswith("www.") and name.count(".") > 1:
        name = name.removeprefix("www.")
    return name


def _new_domain(text: str, rules: Rules) -> str:
    name = domain(text)
    if name.count(".") >= MAX_LABELS:
        raise Wrong("This domain name has too many labels")
    for own in rules.own_names:
        if name == own or own.endswith("." + name) or name.endswith("." + own):
            raise Wrong("This domain name belongs to this server")
    reserved = any(name == special or name.endswith("." + special) for special in SPECIAL_USE)
    if reserved:
        if not rules.allow_reserved_domains:
            raise Wrong("This domain name is reserved for special use")
    elif _suffixes().privatesuffix(name) is None:
        raise Wrong("This is a public suffix, not a domain name")
    return name


def unix_name(text: str, _: Rules = Rules()) -> str:  # noqa: B008
    """A Unix user name; reserved names are refused."""
    if not _UNIX_NAME.fullmatch(text):
        raise Wrong("This is not a valid Unix name")
    if text in UNIX_NAMES:
        raise Wrong("This Unix name is reserved")
    return text


def _email(text: str, _: Rules) -> str:
    local, _at, host = text.rpartition("@")
    if len(local) > 64 or not _LOCAL_PART.fullmatch(local):
        raise Wrong(_NOT_AN_EMAIL)
    try:
        email = f"{local}@{_labels(host)}"
    except Wrong:
        raise Wrong(_NOT_AN_EMAIL) from None
    if len(email) > MAX_EMAIL:
        raise Wrong(_NOT_AN_EMAIL)
    return email


def _address(version: int | None) -> Callable[[str, Rules], str]:
    def parse(text: str, _: Rules) -> str:
        try:
            value = ipaddress.ip_address(text)
        except ValueError:
            raise Wrong("This is not a valid IP address") from None
        if "%" in text or version not in (None, value.version):
            raise Wrong("This is not a valid IP address")
        return str(value)

    return parse


def plain_text(low: int, high: int) -> Callable[[str, Rules], str]:
    """A parser of text with so many characters, none of them a control character."""

    def parse(text: str, _: Rules) -> str:
        if not low <= len(text) <= high:
            raise Wrong("This text is too long" if text else "This input is required")
        if any(unicodedata.category(char) in _CONTROL or char in _BIDI for char in text):
            raise Wrong("This text holds a control character")
        return text

    return parse


def _text_kind(name: str, low: int, high: int, example: str) -> Kind:
    allowed = f"{low} to {high} characters, no control characters"
    return Kind(name, plain_text(low, high), "string", allowed, example,
                {"minLength": low, "maxLength": high}, blank=low == 0)  # fmt: skip


def _cursor(text: str, _: Rules) -> str:
    if not _CURSOR.fullmatch(text):
        raise Wrong("This is not a place in a list")
    return text


def _idempotency_key(text: str, _: Rules) -> str:
    if not _IDEMPOTENCY_KEY.fullmatch(text):
        raise Wrong("This is not a valid idempotency key")
    return text


_DOMAIN_FORM = "a domain name as my-shop.com, 4 to 253 characters"

Domain = Annotated[str, Kind("domain", domain, "string", _DOMAIN_FORM, "example.com")]
NewDomain = Annotated[
    str, Kind("newdomain", _new_domain, "string", _DOMAIN_FORM + ", not a public suffix", "example.com")
]
UnixName = Annotated[
    str,
    Kind("unixname", unix_name, "string",
         "a letter, then letters and digits, lower case, up to 16, not reserved", "examplec",
         {"pattern": "[a-z][a-z0-9]{0,15}"}),
]  # fmt: skip
Email = Annotated[
    str, Kind("email", _email, "string", "an e-mail address as me@example.com", "me@example.com")
]
IPv4 = Annotated[
    str,
    Kind("ipv4", _address(4), "string", "an IPv4 address as 192.0.2.10", "192.0.2.10", commas=True),
]  # fmt: skip
IPv6 = Annotated[str, Kind("ipv6", _address(6), "string", "an IPv6 address as 2001:db8::10", "2001:db8::10")]
Address = Annotated[str, Kind("address", _address(None), "string", "an IP address", "192.0.2.10")]
Nickname = Annotated[str, _text_kind("nickname", 0, 100, "Example Ltd")]
Name = Annotated[str, _text_kind("name", 1, 64, "basic")]
Text = Annotated[str, _text_kind("text", 0, 1000, "text")]
Reason = Annotated[str, _text_kind("reason", 0, 255, "unpaid invoice")]
Who = Annotated[str, _text_kind("who", 1, 300, "key:0123456789abcdef")]
ExternalId = Annotated[str, _text_kind("externalid", 1, 128, "whmcs-1234")]
IdempotencyKey = Annotated[
    str,
    Kind("idempotencykey", _idempotency_key, "string", "8 to 128 printable ASCII characters without spaces",
         "order-1234-create", {"minLength": 8, "maxLength": 128}),
]  # fmt: skip
Cursor = Annotated[str, Kind("cursor", _cursor, "string", "the `next` of the answer before", "123")]


@cache
def choice(name: str, *values: str) -> Kind:
    """The kind of a text that is one of `values`; `name` is its type's in the WSDL."""

    def parse(text: str, _: Rules) -> str:
        if text not in values:
            raise Wrong("This is not a valid option")
        return text

    return Kind(name, parse, "string", ", ".join(values), values[0], {"enumeration": "|".join(values)})
