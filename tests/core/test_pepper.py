"""One secret, a sub-key for each purpose: no MAC stands for another."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from iwapi.core.pepper import Pepper

PARTS = st.lists(st.binary(max_size=6), max_size=4)


@given(PARTS, PARTS)
def test_no_two_lists_share_a_mac(one: list[bytes], other: list[bytes]) -> None:
    pepper = Pepper(b"p" * 32)
    assert (pepper.mac("x", *one) == pepper.mac("x", *other)) == (one == other)


def test_no_two_purposes_and_no_two_peppers_share_a_mac() -> None:
    macs = {
        Pepper(secret * 32).mac(purpose, "text")
        for secret in (b"p", b"q")
        for purpose in ("key secret", "key row", "session", "audit")
    }
    assert len(macs) == 8
    assert {len(mac) for mac in macs} == {32}


def test_a_mac_is_the_same_every_time() -> None:
    pepper = Pepper(b"p" * 32)
    assert pepper.mac("x", "é") == pepper.mac("x", "é".encode()) == Pepper(b"p" * 32).mac("x", "é")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_pepper_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pepper(b"p" * size)


def test_a_pepper_does_not_show_itself() -> None:
    assert "ppp" not in repr(Pepper(b"p" * 32))
