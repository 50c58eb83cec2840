"""Conditions and ranges as rows."""

from __future__ import annotations

import pytest

from iwapi.hosting.conditions import Part, Stamp, choose

STAMP = Stamp(size=10, modified_ns=1_700_000_000_500_000_000)
SAME, LATER, EARLIER = (f"Tue, 14 Nov 2023 22:13:{second} GMT".encode() for second in ("20", "21", "19"))
ETAG = STAMP.etag()
ALL, UNCHANGED = Part(200, 0, 10), Part(304)


def chosen(method: bytes = b"GET", stamp: Stamp = STAMP, **fields: bytes) -> Part:
    return choose(method, stamp, lambda name: fields.get(name.decode().replace("-", "_")))


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({}, ALL),
        ({"if_modified_since": SAME}, UNCHANGED),
        ({"if_modified_since": LATER}, UNCHANGED),
        ({"if_modified_since": EARLIER}, ALL),
        ({"if_modified_since": b"yesterday"}, ALL),
        ({"if_modified_since": b"Tue, 14 Nov 99999 22:13:20 GMT"}, ALL),
        ({"if_modified_since": b"\xff"}, ALL),
        ({"if_none_match": ETAG}, UNCHANGED),
        ({"if_none_match": b"W/" + ETAG}, UNCHANGED),
        ({"if_none_match": b'"x", ' + ETAG}, UNCHANGED),
        ({"if_none_match": b"*"}, UNCHANGED),
        ({"if_none_match": b'"x"', "if_modified_since": LATER}, ALL),
        ({"range": b"bytes=3-5", "if_range": ETAG}, Part(206, 3, 3)),
        ({"range": b"bytes=3-5", "if_range": SAME}, Part(206, 3, 3)),
        ({"range": b"bytes=3-5", "if_range": LATER}, ALL),
        ({"range": b"bytes=3-5", "if_range": b'"x"'}, ALL),
        ({"range": b"bytes=3-5", "if_none_match": ETAG}, UNCHANGED),
    ],
)
def test_a_condition_decides_what_is_sent(fields: dict[str, bytes], part: Part) -> None:
    assert chosen(**fields) == part


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        (b"bytes=0-9", Part(206, 0, 10)),
        (b"bytes=9-9", Part(206, 9, 1)),
        (b"bytes=9-", Part(206, 9, 1)),
        (b"bytes=0-99", Part(206, 0, 10)),
        (b"bytes=-1", Part(206, 9, 1)),
        (b"bytes=-99", Part(206, 0, 10)),
        (b"bytes=10-", Part(416)),
        (b"bytes=10-20", Part(416)),
        (b"bytes=-0", Part(416)),
        (b"bytes=5-4", ALL),
        (b"bytes=-", ALL),
        (b"bytes=", ALL),
        (b"bytes=a-b", ALL),
        (b"bytes=+1-2", ALL),
        (b"bytes=1-2,3-4", ALL),
        (b"bytes=" + b"9" * 5000 + b"-", ALL),
        (b"bytes=\xd9\xa1-", ALL),
    ],
)
def test_a_range_is_cut_to_the_file(wanted: bytes, part: Part) -> None:
    assert chosen(range=wanted) == part


def test_an_empty_file_has_no_range() -> None:
    empty = Stamp(0, 0)
    assert [chosen(stamp=empty, range=wanted) for wanted in (b"bytes=0-", b"bytes=-1")] == [Part(416)] * 2
    assert chosen(stamp=empty) == Part(200, 0, 0)


def test_head_has_no_range() -> None:
    assert chosen(b"HEAD", range=b"bytes=0-1") == ALL


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (-(10**10), b"Thu, 01 Jan 1970 00:00:00 GMT"),
        (0, b"Thu, 01 Jan 1970 00:00:00 GMT"),
        (10**12, b"Fri, 31 Dec 9999 23:59:59 GMT"),
    ],
)
def test_a_time_out_of_reach_is_told_as_the_nearest(second: int, told: bytes) -> None:
    assert Stamp(0, second * 10**9).last_modified() == told
