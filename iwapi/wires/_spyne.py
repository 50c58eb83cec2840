"""Spyne 2.14 on the Pythons it was not written for, in one import that works on 3.11, 3.12 and 3.13.

Take Spyne's names from here, never from `spyne` itself: the order of imports then does not matter.
"""

from __future__ import annotations

import collections.abc
import http.cookies
import sys
import urllib.parse
from email.message import Message
from types import ModuleType

# Spyne carries a six of 2020, whose importer of `six.moves` has no find_spec, which 3.12 asks for.
# Modules that are already there are taken without asking an importer.
sys.modules["spyne.util.six.moves.collections_abc"] = collections.abc
sys.modules["spyne.util.six.moves.http_cookies"] = http.cookies
sys.modules["spyne.util.six.moves.urllib.parse"] = urllib.parse


def _parse_header(line: str) -> tuple[str, dict[str, str]]:
    """A header's value and its parameters, as `cgi.parse_header` told them apart."""
    message = Message()
    message["Content-Type"] = line
    (value, _), *parameters = message.get_params([("", "")])
    return value, dict(parameters)


# Module `cgi` is deprecated in 3.11 and gone in 3.13; Spyne uses this one function of it.
_cgi = ModuleType("cgi")
_cgi.parse_header = _parse_header  # type: ignore[attr-defined]
_before = sys.modules.get("cgi")
sys.modules["cgi"] = _cgi
try:
    from spyne import (
        Application,
        Boolean,
        ComplexModel,
        DateTime,
        Fault,
        Integer,
        Integer32,
        Integer64,
        Service,
        Unicode,
        rpc,
    )
    from spyne.interface.wsdl import Wsdl11
    from spyne.protocol.soap import Soap11
    from spyne.server.wsgi import WsgiApplication
finally:
    # Nobody else is to find the stand-in.
    del sys.modules["cgi"]
    if _before is not None:
        sys.modules["cgi"] = _before

__all__ = [
    "Application",
    "Boolean",
    "ComplexModel",
    "DateTime",
    "Fault",
    "Integer",
    "Integer32",
    "Integer64",
    "Service",
    "Soap11",
    "Unicode",
    "Wsdl11",
    "WsgiApplication",
    "rpc",
]
