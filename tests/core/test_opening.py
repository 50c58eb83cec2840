"""The Unix names that a domain suggests can all be had."""

import os
from itertools import islice

import hypothesis.strategies as st
import pytest
from hypothesis import given

from iwapi.core.opening import unix_names
from iwapi.kinds import unix_name


@pytest.mark.parametrize(
    ("domain", "first"),
    [
        ("example.com", ["examplec", "example1", "example2"]),
        ("3com.com", ["comcom", "comcom1", "comcom2"]),
        ("123.de", ["de", "de1", "de2"]),
        ("ab.de", ["abde", "abde1"]),
        ("xn--bcher-kva.ch", ["xnbcherk", "xnbcher1"]),
        ("ro.ot", ["root1", "root2"]),  # root is reserved
        ("1.2.3", ["site", "site1"]),
    ],
)
def test_a_domain_suggests_its_own_letters_first(domain: str, first: list[str]) -> None:
    assert list(islice(unix_names(domain, os.urandom), len(first))) == first


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z0-9]{1,10}){1,3}", fullmatch=True))
def test_every_suggestion_is_a_unix_name(domain: str) -> None:
    names = list(islice(unix_names(domain, os.urandom), 40))
    assert [unix_name(name) for name in names] == names
    assert len(set(names)) > 30
