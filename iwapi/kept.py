"""Typed values as JSON: an answer is kept as a value, and each wire words it anew."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from iwapi.kinds import Hashed, Plain
from iwapi.shape import Shape


def dump(shape: Shape, value: Any) -> str:
    """An answer of that shape. Raises `TypeError` for one with a secret."""
    return json.dumps(_plain(shape, value), separators=(",", ":"))


def load(shape: Shape, text: str) -> Any:
    """The answer that was dumped; a member that its type has got since is at its default."""
    return _typed(shape, json.loads(text))


def canonical(shape: Shape, value: Any) -> str:
    """Inputs in one form, whatever the wire and the order they came by, secrets in clear: to be MACed, never
    to be kept. What is at its default is left out, so that an input that an action gets later changes
    nothing of the others."""
    given = {
        item.name: _plain(item.shape, member, _reveal) for item in shape.fields
        if (member := getattr(value, item.name)) != item.default or item.required
    }  # fmt: skip
    return json.dumps(given, separators=(",", ":"), sort_keys=True)


def _reveal(value: Any) -> Any:
    if isinstance(value, Plain):
        return value.reveal
    return [value.argon2, value.crypt] if isinstance(value, Hashed) else value


def _as_it_is(value: Any) -> Any:
    return value


def _plain(shape: Shape, value: Any, tell: Any = _as_it_is) -> Any:
    if value is None:
        return None
    if shape.many:
        return [_one_plain(shape, item, tell) for item in value]
    return _one_plain(shape, value, tell)


def _one_plain(shape: Shape, value: Any, tell: Any) -> Any:
    if shape.kind is None:
        return {item.name: _plain(item.shape, getattr(value, item.name), tell) for item in shape.fields}
    return value.isoformat() if isinstance(value, datetime) else tell(value)


def _typed(shape: Shape, data: Any) -> Any:
    if data is None:
        return None
    if shape.many:
        return tuple(_one_typed(shape, item) for item in data)
    return _one_typed(shape, data)


def _one_typed(shape: Shape, data: Any) -> Any:
    if shape.kind is None:
        assert shape.struct is not None
        members = {
            item.name: _typed(item.shape, data[item.name]) if item.name in data else item.default
            for item in shape.fields
        }
        return shape.struct(**members)
    return datetime.fromisoformat(data) if shape.kind.xsd == "dateTime" else data
