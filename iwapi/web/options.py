"""Options of a call that came as HTTP headers: `Idempotency-Key`, `Prefer: wait=` and `Dry-Run`.

They may be set by whoever writes no envelopes: a proxy, a library's hook. What the envelope says goes before
them; where both say something else, the call is refused.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from iwapi.asked import Asked
from iwapi.errors import Problem
from iwapi.kinds import Raw
from iwapi.web.http import Request

_HEADERS = {
    "idempotency_key": "Idempotency-Key",
    "wait_seconds": "Prefer: wait",
    "dry_run": "Dry-Run",
}
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*+)"', re.ASCII)
_PREFERENCE = re.compile(r'(?:[^,"]++|"[^"]*+"|")++')
_WAIT = re.compile(r'\s*+wait\s*+=\s*+"?([^";]*+)"?\s*+(?:;.*)?', re.ASCII | re.IGNORECASE)
_FLAGS = {"1": "true", "0": "false"}


def with_headers(request: Request, asked: Asked) -> Asked:
    """The call, with the options that its HTTP headers give."""
    given = dict(_given(request))
    if not given:
        return asked
    problems = tuple(
        Problem(name, "", f"The HTTP header {_HEADERS[name]} says something else")
        for name, value in given.items()
        if name in asked.options and _plain(asked.options[name]) != _plain(value)
    )
    return dataclasses.replace(
        asked, options={**given, **asked.options}, problems=(*asked.problems, *problems)
    )


def _given(request: Request) -> Iterator[tuple[str, str]]:
    """Each option as its kind will read it; a header that is not as it should be stays as it is."""
    headers = request.headers
    if (key := headers.get("idempotency-key")) is not None:
        quoted = _QUOTED.fullmatch(key)
        yield "idempotency_key", re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else key
    for preference in _PREFERENCE.findall(headers.get("prefer", "")):
        if wait := _WAIT.fullmatch(preference):
            yield "wait_seconds", wait[1].strip()
            break  # RFC 7240: of one that is given twice the first counts
    if (dry := headers.get("dry-run")) is not None:
        yield "dry_run", dry.lower()


def _plain(value: Raw) -> Raw:
    """One of two texts for each flag: XML-RPC says 1 where others say true."""
    return _FLAGS.get(value.strip(), value.strip()) if isinstance(value, str) else value
