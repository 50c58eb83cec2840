"""Values in SOAP's encoding, read: every form of an input, references, and what contradicts itself."""

import re

import pytest

from iwapi.errors import Unreadable
from tests.wires.phpclient import given_input

INPUTS = {
    "nil": ('<input i:nil="true"/>', {}),
    "nil by number": ('<input i:nil="1"/>', {}),
    "empty text": ('<input i:type="xsd:string"></input>', {}),
    "white space": ("<input>\n </input>", {}),
    "empty Map": ('<input i:type="a:Map"/>', {}),
    "empty Array": ('<input i:type="enc:Array" enc:arrayType="xsd:ur-type[0]"/>', {}),
    "empty Struct": ('<input i:type="enc:Struct">\n</input>', {}),
    "untyped Struct": ("<input><a>1</a><b> x </b></input>", {"a": "1", "b": " x "}),
    "Array": ('<input i:type="enc:Array"><item>a</item><item i:nil="1"/></input>', {"0": "a", "1": None}),
    "Array by its size": ('<input enc:arrayType="xsd:string[1]"><x>a</x></input>', {"0": "a"}),
    "Array of open size": (
        '<input i:type="enc:Array" enc:arrayType="xsd:string[]"><x>a</x></input>',
        {"0": "a"},
    ),
    "number as text": ('<input><password i:type="xsd:int">0123</password></input>', {"password": "0123"}),
    "base64, as SOAP::Lite sends what is not ASCII": (
        '<input><a i:type="xsd:base64Binary">TcO8\nbGxlcg==\n</a><b i:type="enc:base64">4piD</b></input>',
        {"a": "Müller", "b": "☃"},
    ),
    "false is a text": ('<input><a i:type="xsd:boolean">false</a></input>', {"a": "false"}),
    "empty text inside": ('<input><a i:type="xsd:string"/><b i:nil="false"/></input>', {"a": "", "b": ""}),
    "empties inside": ('<input><a i:type="a:Map"/><b i:type="enc:Array"/></input>', {"a": {}, "b": []}),
    "Map, pretty": (
        '<input i:type="a:Map">\n<item>\n<key>a</key>\n<value>1</value>\n</item>\n</input>',
        {"a": "1"},
    ),
    "Map, value first": (
        '<input i:type="a:Map"><item><value>1</value><key>a</key></item></input>',
        {"a": "1"},
    ),
    "Map, integer keys": (
        '<input i:type="a:Map"><item><key i:type="xsd:int">5</key><value>x</value></item></input>',
        {"5": "x"},
    ),
    "Struct of a member called item": ("<input><item><key>a</key></item></input>", {"item": {"key": "a"}}),
}


@pytest.mark.parametrize(("form", "value"), INPUTS.values(), ids=INPUTS)
def test_every_form_of_the_input(form, value):
    assert given_input(form) == value


REFERENCES = {
    "beside the call": ("1.1", '<input><a href="#1"/></input>', '<m id="1"><b>x</b></m>', {"a": {"b": "x"}}),
    "the input itself": ("1.1", '<input href="#1"/>', '<m id="1"><b>x</b></m>', {"b": "x"}),
    "from one to the next": (
        "1.1",
        '<input><a href="#1"/></input>',
        '<m id="1"><b href="#2"/></m><m id="2">x</m>',
        {"a": {"b": "x"}},
    ),
    "within the call": ("1.1", '<input><a id="1">x</a><b href="#1"/></input>', "", {"a": "x", "b": "x"}),
    "SOAP 1.2": ("1.2", '<input><a enc:id="1">x</a><b enc:ref="1"/></input>', "", {"a": "x", "b": "x"}),
}


@pytest.mark.parametrize(("version", "form", "more", "value"), REFERENCES.values(), ids=REFERENCES)
def test_a_reference_stands_for_its_value(version, form, more, value):
    assert given_input(form, more, version) == value


def doubling(steps: int) -> str:
    """Each value holds the next one twice."""
    return "".join(f'<m id="{n}"><a href="#{n + 1}"/><b href="#{n + 1}"/></m>' for n in range(steps))


BAD_ITEM = "an item of a Map does not hold one key and one value"
BAD_SIZE = "an array has not the size that it declares"
TWICE = "a member is given twice"
TOO_MUCH = "its references stand for too much"
NOT_BASE64 = "a base64 does not hold a text in UTF-8"


BAD_INPUTS = {
    "base64 that is none": ('<input><a i:type="xsd:base64Binary">TcO8b</a></input>', "", NOT_BASE64),
    "base64 of bytes": ('<input><a i:type="xsd:base64Binary">/w==</a></input>', "", NOT_BASE64),
    "a member twice": ("<input><a>1</a><a>1</a></input>", "", TWICE),
    "a member twice by namespace": ("<input><a>1</a><a:a>1</a:a></input>", "", TWICE),
    "a key twice": (
        '<input i:type="a:Map"><item><key>1</key><value/></item><item><key>1</key><value/></item></input>',
        "",
        TWICE,
    ),
    "a Map item without a value": ('<input i:type="a:Map"><item><key>a</key></item></input>', "", BAD_ITEM),
    "a Map item with two values": (
        '<input i:type="a:Map"><item><key>a</key><value/><value/></item></input>',
        "",
        BAD_ITEM,
    ),
    "a Map item of two values": ('<input i:type="a:Map"><item><value/><value/></item></input>', "", BAD_ITEM),
    "a Map item of two keys": ('<input i:type="a:Map"><item><key/><key/></item></input>', "", BAD_ITEM),
    "an empty Map item": ('<input i:type="a:Map"><item/></input>', "", BAD_ITEM),
    "a Map of something else": ('<input i:type="a:Map"><a><key/><value/></a></input>', "", BAD_ITEM),
    "a nil key": (
        '<input i:type="a:Map"><item><key i:nil="1"/><value/></item></input>',
        "",
        "a key of a Map is not a text",
    ),
    "an Array too short": ('<input enc:arrayType="xsd:string[2]"><x>a</x></input>', "", BAD_SIZE),
    "an Array that says it is empty": ('<input enc:arrayType="xsd:string[0]"><x>a</x></input>', "", BAD_SIZE),
    "an Array too long": ('<input enc:arrayType="xsd:string[1]"><x>a</x><x>b</x></input>', "", BAD_SIZE),
    "an empty Array that is huge": ('<input enc:arrayType="xsd:int[2147483647]"/>', "", BAD_SIZE),
    "an Array of no size": ('<input enc:arrayType="xsd:int[-1]"/>', "", BAD_SIZE),
    "an Array of two sizes": ('<input enc:arrayType="xsd:int[1,1]"><x>a</x></input>', "", BAD_SIZE),
    "a reference to nothing": ('<input href="#1"/>', "", "a reference leads nowhere"),
    "a reference outside": ('<input href="http://example.com/#1"/>', "", "a reference leads nowhere"),
    "a circle": ('<input href="#1"/>', '<m id="1" href="#1"/>', "a reference leads back to itself"),
    "a larger circle": (
        '<input href="#1"/>',
        '<m id="1"><a href="#2"/></m><m id="2"><a href="#1"/></m>',
        "a reference leads back to itself",
    ),
    "a circle within": ('<input id="1"><a href="#1"/></input>', "", "a reference leads back to itself"),
    "an id twice": ('<input href="#1"/>', '<m id="1">a</m><m id="1">b</m>', "an id is given twice"),
    "doubling, a little": ('<input href="#0"/>', doubling(12) + '<m id="12">x</m>', TOO_MUCH),
    "doubling": ('<input href="#0"/>', doubling(40) + '<m id="40">x</m>', TOO_MUCH),
    "a chain": (
        '<input href="#0"/>',
        "".join(f'<m id="{n}" href="#{n + 1}"/>' for n in range(3000)) + '<m id="3000"/>',
        TOO_MUCH,
    ),
    "a long text many times": (
        "<input>" + "".join(f'<a{n} href="#1"/>' for n in range(100)) + "</input>",
        f'<m id="1">{"x" * 60_000}</m>',
        TOO_MUCH,
    ),
    "deep by references": (
        "<input>" + "<a>" * 40 + '<b href="#1"/>' + "</a>" * 40 + "</input>",
        '<m id="1">' + "<a>" * 40 + "x" + "</a>" * 40 + "</m>",
        "its values are nested deeper than 48",
    ),
}


@pytest.mark.parametrize(("form", "more", "reason"), BAD_INPUTS.values(), ids=BAD_INPUTS)
def test_an_input_that_contradicts_itself_is_refused(form, more, reason):
    with pytest.raises(Unreadable, match=re.escape(reason)):
        given_input(form, more)


def test_a_soap_12_array_has_the_size_it_declares():
    assert given_input('<input enc:arraySize="1" enc:itemType="x"><x>a</x></input>', "", "1.2") == {"0": "a"}
    assert given_input('<input enc:arraySize="*"><x>a</x></input>', "", "1.2") == {"0": "a"}
    with pytest.raises(Unreadable, match=BAD_SIZE):
        given_input('<input enc:arraySize="2"><x>a</x></input>', "", "1.2")
