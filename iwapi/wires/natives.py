"""Values between Spyne's native forms and ours: texts on the way in, plain values on the way out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from iwapi.kinds import Plain, Raw
from iwapi.shape import Shape


def text_of(shape: Shape, value: Any) -> Raw:
    """A value as Spyne read it, as a wire would have read it: scalars as texts, structs as mappings."""
    if value is None:
        return None
    if shape.many:
        return [_one_text(shape, item) for item in value]
    return _one_text(shape, value)


def _one_text(shape: Shape, value: Any) -> Raw:
    if shape.kind is None:
        return {item.name: text_of(item.shape, getattr(value, item.name)) for item in shape.fields}
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def native_of(shape: Shape, value: Any) -> Any:
    """An answer as Spyne writes it: structs as mappings, secrets in clear."""
    if value is None:
        return None
    if shape.many:
        return [_one_native(shape, item) for item in value]
    return _one_native(shape, value)


def _one_native(shape: Shape, value: Any) -> Any:
    if shape.kind is None:
        return {item.name: native_of(item.shape, getattr(value, item.name)) for item in shape.fields}
    return value.reveal if isinstance(value, Plain) else value
