"""The log: JSON lines, one path for everything that logs, with a filter that knows secrets."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from iwapi.kinds import MASK

_SHOWN = r"\\+(?:[nrtvf]|x[0-9a-f]{2}|u[0-9a-f]{4})"  # white space as repr() and JSON show it
_BETWEEN = rf"(?:\s|{_SHOWN}|&#1[03];)*"
_KEY = re.compile(_BETWEEN.join("IWAPI1") + rf"(?:{_BETWEEN}[0-9A-Za-z]){{16,65}}")
_SID = re.compile(r"(?i)\b((?:sid|sessionid)=)[0-9a-f]{32}")  # of a session, in an address
_SECRETS = re.compile(r"(?i)(password|apikey|token|secret|authorization|cookie)")
_CHATTY = ("yoyo", "twisted")  # they tell every step, and every connection that timed out
_EXTRA = ("request_id", "wire", "address", "client")


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask keys and sessions in every text, and whatever is named as a secret."""
    for name, value in event.items():
        if _SECRETS.search(name):
            event[name] = MASK
        elif isinstance(value, str):
            event[name] = _SID.sub(rf"\g<1>{MASK}", _KEY.sub(f"IWAPI1{MASK}", value))
    return event


def set_up(stream: TextIO, level: str = "info", lines: str = "json") -> None:
    """Send the log of this program and of its libraries to `stream`."""
    shown: Any = (
        structlog.processors.JSONRenderer()
        if lines == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(allow=_EXTRA),
        structlog.processors.format_exc_info,
        redact,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
