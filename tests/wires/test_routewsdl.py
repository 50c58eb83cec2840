"""The WSDL of `route`, as PHP's SoapClient and zeep understand it."""

import base64
import io
import json
import subprocess
from typing import Any

import pytest
import zeep
from lxml import etree

from iwapi.wires.routewsdl import route_wsdl
from tests.wires.phpclient import HERE, read

ADDRESS = "https://a.example:2443/soap?x&y"


def test_it_holds_the_address_that_was_asked_for() -> None:
    root = etree.fromstring(route_wsdl(ADDRESS))
    (address,) = root.iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address.get("location") == ADDRESS


def test_zeep_finds_route_and_its_four_parameters() -> None:
    client = zeep.Client(io.BytesIO(route_wsdl(ADDRESS)))
    operation = client.service._binding.get("route")
    parts = [part.split(": ")[0] for part in operation.input.signature().split(", ")]
    assert parts == ["apikey", "ctrl_name", "action", "input"]


@pytest.mark.needs("php")
@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("key", ["the key", {"apikey": "the key", "domain": "a.com"}])
def test_php_sends_every_form_of_key_and_input_by_it(version: str, key: Any) -> None:
    values = {"domain": "a.com", "status": 0, "ips": ["192.0.2.1"]}
    wsdl = base64.b64encode(route_wsdl(ADDRESS)).decode()
    arguments = [key, "/nodeworx/siteworx", "edit", values]
    script = json.dumps([{"version": version, "wsdl": wsdl, "arguments": arguments}])
    done = subprocess.run(["php", HERE / "php" / "call.php"], input=script, capture_output=True, text=True)
    call = read(base64.b64decode(json.loads(done.stdout)[0]))
    assert (call.apikey, call.ctrl_name, call.action) == (key, "/nodeworx/siteworx", "edit")
    assert call.input == {"domain": "a.com", "status": "0", "ips": ["192.0.2.1"]}
