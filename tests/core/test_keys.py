"""A key is one exact text, however its white space was treated; its row opens to it and to nothing else."""

import dataclasses
import os
import re
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from iwapi.core.keys import BEGIN, END, KeyRow, KeyText, base62, is_proven, new_key, read_key, secret_mac
from iwapi.core.pepper import Pepper

PEPPER = Pepper(b"p" * 32)
OTHER = Pepper(b"q" * 32)
KEY = new_key(os.urandom)
BODY = KEY.block.split("\n")[1]


def test_a_key_has_the_form_that_secret_scanners_and_clients_know() -> None:
    lines = KEY.block.split("\n")
    assert (lines[0], lines[2]) == (BEGIN, END)
    assert re.fullmatch(r"IWAPI1[0-9A-Za-z]{16}[0-9A-Za-z]{43}[0-9A-Za-z]{6}", lines[1])


def test_the_secret_has_256_bits() -> None:
    asked: list[int] = []

    def random(size: int) -> bytes:
        asked.append(size)
        return b"\xff" * size

    assert new_key(random).secret == base62(b"\xff" * 32, 43)
    assert 32 in asked
    assert 62**43 > 2**256


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_two_secrets_never_share_a_text(one: bytes, other: bytes) -> None:
    assert (base62(one, 43) == base62(other, 43)) == (one == other)


SPACE = " \t\r\n\v\f\u00a0\u2003\u3000\x85\u2028"


@given(
    st.lists(
        st.tuples(st.integers(0, 150), st.text(st.sampled_from(SPACE), min_size=1, max_size=4)), max_size=30
    )
)
def test_white_space_may_stand_anywhere(put: list[tuple[int, str]]) -> None:
    for text in (KEY.block, BODY):
        for at, space in put:
            text = text[:at] + space + text[at:]  # noqa: PLW2901
        assert read_key(text) == KEY


@pytest.mark.parametrize(
    "text",
    [
        KEY.block.replace("\n", ""),
        KEY.block.replace("\n", "\r\n"),
        f"  {KEY.block}\n\n",
        f"-----BEGIN INTERWORX API KEY-----\n{BODY[:40]}\n{BODY[40:]}\n-----END INTERWORX API KEY-----",
        f"{BEGIN.replace(' ', '')}{BODY}{END.replace(' ', '')}",
        " ".join(KEY.block),
    ],
)
def test_a_key_arrives_as_clients_send_it(text: str) -> None:
    assert read_key(text) == KEY


WRONG = {
    "nothing": "",
    "the marker lines alone": f"{BEGIN}\n{END}",
    "one marker line": f"{BEGIN}\n{BODY}",
    "the other marker line": f"{BODY}\n{END}",
    "marker lines of something else": KEY.block.replace("INTERWORX API", "PRIVATE"),
    "lower-case marker lines": KEY.block.lower(),
    "marker lines twice": f"{BEGIN}\n{KEY.block}\n{END}",
    "two keys": BODY + BODY,
    "a character more": BODY + "0",
    "a character less": BODY[:-1],
    "another version": BODY.replace("IWAPI1", "IWAPI2"),
    "a prefix in small letters": BODY.replace("IWAPI1", "iwapi1"),
    "a NUL": BODY[:30] + "\0" + BODY[30:],
    "a zero-width space": BODY[:30] + "\u200b" + BODY[30:],
    "a character reference": BODY + "&#13;",
    "a full-width letter": BODY.replace("W", "Ｗ"),
    "an Arabic digit": BODY[:6] + "١" + BODY[7:],
    "a lone surrogate": "\ud800" + BODY[1:],
    "a hyphen": BODY[:30] + "-" + BODY[31:],
    "more than any key": BODY + " " * 5000,
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_everything_else_is_no_key(text: str) -> None:
    assert read_key(text) is None


@given(
    st.integers(6, len(BODY) - 1),
    st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
)
def test_the_crc_finds_every_wrong_character(at: int, char: str) -> None:
    text = BODY[:at] + char + BODY[at + 1 :]
    assert (read_key(text) == KEY) if text == BODY else (read_key(text) is None)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read_key(text) is None


def test_a_key_in_the_log_is_its_id() -> None:
    assert KEY.secret not in repr(KEY)
    assert KEY.id in f"{KEY}"


def row(**power: Any) -> KeyRow:
    fresh = KeyRow(
        KEY.id, 1, "name", False, secret_mac(PEPPER, KEY), b"", ("accounts:read",), ("192.0.2.1",), 1000,
        2000, None, None, None, None,
    )  # fmt: skip
    fresh = dataclasses.replace(fresh, **power)
    return dataclasses.replace(fresh, row_mac=fresh.sealed(PEPPER))


def test_a_key_opens_its_row() -> None:
    assert is_proven(PEPPER, KEY, row(), 1500)
    assert is_proven(PEPPER, KEY, row(scopes=None, addresses=None, expires=None), 10**12)


WIDENED: dict[str, Any] = {
    "owner": 2, "classic": True, "scopes": None, "addresses": None, "expires": None, "id": "0" * 16,
    "secret_mac": secret_mac(PEPPER, new_key(os.urandom)),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WIDENED.items(), ids=WIDENED)
def test_who_can_write_the_table_cannot_widen_a_key(name: str, value: Any) -> None:
    assert not is_proven(PEPPER, KEY, dataclasses.replace(row(), **{name: value}), 1500)


def test_who_can_write_the_table_cannot_plant_a_key() -> None:
    """Neither one made under another pepper, nor one with the MACs of another row."""
    planted = dataclasses.replace(row(), secret_mac=secret_mac(OTHER, KEY))
    planted = dataclasses.replace(planted, row_mac=planted.sealed(OTHER))
    assert not is_proven(PEPPER, KEY, planted, 1500)
    other = new_key(os.urandom)
    copied = dataclasses.replace(row(), id=other.id)
    assert not is_proven(PEPPER, other, copied, 1500)
    assert not is_proven(PEPPER, KeyText(other.id, KEY.secret), copied, 1500)


def test_a_key_that_is_missing_wrong_expired_or_revoked_does_not_open() -> None:
    assert not is_proven(PEPPER, KEY, None, 1500)
    assert not is_proven(PEPPER, KeyText(KEY.id, new_key(os.urandom).secret), row(), 1500)
    assert not is_proven(PEPPER, KEY, row(expires=1500), 1500)
    assert is_proven(PEPPER, KEY, row(expires=1501), 1500)
    assert not is_proven(PEPPER, KEY, row(revoked=1200), 1500)
    assert not is_proven(OTHER, KEY, row(), 1500)
