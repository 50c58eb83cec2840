"""A finding: one thing that was looked at on this server, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """`todo` says in a sentence what helps; it is empty where all is well."""

    grade: Grade
    about: str
    text: str
    todo: str = ""
