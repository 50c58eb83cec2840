"""Encodings, and what may stand before the root element."""

import pytest

from iwapi.errors import Unreadable
from iwapi.wires.gate import read_xml

DECLARED = b'<?xml version="1.0" encoding="%s"?><a>%s</a>'

READ = {
    "nothing says the encoding": ("ž漢😀".encode().join([b"<a>", b"</a>"]), None, "ž漢😀"),
    "a byte order mark": (b"\xef\xbb\xbf<a>\xc5\xbe</a>", "utf-8", "ž"),
    "a mark and a declaration": (b"\xef\xbb\xbf" + DECLARED % (b"UTF-8", b"\xc5\xbe"), None, "ž"),
    "the declaration says latin-1": (DECLARED % (b"ISO-8859-1", b"\xe9"), None, "é"),
    "the header says latin-1": (b"<a>\xe9</a>", "iso-8859-1", "é"),
    "both say latin-1": (DECLARED % (b"iso-8859-1", b"\xe9"), '"ISO-8859-1"', "é"),
    "ascii": (DECLARED % (b"us-ascii", b"x"), "us-ascii", "x"),
    "ascii that is called utf-8 too": (DECLARED % (b"us-ascii", b"x"), "UTF-8", "x"),
    "utf8 without the hyphen": (b"<a>\xc5\xbe</a>", "utf8", "ž"),
    "single quotes, standalone": (
        b"<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<a>x</a>",
        None,
        "x",
    ),
}


@pytest.mark.parametrize(("body", "charset", "text"), READ.values(), ids=READ)
def test_what_is_read(body, charset, text):
    assert read_xml(body, charset).text == text


ENCODING = "its encoding is not utf-8, us-ascii or iso-8859-1"
CONTRADICTION = "it contradicts itself about its encoding"
INSTRUCTION = "it holds a processing instruction"
DOCTYPE = "it holds a document type declaration"

REFUSED = {
    "nothing": (b"", None, "it is not XML"),
    "no XML": (b"hello", None, "it is not XML"),
    "json": (b'{"a": 1}', None, "it is not XML"),
    "utf-16": ("<a/>".encode("utf-16"), None, ENCODING),
    "utf-16 without a mark": ("<a/>".encode("utf-16-be"), None, ENCODING),
    "utf-32": ("<a/>".encode("utf-32"), None, ENCODING),
    "utf-16 by name": (DECLARED % (b"utf-16", b"x"), None, ENCODING),
    "utf-16 by header": (b"<a/>", "utf-16", ENCODING),
    "utf-7": (DECLARED % (b"utf-7", b"+ADw-"), None, ENCODING),
    "ebcdic": ('<?xml version="1.0"?><a/>'.encode("cp037"), None, "it is not XML"),
    "windows-1252": (b"<a/>", "windows-1252", ENCODING),
    "latin-1 against utf-8": (DECLARED % (b"iso-8859-1", b"\xe9"), "utf-8", CONTRADICTION),
    "latin-1 against a mark": (b"\xef\xbb\xbf" + DECLARED % (b"iso-8859-1", b"x"), None, CONTRADICTION),
    "ascii that is not": (DECLARED % (b"us-ascii", b"\xc5\xbe"), None, CONTRADICTION),
    "a null": (b"<a>\0</a>", None, ENCODING),
    "XML 1.1": (b'<?xml version="1.1"?><a/>', None, INSTRUCTION),
    "the declaration is not first": (b' <?xml version="1.0"?><a/>', None, INSTRUCTION),
    "doctype": (b"<!DOCTYPE a><a/>", None, DOCTYPE),
    "doctype behind a comment": (b'<?xml version="1.0"?>\n<!-- -->\n<!DOCTYPE a><a/>', None, DOCTYPE),
    "doctype in latin-1": (b'<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE a><a/>', None, DOCTYPE),
    "billion laughs": (b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>', None, DOCTYPE),
    "external entity": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', None, DOCTYPE),
    "small doctype": (b"<!doctype a><a/>", None, "it is not XML"),
    "instruction before": (b"<?b?><a/>", None, INSTRUCTION),
    "stylesheet": (b'<?xml version="1.0"?><?xml-stylesheet href="b"?><a/>', None, INSTRUCTION),
}


@pytest.mark.parametrize(("body", "charset", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_and_why(body, charset, reason):
    with pytest.raises(Unreadable, match=f"The request cannot be read: {reason}"):
        read_xml(body, charset)
