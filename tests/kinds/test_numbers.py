"""Numbers, flags and times are read by strict patterns: nothing is guessed."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from iwapi.kinds import (
    UNLIMITED,
    Bytes,
    Count,
    Flag,
    Gigabytes,
    Id,
    Megabytes,
    Moment,
    PageSize,
    Rules,
    Seconds,
    Wrong,
)


def parse(hint: Any, text: str) -> Any:
    return get_args(hint)[1].parse(text, Rules())


def refused(hint: Any, text: str) -> str:
    with pytest.raises(Wrong) as wrong:
        parse(hint, text)
    return wrong.value.problem


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), ("007", 7), ("+7", 7), ("-0", 0), (" 7\r\n\t", 7), ("0", 0), (str(UNLIMITED), UNLIMITED)],
    ids=ascii,
)
def test_a_whole_number_is_read_as_xml_writes_it(text: str, value: int) -> None:
    assert parse(Count, text) == value


NO_NUMBER = [
    "", " ", "+", "-", "--1", "+-1", "1_000", "1,000", "1 000", "1.0", "1.", ".1", "1e3", "0x10", "1L", "½",
    "²", "١", "１", "1١", "NaN", "inf", "Infinity", "true", "None", "1\0", "\0001", "1\v", "\u00a01",
    "1\u2003", "1\ud800", "9" * 20, "9" * 65536, "1\n2", "unlimited",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_NUMBER, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("hint", [Id, Count, Megabytes, Gigabytes, Bytes, Seconds, PageSize], ids=str)
def test_what_is_no_whole_number_is_refused(hint: Any, text: str) -> None:
    assert refused(hint, text) == "This is not a whole number"


@pytest.mark.parametrize(
    ("hint", "low", "high"),
    [
        (Id, 1, 2**31 - 1), (Count, 0, UNLIMITED), (Megabytes, 0, UNLIMITED), (Gigabytes, 1, UNLIMITED),
        (Seconds, 0, UNLIMITED), (PageSize, 1, 1000), (Bytes, 0, 2**63 - 1),
    ],
)  # fmt: skip
def test_a_number_has_its_range(hint: Any, low: int, high: int) -> None:
    kind = get_args(hint)[1]
    assert (kind.facets["minInclusive"], kind.facets["maxInclusive"]) == (low, high)
    assert [parse(hint, str(value)) for value in (low, high)] == [low, high]
    for value in (low - 1, high + 1):
        assert refused(hint, str(value)) == "This number is out of range"


def test_a_bandwidth_limit_is_never_nothing() -> None:
    refused(Gigabytes, "0")


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("true", True), ("0", False), ("false", False), (" 1 ", True)]
)
def test_a_flag_is_one_or_nothing(text: str, value: bool) -> None:
    assert parse(Flag, text) is value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "True",
        "TRUE",
        "maybe",
        "2",
        "-1",
        "00",
        "01",
        "1.0",
        "١",
        "1\0",
        "None",
    ],
)
def test_what_is_no_flag_is_refused(text: str) -> None:
    assert refused(Flag, text) == "This is not a flag"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T10:00:00Z",
        "2026-11-24T12:00:00+02:00",
        "2026-11-24T10:00:00.000Z",
        " 2026-11-24T04:30:00-05:30\n",
    ],
    ids=ascii,
)
def test_a_time_is_kept_in_utc(text: str) -> None:
    value = parse(Moment, text)
    assert value == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert value.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-11-24", "10:00:00Z", "20261124T100000Z", "2026-W48-2T10:00:00Z", "2026-11-24 10:00:00Z",
     "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-24T25:00:00Z", "٢٠٢٦-11-24T10:00:00Z",
     "2026-11-24T10:00:00Z\0", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1795514400",
     "-2026-11-24T10:00:00Z", "2026-11-24T10:00:00+99:00", "2026-11-24T10:00:00\ud800"],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str) -> None:
    assert refused(Moment, text) == "This is not a date and time"


def test_a_time_names_its_zone() -> None:
    assert refused(Moment, "2026-11-24T10:00:00") == "This date and time names no time zone"
