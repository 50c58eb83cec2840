"""The gate: what is read, what is refused and why, and that a refusal costs next to nothing."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iwapi.errors import ApiError, MustUnderstand, Unreadable
from iwapi.wires.gate import VersionMismatch, read_envelope, read_xml, soap_version
from iwapi.wires.phpsoap import read_route
from iwapi.wires.routecall import RouteCall

MEGABYTE = 1 << 20
ENV_11 = "http://schemas.xmlsoap.org/soap/envelope/"
ENV_12 = "http://www.w3.org/2003/05/soap-envelope"
CAPTURES = Path(__file__).with_name("captures")


def filled(unit: bytes, before: bytes = b"<a>", after: bytes = b"</a>") -> bytes:
    """As many of them as fit into the largest body."""
    return before + unit * ((MEGABYTE - len(before) - len(after)) // len(unit)) + after


def numbered(form: bytes, count: int) -> bytes:
    return b"".join(form % number for number in range(count))


def reason_of(body: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read_xml(body, None)
    return refused.value.text.removeprefix("The request cannot be read: ").removesuffix(".")


READ = {
    "comments all over": (b"<!-- <!DOCTYPE a> --><a>x<!-- y -->z<!----></a><!-- end -->", "xz"),
    "sections are text": (b"<a>x<![CDATA[<!DOCTYPE b><?php ?>&amp;]]>y</a>", "x<!DOCTYPE b><?php ?>&amp;y"),
    "the five entities": (b"<a>&lt;&gt;&amp;&quot;&apos;&#13;&#x1F600;</a>", "<>&\"'\r😀"),
    "white space is kept": (b"<a> \t\n x </a>", " \t\n x "),
    "the longest text": (b"<a>" + b"x" * 65_536 + b"</a>", "x" * 65_536),
    "the deepest nesting": (b"<a>" * 47 + b"<b>x</b>" + b"</a>" * 47, "x"),
    "the most elements": (b"<a>" + b"<b/>" * 4_998 + b"<c>x</c></a>", "x"),
    "the most attributes in all": (b"<a>" + b'<b c="" d=""/>' * 4_998 + b"<e>x</e></a>", "x"),
    "the most attributes": (b"<a" + numbered(b' a%d=">"', 24) + b">x</a>", "x"),
    "the most namespaces": (
        b"<a" + numbered(b' xmlns:a%d="="', 64) + numbered(b' a%d=""', 24) + b">x</a>",
        "x",
    ),
    "namespaces on many elements": (b"<a>" + b'<b xmlns:c="d"/>' * 100 + b"<c>x</c></a>", "x"),
    "tags in sections": (b"<a><![CDATA[" + b"<b/>" * 6_000 + b"]]></a>", "<b/>" * 6_000),
}


@pytest.mark.parametrize(("body", "text"), READ.values(), ids=READ)
def test_what_is_read(body, text):
    root = read_xml(body, None)
    assert "".join(root.itertext()) == text
    assert root.getroottree().docinfo.internalDTD is None


ENCODING = "its encoding is not utf-8, us-ascii or iso-8859-1"
INSTRUCTION = "it holds a processing instruction"
MALFORMED = "it is not well-formed XML, line "
ATTRIBUTES = "an element has more than 24 attributes"
NAMESPACES = "an element declares more than 64 namespaces"
ELEMENTS = "it has more than 5000 elements"
MARKUP = "it has more than 20000 tags"
TEXT = "a text is longer than 65536 characters"
MIXED = "text stands beside elements"
DEPTH = "its elements are nested deeper than 48"

REFUSED = {
    "broken utf-8": (b"<a>\xc5</a>", MALFORMED),
    "overlong utf-8": (b"<a>\xc0\xaf</a>", MALFORMED),
    "a surrogate": (b"<a>\xed\xa0\x80</a>", MALFORMED),
    "a later null": (b"<a>x\0</a>", MALFORMED),
    "doctype inside": (b"<a><!DOCTYPE a></a>", MALFORMED),
    "an entity of its own": (b"<a>&b;</a>", MALFORMED),
    "an entity in an attribute": (b'<a b="&c;"/>', MALFORMED),
    "a character that is none": (b"<a>&#0;</a>", MALFORMED),
    "instruction inside": (b"<a><?b?></a>", INSTRUCTION),
    "instruction in a text": (b"<a>b<?c?>d</a>", INSTRUCTION),
    "instruction behind": (b"<a/><?b?>", INSTRUCTION),
    "two roots": (b"<a/><b/>", MALFORMED),
    "not closed": (b"<a>", MALFORMED),
    "unknown prefix": (b"<b:a/>", MALFORMED),
    "attribute twice": (b'<a b="" b=""/>', MALFORMED),
    "attribute twice by namespace": (b'<a xmlns:b="x" xmlns:c="x" b:d="" c:d=""/>', MALFORMED),
    "text before an element": (b"<a>x<b/></a>", MIXED),
    "text behind an element": (b"<a><b/>x</a>", MIXED),
    "a no-break space behind one": (b"<a><b/>\xc2\xa0</a>", MIXED),
    "text in a section beside one": (b"<a><![CDATA[x]]><b/></a>", MIXED),
    "a level too deep": (b"<a>" * 49 + b"</a>" * 49, DEPTH),
    "an element too many": (b"<a>" + b"<b/>" * 5_000 + b"</a>", ELEMENTS),
    "an attribute too many": (b"<a" + numbered(b' a%d=""', 25) + b"/>", ATTRIBUTES),
    "a namespace too many": (b"<a" + numbered(b' xmlns:a%d="b"', 65) + b"/>", NAMESPACES),
    "a namespace too many, inside": (
        b"<a><b><c" + numbered(b'\n xmlns:a%d = "b"', 65) + b"/></b></a>",
        NAMESPACES,
    ),
    "a character too many": (b"<a>" + b"x" * 65_537 + b"</a>", TEXT),
    "too many around comments": (b"<a>" + b"x" * 40_000 + b"<!---->" + b"x" * 40_000 + b"</a>", TEXT),
    "a long attribute": (b'<a b="' + b"x" * 65_537 + b'"/>', "an attribute is longer than 65536 characters"),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_and_why(body, reason):
    assert reason_of(body).startswith(reason)


def test_a_reason_repeats_nothing_of_what_was_sent():
    assert "secret" not in reason_of(b"<secret1><secret2></secret1>")
    assert "secret" not in reason_of(b"<a>&secret;</a>")


# None where the body keeps every rule: it is then only to be cheap.
HOSTILE = {
    "100,000 attributes": (b"<a" + numbered(b' a%d=""', 100_000) + b"/>", ATTRIBUTES),
    "100,000 attributes with a prefix": (
        b'<a xmlns:b="c"' + numbered(b' b:a%d=""', 90_000) + b"/>",
        ATTRIBUTES,
    ),
    "50,000 attributes of 2,500 elements": (
        b"<a>"
        + b"".join(b"<b" + numbered(b" a%d" % b + b'_%d=""', 20) + b"/>" for b in range(2_500))
        + b"</a>",
        "it has more than 10000 attributes",
    ),
    "60,000 namespaces": (b"<a" + numbered(b' xmlns:a%d="b"', 60_000) + b"/>", NAMESPACES),
    "60,000 namespaces, deep": (
        b"<a><b>" + b"<c" + numbered(b' xmlns:a%d=""', 60_000) + b"/></b></a>",
        NAMESPACES,
    ),
    "elements": (filled(b"<b/>"), MARKUP),
    "elements, a few less": (b"<a>" + b"<b/>" * 19_000 + b"</a>", ELEMENTS),
    "5,000 elements of any name": (b"<a>" + numbered(b"<b%d/>", 4_990) + b"</a>", None),
    "elements never closed": (filled(b"<a>"), MARKUP),
    "5,000 levels": (b"<a>" * 5_000, MALFORMED),
    "255 levels": (b"<a>" * 255 + b"</a>" * 255, DEPTH),
    "elements behind a section of end tags": (
        filled(b"<b/>", b"<a><![CDATA[" + b"</" * 200_000 + b"]]>"),
        MARKUP,
    ),
    "text": (filled(b"x"), TEXT),
    "ideographs": (filled("漢".encode()), TEXT),
    "latin-1": (filled(b"\xe9", b'<?xml version="1.0" encoding="iso-8859-1"?><a>'), TEXT),
    "character references": (filled(b"&#65;"), TEXT),
    "entities": (filled(b"&amp;"), TEXT),
    "unknown entities": (filled(b"&b;"), MALFORMED),
    "an attribute": (filled(b"x", b'<a b="', b'"/>'), "an attribute is longer"),
    "attributes full of entities": (filled(b"&lt;", b'<a b="', b'"/>'), "an attribute is longer"),
    "a name": (filled(b"x", b"<", b"/>"), MALFORMED),
    "a namespace": (filled(b"x", b'<a xmlns="', b'"/>'), "a namespace is longer"),
    "a namespace of many elements": (
        filled(b"x", b'<a xmlns="', b'">' + b"<b/>" * 4_990 + b"</a>"),
        "a namespace is longer than 1024 characters",
    ),
    "a namespace of some elements": (b"<a xmlns='" + b"x" * 16_000 + b"'>" + b"<b/>" * 900 + b"</a>", None),
    "comments": (filled(b"<!---->"), MARKUP),
    "comments never closed": (filled(b"<!--"), MARKUP),
    "comments before the root": (b"<!---->" * 19_000 + b"<a/>", None),
    "comments before the root, never closed": (b"<!--" * 250_000, "it is not XML"),
    "some comments never closed": (b"<a>" + b"<!-- " * 19_000 + b"x" * 500_000, MALFORMED),
    "sections": (filled(b"<![CDATA[x]]>"), MARKUP),
    "some sections never closed": (b"<a>" + b"<![CDATA[" * 19_000 + b"x" * 500_000, MALFORMED),
    "instructions": (b"<a>" + b"<?b?>" * 19_000 + b"</a>", INSTRUCTION),
    "angles": (filled(b"<"), MARKUP),
    "some angles": (b"<a>" + b"<" * 19_000 + b"x" * 500_000, MALFORMED),
    "end tags": (b"<a>" + b"</" * 19_000 + b"x" * 500_000, MALFORMED),
    "equal signs": (filled(b"="), TEXT),
    "quotes": (filled(b'"', b"<a b="), MALFORMED),
    "tags in quotes": (b"<a>" + b'<a b="' * 19_000 + b"x" * 500_000, ELEMENTS),
    "spaces": (filled(b" ", b"", b""), "it is not XML"),
    "spaces in a tag": (filled(b" ", b"<a", b"/>"), None),
    "spaces in the declaration": (filled(b" ", b'<?xml version="1.0"', b"?><a/>"), None),
    "spaces between elements": (b"<a>" + b"<b/> \n" * 4_990 + b" " * 900_000 + b"</a>", None),
    "nulls": (filled(b"\0", b"", b""), ENCODING),
}


@pytest.mark.parametrize(("body", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_costs_next_to_nothing(body, reason):
    assert len(body) < MEGABYTE * 1.2
    took = []
    for _ in range(3):
        start = time.process_time()
        try:
            read_xml(body, None)
            said = None
        except Unreadable as error:
            said = error.text.removeprefix("The request cannot be read: ")
        took.append(time.process_time() - start)
    assert said == reason or said.startswith(reason)
    assert min(took) < 0.05


def envelope(namespace: str, content: str, prefix: str = "e") -> etree._Element:
    text = f'<{prefix}:Envelope xmlns:{prefix}="{namespace}">{content}</{prefix}:Envelope>'
    return read_xml(text.encode(), None)


@pytest.mark.parametrize(("namespace", "version"), [(ENV_11, "1.1"), (ENV_12, "1.2")])
def test_an_envelope_gives_its_version_its_headers_and_its_call(namespace, version):
    found = read_envelope(envelope(namespace, "<e:Header><h/><i/></e:Header><e:Body><call/></e:Body>"))
    assert (found.version, found.body.tag, found.multirefs) == (version, "call", ())
    assert [header.tag for header in found.headers] == ["h", "i"]


def test_values_beside_the_call_are_told_from_it_by_their_id():
    found = read_envelope(envelope(ENV_11, '<e:Body><m id="1"/><call/><m id="2"/></e:Body>'))
    assert found.body.tag == "call"
    assert [value.get("id") for value in found.multirefs] == ["1", "2"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<e:Header/>",
        "<e:Body/>",
        "<e:Body><a/><b/></e:Body>",
        "<e:Body><a id='1'/></e:Body>",
        "<e:Body><a/></e:Body><e:Body><a/></e:Body>",
        "<e:Body><a/></e:Body><e:Header/>",
        "<e:Header/><e:Header/><e:Body><a/></e:Body>",
        "<e:Body><a/></e:Body><more/>",
        "<Body><a/></Body>",
        "<e:body><a/></e:body>",
        f"<n:Body xmlns:n='{ENV_12}'><a/></n:Body>",
    ],
)
def test_an_envelope_of_another_form_is_refused(content):
    with pytest.raises(Unreadable):
        read_envelope(envelope(ENV_11, content))


@pytest.mark.parametrize("namespace", ["urn:other", "", ENV_11[:-1]])
def test_another_soap_version_is_a_version_mismatch(namespace):
    root = read_xml(f'<Envelope xmlns="{namespace}"><Body><a/></Body></Envelope>'.encode(), None)
    with pytest.raises(VersionMismatch):
        soap_version(root)
    with pytest.raises(VersionMismatch):
        read_envelope(root)


def test_what_is_no_envelope_is_said_to_be_none():
    with pytest.raises(Unreadable, match="it is not a SOAP envelope") as refused:
        soap_version(read_xml(b"<methodCall/>", None))
    assert not isinstance(refused.value, VersionMismatch)


HEADERS = [
    (ENV_11, '<h xmlns="urn:h" e:mustUnderstand="1"/>', False),
    (ENV_11, '<h xmlns="urn:h" e:mustUnderstand="yes"/>', False),
    (ENV_12, '<h xmlns="urn:h" e:mustUnderstand="true"/>', False),
    (
        ENV_11,
        '<h xmlns="urn:h" e:mustUnderstand="1" e:actor="http://schemas.xmlsoap.org/soap/actor/next"/>',
        False,
    ),
    (ENV_12, f'<h xmlns="urn:h" e:mustUnderstand="1" e:role="{ENV_12}/role/ultimateReceiver"/>', False),
    (ENV_11, '<h xmlns="urn:h" e:mustUnderstand="0"/>', True),
    (ENV_12, '<h xmlns="urn:h" e:mustUnderstand="false"/>', True),
    (ENV_11, '<h xmlns="urn:h"/>', True),
    (ENV_11, '<h xmlns="urn:h" mustUnderstand="1"/>', True),
    (ENV_11, '<h xmlns="urn:h" e:mustUnderstand="1" e:actor="urn:somebody-else"/>', True),
    (ENV_12, f'<h xmlns="urn:h" e:mustUnderstand="1" e:role="{ENV_12}/role/none"/>', True),
    (ENV_11, '<known xmlns="urn:h" e:mustUnderstand="1"/>', True),
]


@pytest.mark.parametrize(("namespace", "header", "passes"), HEADERS)
def test_a_header_that_must_be_understood_is_known_or_refused(namespace, header, passes):
    root = envelope(namespace, f"<e:Header>{header}</e:Header><e:Body><a/></e:Body>")
    if passes:
        assert read_envelope(root, frozenset({"{urn:h}known"})).body.tag == "a"
    else:
        with pytest.raises(MustUnderstand, match="The header h is not understood"):
            read_envelope(root, frozenset({"{urn:h}known"}))


SEEDS = [path.read_bytes().split(b"\r\n\r\n", 1)[1] for path in sorted(CAPTURES.glob("soap1?/[ik]*.req"))]
PIECES = [
    *b"< > </ /> <item> </item> <!-- <![CDATA[ & \xff".split(),
    b' href="#a"',
    b' id="a"',
    b' xsi:nil="1"',
]
PUT_IN = st.sampled_from(PIECES) | st.binary(max_size=4)


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), PUT_IN), max_size=4))
def test_any_bytes_are_a_call_or_a_clean_refusal(body, changes):
    for place, cut, piece in changes:
        at = int(place * len(body))
        body = body[:at] + piece + body[at + cut :]
    try:
        found: RouteCall | Exception = read_route(read_envelope(read_xml(body, "utf-8")))
    except ApiError as refused:
        found = refused
    assert isinstance(found, RouteCall | Unreadable | MustUnderstand)
