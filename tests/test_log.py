"""The log is one JSON object a line, and a secret is in none of them, however it came there."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from iwapi import log
from iwapi.core.keys import new_key
from iwapi.kinds import MASK

KEY = new_key(os.urandom)
BODY = KEY.block.split("\n")[1]
SECRET = KEY.secret


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.set_up(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def logged(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def has_secret(text: str) -> bool:
    """Whether a readable part of the secret is in the text, white space or not."""
    bare = "".join(
        char for char in text.replace("\\n", "").replace("\\r", "").replace("\\t", "") if char.isalnum()
    )
    return any(SECRET[at : at + 12] in bare for at in range(len(SECRET) - 12))


def test_a_line_says_what_when_where_and_for_which_call(lines: io.StringIO) -> None:
    logging.getLogger("iwapi.test").warning(
        "it %s", "happened", extra={"request_id": "r1", "wire": "soap", "other": "x"}
    )
    (line,) = logged(lines)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "it happened", "level": "warning", "logger": "iwapi.test", "request_id": "r1",
        "wire": "soap",
    }  # fmt: skip


def test_line_breaks_from_outside_make_no_line(lines: io.StringIO) -> None:
    for text in ('a\r\n{"event": "forged"}', "a\u2028b\x85c", "\x1b[31m", "\ud800"):
        logging.getLogger("x").warning("%s", text, extra={"client": text, "address": text})
    assert len(logged(lines)) == 4
    assert lines.getvalue().isascii()


def test_what_is_below_the_level_is_not_written(lines: io.StringIO) -> None:
    logging.getLogger("x").debug("not this")
    logging.getLogger("x").info("but this")
    assert [line["event"] for line in logged(lines)] == ["but this"]


SHAPES = {
    "as it is": KEY.block,
    "without its lines": BODY,
    "on one line": KEY.block.replace("\n", " "),
    "with character references": "&#13;\n".join([BODY[:20], BODY[20:50], BODY[50:]]),
    "spaced out": " ".join(BODY),
    "broken in its prefix": BODY[:3] + "\r\n\t" + BODY[3:],
    "shown with repr": repr(BODY[:30] + "\n" + BODY[30:40] + "\r\n" + BODY[40:]),
    "shown twice": repr(repr(BODY[:30] + "\n" + BODY[30:])),
    "as json": json.dumps({"x": BODY[:30] + "\n" + BODY[30:]}),
    "cut off": BODY[:40],
    "twice": BODY + " and " + BODY,
    "in a sentence": f"the key {BODY}, which is bad",
    "in a URL": f"/soap?apikey={BODY}&x=1",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("way", ["message", "argument", "extra", "traceback", "cause"])
def test_a_key_is_masked_in_whatever_way_it_comes(lines: io.StringIO, shape: str, way: str) -> None:
    logger = logging.getLogger("x")
    if way == "message":
        logger.warning(shape.replace("%", "%%"))
    elif way == "argument":
        logger.warning("%s and %r", shape, shape)
    elif way == "extra":
        logger.warning("x", extra={"client": shape, "address": shape})
    else:
        try:
            try:
                raise ValueError(shape)
            except ValueError as error:
                if way == "cause":
                    raise KeyError("another") from error
                raise
        except (ValueError, KeyError):
            logger.exception("it failed")
    assert MASK in lines.getvalue()
    assert not has_secret(lines.getvalue())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    put=st.lists(
        st.tuples(st.integers(0, 71), st.sampled_from([" ", "\n", "\r\n", "\t", "\u00a0", "\\n"])),
        max_size=40,
    )
)
def test_a_key_is_masked_however_it_is_broken(lines: io.StringIO, put: list[tuple[int, str]]) -> None:
    text = BODY
    for at, space in sorted(put, reverse=True):
        text = text[:at] + space + text[at:]
    event = log.redact(None, "", {"event": f"before {text} after", "exception": text})
    assert not has_secret(event["event"] + event["exception"])
    assert event["event"].startswith("before ")


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "Password",
        "apikey",
        "API_KEY_apikey",
        "token",
        "secret",
        "Authorization",
        "cookie",
    ],
)
def test_whatever_is_named_as_a_secret_is_masked(name: str) -> None:
    for value in ("hunter2", 7, ["hunter2"], {"a": "hunter2"}):
        assert log.redact(None, "", {name: value, "event": "x"}) == {name: MASK, "event": "x"}


SID = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    "text", ["https://x/siteworx/?sid={}", "sid={}&a=b", "SID={}!", "?a=b&sessionid={} x"]
)
def test_a_session_in_an_address_is_masked(text: str) -> None:
    told = log.redact(None, "", {"event": text.format(SID), "client": text.format(SID)})
    assert told == {"event": text.format(MASK), "client": text.format(MASK)}
    assert log.redact(None, "", {"event": f"request {SID}"}) == {"event": f"request {SID}"}


def test_words_that_are_no_key_stay_as_they_are() -> None:
    for text in ("IWAPI1 is the prefix", "key 0123456789abcdef is not valid", "IWAPI2" + "x" * 65, ""):
        assert log.redact(None, "", {"event": text, "n": 7}) == {"event": text, "n": 7}


def test_masking_costs_no_time_on_junk() -> None:
    import time

    began = time.process_time()
    for junk in (
        "IWAPI1" * 20_000,
        "IWAPI1" + " " * 200_000,
        "I W A P I 1 " * 10_000,
        "IWAPI1" + "\\n" * 100_000,
    ):
        log.redact(None, "", {"event": junk})
    assert time.process_time() - began < 2


def test_for_people_the_same_without_secrets() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        log.set_up(stream, lines="text")
        logging.getLogger("x").warning("a key %s", KEY.block, extra={"client": KEY.block})
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    assert "a key" in stream.getvalue()
    assert not has_secret(stream.getvalue())
