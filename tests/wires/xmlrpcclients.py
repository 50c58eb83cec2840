"""What the tests of XML-RPC share: captured exchanges, and what several clients make of an answer."""

import base64
import json
import subprocess
import xmlrpc.client
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from iwapi.wires.gate import read_xml
from iwapi.wires.xmlrpc import MethodCall, read_method_call
from tests.clients.foreign.clients import CLIENTS

HERE = Path(__file__).parent
CAPTURES = HERE / "captures" / "xmlrpc"


def capture(name: str) -> bytes:
    return (CAPTURES / name).read_bytes().split(b"\r\n\r\n", 1)[1]


def captures(pattern: str) -> list[str]:
    return sorted(path.name for path in CAPTURES.glob(pattern))


def read(body: bytes, charset: str | None = None) -> MethodCall:
    return read_method_call(read_xml(body, charset))


def called(value: str) -> Any:
    """The one param of a call, written by hand."""
    body = f"<methodCall><methodName>m</methodName><params><param>{value}</param></params></methodCall>"
    (param,) = read(body.encode()).params
    return param


def by_python(answers: Iterable[bytes]) -> list[Any]:
    found = []
    for answer in answers:
        try:
            (value,), _ = xmlrpc.client.loads(answer)
        except xmlrpc.client.Fault as fault:
            value = ["fault", fault.faultCode, fault.faultString]
        found.append(repr(value))
    return found


def by_program(*command: str) -> Any:
    """What another program makes of answers; it takes and gives JSON."""

    def decode(answers: Iterable[bytes]) -> list[Any]:
        asked = json.dumps([base64.b64encode(answer).decode() for answer in answers])
        ran = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
        return json.loads(ran.stdout)

    return decode


by_perl = by_program("perl", str(HERE / "perl" / "decode.pl"))
by_ruby = by_program("ruby", str(HERE / "ruby" / "decode.rb"))


def by_node(answers: Iterable[bytes]) -> list[Any]:
    """npm's xmlrpc, of the folder that the foreign clients have."""
    (build,) = {client.build for client in CLIENTS if client.build and client.build.name == "node"}
    return by_program("node", str(HERE / "node" / "decode.js"), str(build.folder()))(answers)
