"""What the tests of `route` share: PHP's SoapClient, the captured exchanges, envelopes written by hand."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

from iwapi.wires.gate import read_envelope, read_xml
from iwapi.wires.phpsoap import read_route
from iwapi.wires.routecall import RouteCall

HERE = Path(__file__).parent
VERSIONS = ("1.1", "1.2")


def capture(name: str) -> bytes:
    return (HERE / "captures" / name).read_bytes().split(b"\r\n\r\n", 1)[1]


def captures(pattern: str) -> list[str]:
    return sorted(f"{path.parent.name}/{path.name}" for path in (HERE / "captures").glob(f"soap1?/{pattern}"))


def version_of(name: str) -> str:
    return "1.2" if name.startswith("soap12") else "1.1"


def read(body: bytes) -> RouteCall:
    return read_route(read_envelope(read_xml(body, "utf-8")))


def php(script: str, rows: list[dict[str, Any]], with_wsdl: bool = True) -> Any:
    """What the script answers to all rows, in one process."""
    wsdl = base64.b64encode(capture("soap11/wsdl.resp")).decode() if with_wsdl else None
    asked = json.dumps([row | {"wsdl": wsdl} for row in rows])
    ran = subprocess.run(
        ["php", HERE / "php" / script], input=asked, capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


def decoded(answers: list[tuple[str, bytes]], with_wsdl: bool = True) -> list[dict[str, Any]]:
    rows = [{"version": version, "answer": base64.b64encode(answer).decode()} for version, answer in answers]
    return php("decode.php", rows, with_wsdl)


ENVELOPES = {
    "1.1": (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="{i}" xmlns:a="urn:a" '
        'xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/"><e:Body>{call}</e:Body></e:Envelope>'
    ),
    "1.2": (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:i="{i}" xmlns:a="urn:a" '
        'xmlns:enc="http://www.w3.org/2003/05/soap-encoding"><e:Body>{call}</e:Body></e:Envelope>'
    ),
}


def called(call: str, version: str = "1.1") -> RouteCall:
    return read(ENVELOPES[version].format(i="http://www.w3.org/2001/XMLSchema-instance", call=call).encode())


def given_input(form: str, more: str = "", version: str = "1.1") -> Any:
    parts = f"<apikey>k</apikey><ctrl_name>/c</ctrl_name><action>a</action>{form}"
    return called(f"<a:route>{parts}</a:route>{more}", version).input
