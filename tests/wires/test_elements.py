"""Text in XML: what can be written comes back as it was, what cannot comes back as U+FFFD."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iwapi.wires.elements import escape
from tests.wires.values import AWKWARD, as_xml_holds


@given(st.text(st.characters() | AWKWARD))
def test_every_text_comes_back_from_xml(text: str) -> None:
    element = etree.fromstring(f"<x>{escape(text)}</x>".encode())
    assert (element.text or "", len(element)) == (as_xml_holds(text), 0)
