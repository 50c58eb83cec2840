"""The host's own pages."""

from __future__ import annotations

import pytest

from iwapi.hosting import page

SLY = "<script>\"&'"
ESCAPED = b"&lt;script&gt;&quot;&amp;&#x27;"


def test_what_a_page_tells_is_escaped() -> None:
    made = page.placeholder(SLY)
    assert ESCAPED in made
    assert SLY.encode() not in made


def test_a_placeholder_is_a_whole_page_that_names_the_domain() -> None:
    made = page.placeholder("example.com")
    assert made.startswith(b"<!DOCTYPE html>")
    assert made.count(b"example.com") == 2
    assert b"$" not in made


def test_a_dollar_sign_in_a_name_stays_one() -> None:
    assert b"$domain $5" in page.placeholder("$domain $5")


@pytest.mark.parametrize(("code", "words"), [(404, b"404 Not Found"), (503, b"503 Service Unavailable")])
def test_a_status_is_named(code: int, words: bytes) -> None:
    assert b"<h1>" + words + b"</h1>" in page.status(code)
