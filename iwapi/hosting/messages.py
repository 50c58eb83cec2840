"""Questions and answers of DNS as values: no packets here, and no rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

INTERNET = 1
"""The class of every name here."""


class Kind(IntEnum):
    """The record types that zones have, and the numbers of questions that are treated apart."""

    A = 1
    NS = 2
    CNAME = 5
    SOA = 6
    MX = 15
    TXT = 16
    AAAA = 28
    SRV = 33
    TKEY = 249  # the first of those that ask the server to do something: keys, transfers
    ANY = 255
    CAA = 257


class Code(IntEnum):
    """How an answer went."""

    OK = 0
    FORMAT_ERROR = 1
    SERVER_FAILURE = 2
    NO_SUCH_NAME = 3
    NOT_IMPLEMENTED = 4
    REFUSED = 5
    BAD_VERSION = 16


@dataclass(frozen=True)
class Question:
    """`name` is lower case, without the final dot; `kind` and `family` are the numbers of type and class."""

    name: str
    kind: int
    family: int = INTERNET


@dataclass(frozen=True)
class Record:
    """`value` is written as in a zone file, names without their final dots."""

    name: str
    kind: Kind
    ttl: int
    value: str


@dataclass(frozen=True)
class Answer:
    code: Code
    authoritative: bool = False
    records: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()
