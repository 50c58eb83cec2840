"""The audit: who did what, when, from where and with what result, each row chained to the one before.

A row's MAC covers the MAC before it, under a key outside the database: a row that was changed, removed or
put in breaks the chain.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iwapi.core.pepper import Pepper
from iwapi.store.db import Row, Tx

_COLUMNS = "at, who, address, wire, action, about, result, request_id, inputs"
_START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One row. `inputs` are already masked; `about` is what the action changed."""

    at: int
    who: str
    address: str
    wire: str
    action: str
    about: str
    result: str
    request_id: str
    inputs: Mapping[str, Any]


def _link(pepper: Pepper, before: str, values: tuple[object, ...]) -> str:
    return pepper.mac("audit", before, json.dumps(values)).hex()


def append(tx: Tx, pepper: Pepper, entry: Entry) -> None:
    before = tx.value("select mac from audit order by id desc limit 1") or _START
    inputs = json.dumps(entry.inputs, default=str, sort_keys=True)
    values = (entry.at, entry.who, entry.address, entry.wire, entry.action, entry.about,
              entry.result, entry.request_id, inputs)  # fmt: skip
    tx.run(f"insert into audit ({_COLUMNS}, mac) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           *values, _link(pepper, before, values))  # fmt: skip


def broken_at(tx: Tx, pepper: Pepper) -> int | None:
    """The id of the first row that does not follow from the one before it; None when all do."""
    before, after = _START, 0
    while rows := tx.all(f"select id, {_COLUMNS}, mac from audit where id > ? order by id limit 1000", after):
        for row in rows:
            if not hmac.compare_digest(_link(pepper, before, _values(row)), row["mac"]):
                return int(row["id"])
            before, after = row["mac"], row["id"]
    return None


def _values(row: Row) -> tuple[object, ...]:
    return tuple(row)[1:-1]
