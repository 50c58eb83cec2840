"""The WSDL of InterWorx's envelope: one rpc/encoded operation, `route`, of any value to any value.

`apikey` and `input` are `xsd:anyType`: typed as a Map, PHP drops a key that is a string before it sends.
"""

from __future__ import annotations

import html

_WSDL = """\
<?xml version="1.0" encoding="utf-8"?>
<definitions name="iworx" targetNamespace="urn:iworx"
    xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:tns="urn:iworx" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <message name="routeRequest">
    <part name="apikey" type="xsd:anyType"/>
    <part name="ctrl_name" type="xsd:string"/>
    <part name="action" type="xsd:string"/>
    <part name="input" type="xsd:anyType"/>
  </message>
  <message name="routeResponse">
    <part name="return" type="xsd:anyType"/>
  </message>
  <portType name="iworxPort">
    <operation name="route">
      <documentation>Do an action of a controller; the answer holds a status and a payload.</documentation>
      <input message="tns:routeRequest"/>
      <output message="tns:routeResponse"/>
    </operation>
  </portType>
  <binding name="iworxBinding" type="tns:iworxPort">
    <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="route">
      <soap:operation soapAction="urn:iworx#route"/>
      <input>
        <soap:body use="encoded" namespace="urn:iworx"
            encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/>
      </input>
      <output>
        <soap:body use="encoded" namespace="urn:iworx"
            encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/>
      </output>
    </operation>
  </binding>
  <service name="iworx">
    <port name="iworxPort" binding="tns:iworxBinding">
      <soap:address location="{address}"/>
    </port>
  </service>
</definitions>
"""


def route_wsdl(address: str) -> bytes:
    """The WSDL, with the address that its clients shall call."""
    return _WSDL.format(address=html.escape(address)).encode()
