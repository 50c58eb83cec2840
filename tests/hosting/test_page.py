"""The host's own pages."""

from __future__ import annotations

import pytest

from iwapi.hosting import page

SLY = "<script>\"&'"
ESCAPED = b"&lt;script&gt;&quot;&amp;&#x27;"


@pytest.mark.parametrize("made", [page.placeholder(SLY), page.suspended(SLY)])
def test_what_a_page_tells_is_escaped(made: bytes) -> None:
    assert ESCAPED in made
    assert SLY.encode() not in made


def test_a_placeholder_is_a_whole_page_that_names_the_domain() -> None:
    made = page.placeholder("example.com")
    assert made.startswith(b"<!DOCTYPE html>")
    assert made.count(b"example.com") == 2
    assert b"$" not in made


def test_nothing_is_told_where_there_is_nothing_to_tell() -> None:
    assert page.suspended("").count(b"<p>") + 1 == page.suspended("unpaid").count(b"<p>")


def test_a_dollar_sign_in_a_message_stays_one() -> None:
    assert b"$told $5" in page.suspended("$told $5")


@pytest.mark.parametrize(("code", "words"), [(404, b"404 Not Found"), (503, b"503 Service Unavailable")])
def test_a_status_is_named(code: int, words: bytes) -> None:
    assert b"<h1>" + words + b"</h1>" in page.status(code)
