"""Numbers, flags and times. Digits are ASCII; white space around a number is XML's and is dropped."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from iwapi.kinds.base import Kind, Rules, Wrong

UNLIMITED = 999999999
"""InterWorx's number for "no limit"."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
_MOMENT = re.compile(rf"{_DAY}T{_TIME}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?", re.ASCII)
_XML_SPACE = " \t\r\n"
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def integer(name: str, low: int, high: int, example: int, xsd: str = "int", unit: str = "") -> Kind:
    """The kind of a whole number in this range; `unit` ends the sentence that says what is allowed."""
    what = f"a whole number from {low} to {high}{unit}"

    def parse(text: str, _: Rules) -> int:
        bare = text.strip(_XML_SPACE)
        if not _INTEGER.fullmatch(bare):
            raise Wrong("This is not a whole number")
        value = int(bare)
        if not low <= value <= high:
            raise Wrong("This number is out of range")
        return value

    return Kind(name, parse, xsd, what, str(example), {"minInclusive": low, "maxInclusive": high})


def _flag(text: str, _: Rules) -> bool:
    try:
        return _FLAGS[text.strip(_XML_SPACE)]
    except KeyError:
        raise Wrong("This is not a flag") from None


def _moment(text: str, _: Rules) -> datetime:
    bare = text.strip(_XML_SPACE)
    if not _MOMENT.fullmatch(bare):
        raise Wrong("This is not a date and time")
    try:
        value = datetime.fromisoformat(bare)
        if value.tzinfo is None:
            raise Wrong("This date and time names no time zone")
        return value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong("This is not a date and time") from None


_LIMIT = f", {UNLIMITED} is unlimited"

Id = Annotated[int, integer("id", 1, 2**31 - 1, 7)]
Count = Annotated[int, integer("count", 0, UNLIMITED, 10, unit=_LIMIT)]
Megabytes = Annotated[int, integer("megabytes", 0, UNLIMITED, 5000, unit=" megabytes" + _LIMIT)]
Gigabytes = Annotated[
    int, integer("gigabytes", 1, UNLIMITED, 100, unit=" gigabytes in a calendar month" + _LIMIT)
]
Bytes = Annotated[int, integer("bytes", 0, 2**63 - 1, 1048576, xsd="long", unit=" bytes")]
Version = Annotated[int, integer("version", 0, 2**63 - 1, 3, xsd="long")]
Seconds = Annotated[int, integer("seconds", 0, UNLIMITED, 20, unit=" seconds")]
Milliseconds = Annotated[int, integer("milliseconds", 0, 2**63 - 1, 250, xsd="long", unit=" milliseconds")]
WaitSeconds = Annotated[int, integer("waitseconds", 0, 300, 20, unit=" seconds")]
PageSize = Annotated[int, integer("pagesize", 1, 1000, 100)]
Flag = Annotated[bool, Kind("flag", _flag, "boolean", "1, 0, true or false", "1")]
Moment = Annotated[
    datetime,
    Kind("moment", _moment, "dateTime", "a date and time with its zone, as 2026-11-24T10:00:00Z",
         "2026-11-24T10:00:00Z"),
]  # fmt: skip
