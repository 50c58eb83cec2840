"""What stands before a document's root element: one encoding, agreed on, and nothing but comments."""

from __future__ import annotations

import re

from iwapi.errors import Unreadable

SPACE = " \t\r\n"  # what XML calls white space

_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "us-ascii", "iso-8859-1": "iso-8859-1"}

_PROLOG = re.compile(
    rb"""
    (?P<mark>\xef\xbb\xbf)?
    (?:<\?xml [ \t\r\n]++ version [ \t\r\n]*+=[ \t\r\n]*+ (?:"1\.0"|'1\.0')
       (?:[ \t\r\n]++ encoding [ \t\r\n]*+=[ \t\r\n]*+ ["'](?P<encoding>[A-Za-z0-9._-]++)["'])?
       (?:[ \t\r\n]++ standalone [ \t\r\n]*+=[ \t\r\n]*+ ["'](?:yes|no)["'])?
       [ \t\r\n]*+ \?>)?
    (?:[ \t\r\n]++ | <!--.*?-->)*+
    (?P<root><[A-Za-z_\x80-\xff])?
    """,
    re.VERBOSE | re.DOTALL,
)


def in_utf8(body: bytes, charset: str | None) -> bytes:
    """The document in UTF-8.

    `charset` is the parameter of the Content-Type. Raises `Unreadable` where byte order mark, XML declaration
    and charset disagree about a byte or name another encoding than three, and where anything but comments
    precedes the root.
    """
    found = _PROLOG.match(body)
    assert found is not None  # each part of it may be absent
    declared = (found["encoding"] or b"").decode()
    names = [name.lower() for name in (declared, (charset or "").strip(SPACE + "\"'")) if name]
    named = {_ENCODINGS.get(name, "") for name in names} | ({"utf-8"} if found["mark"] else set())
    if "" in named or b"\0" in body[:4] or body[:2] in (b"\xfe\xff", b"\xff\xfe"):
        raise Unreadable(reason="its encoding is not utf-8, us-ascii or iso-8859-1")
    if not body.isascii() and (named >= {"utf-8", "iso-8859-1"} or "us-ascii" in named):
        raise Unreadable(reason="it contradicts itself about its encoding")
    if not found["root"]:
        raise Unreadable(reason=_instead_of_root(body, found.end()))
    return body.decode("iso-8859-1").encode() if "iso-8859-1" in named else body


def _instead_of_root(body: bytes, at: int) -> str:
    if body.startswith(b"<!DOCTYPE", at):
        return "it holds a document type declaration"
    if body.startswith(b"<?", at):
        return "it holds a processing instruction, or its XML declaration is not one of version 1.0"
    return "it is not XML"
