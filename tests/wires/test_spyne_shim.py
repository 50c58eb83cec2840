"""Spyne publishes and answers on this Python, whichever it is; `make test-pythons` asks the others."""

import subprocess
import sys
from io import BytesIO
from wsgiref.util import setup_testing_defaults

from lxml import etree

from iwapi.wires._spyne import Application, Integer, Service, Soap11, Unicode, Wsdl11, WsgiApplication, rpc

ENVELOPE = b"""<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:test">
  <s:Body><t:repeat><t:word>gr\xc3\xbc\xc3\x9f</t:word><t:times>2</t:times></t:repeat></s:Body>
</s:Envelope>"""


class Repeater(Service):
    @rpc(Unicode, Integer, _returns=Unicode)
    def repeat(ctx, word, times):
        return word * times


def application() -> Application:
    return Application([Repeater], "urn:test", in_protocol=Soap11(validator="lxml"), out_protocol=Soap11())


def test_the_wsdl_names_the_operation_and_its_types() -> None:
    wsdl = Wsdl11(application().interface)
    wsdl.build_interface_document("http://localhost/soap")
    root = etree.fromstring(wsdl.get_interface_document())
    names = {"w": "http://schemas.xmlsoap.org/wsdl/", "x": "http://www.w3.org/2001/XMLSchema"}
    assert root.xpath("//w:portType/w:operation/@name", namespaces=names) == ["repeat"]
    assert root.xpath("//x:complexType[@name='repeat']//x:element/@type", namespaces=names) == [
        "xs:string",
        "xs:integer",
    ]


def test_spynes_own_server_answers_a_soap_request() -> None:
    environ: dict = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": 'text/xml; charset="utf-8"',
        "CONTENT_LENGTH": str(len(ENVELOPE)),
        "wsgi.input": BytesIO(ENVELOPE),
    }
    setup_testing_defaults(environ)
    statuses = []
    answer = b"".join(WsgiApplication(application())(environ, lambda status, _: statuses.append(status)))
    assert statuses == ["200 OK"]
    assert etree.fromstring(answer).xpath("string(//*[local-name() = 'repeatResult'])") == "grüßgrüß"


def test_the_stand_in_for_cgi_stays_private_and_nothing_is_deprecated() -> None:
    program = "import sys, iwapi.wires._spyne; sys.exit('cgi' in sys.modules)"
    command = [sys.executable, "-W", "error::DeprecationWarning", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
