"""What the stories share: a step prints whether it came true, the last line says that it all was told."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

URL, WSDL, KEY = (os.environ[f"IWAPI_{name}"] for name in ("URL", "WSDL", "KEY"))
DOMAIN, UNIXNAME, RESELLER, SLOW = (
    os.environ[f"IWAPI_{name}"] for name in ("DOMAIN", "UNIXNAME", "RESELLER", "SLOW")
)
NICKNAME = "Müller & <Söhne>"
PASSWORD = "Ünï-☃ horse 8"


@contextmanager
def step(name: str) -> Iterator[None]:
    """A step; an exception in it, of whatever kind, is what was wrong."""
    try:
        yield
        print("ok", name)
    except Exception:  # noqa: BLE001
        print(f"wrong {name}:", " | ".join(traceback.format_exc().splitlines()))


def same(expected: object, got: object) -> None:
    """Both are equal, and no flag stands for a number."""
    assert expected == got, f"{expected!r} is not {got!r}"
    if isinstance(expected, list) and isinstance(got, list):
        for one, other in zip(expected, got, strict=True):
            same(one, other)
    assert isinstance(expected, bool) == isinstance(got, bool), f"{expected!r} is not {got!r}"


def installed(package: str) -> None:
    """Print the version of a library."""
    print("version", version(package))
