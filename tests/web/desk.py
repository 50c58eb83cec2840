"""What the tests of the API's addresses share: requests, and a dispatch that only listens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lxml import etree

import iwapi.actions
from iwapi.action import collect
from iwapi.asked import Asked, Outcome, Reply
from iwapi.errors import ApiError
from iwapi.web.api import billing
from iwapi.web.hosts import Hosts
from iwapi.web.http import Answer, Request, Response
from iwapi.wires.contract import wsdl
from iwapi.wires.route import RouteWire
from iwapi.wires.routewsdl import route_wsdl
from iwapi.wires.services import typed_services

CATALOGUE = collect(iwapi.actions)
SERVICES = typed_services(CATALOGUE)
HOSTS = Hosts({"panel.example.net"}.__contains__, "https://base:2443")

SOAP = {
    "1.1": ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml"),
    "1.2": ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml"),
}
DELETE = (
    '<deleteSiteWorxAccount xmlns="urn:iwapi:billing:1"><domain>example.com</domain></deleteSiteWorxAccount>'
)
KEY = '<Auth xmlns="urn:iwapi:billing:1"><apikey>K</apikey></Auth>'
ROUTE = (
    '<route xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><apikey>K</apikey>'
    "<ctrl_name>/nodeworx/siteworx</ctrl_name><action>%s</action><input/></route>"
)


class Desk:
    """A dispatch that notes what it is asked and replies with what it was given."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        reply(self.outcome)


def envelope(body: str, header: str = "", version: str = "1.1") -> bytes:
    namespace = SOAP[version][0]
    return (
        f'<s:Envelope xmlns:s="{namespace}"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'
    ).encode()


def request(
    path: str,
    body: bytes = b"",
    method: str = "POST",
    query: str = "",
    content_type: str = "text/xml",
    **headers: str,
) -> Request:
    named = {"content-type": content_type, "user-agent": "test/1", **headers}
    return Request("id1", method, path, query, named, body, "192.0.2.1", False, "panel.example.net:2080")


def ask(made: Request, outcome: Outcome | ApiError = Outcome()) -> tuple[Response, list[Asked]]:  # noqa: B008
    """What the billing API answers, and what it asked of dispatch."""
    desk = Desk(Outcome(error=outcome) if isinstance(outcome, ApiError) else outcome)
    handler = billing(
        SERVICES["billing"], partial(wsdl, SERVICES["billing"]), RouteWire(CATALOGUE), route_wsdl, desk, HOSTS
    )  # fmt: skip
    return answered(handler, made), desk.asked


def answered(handler: Callable[[Request, Answer], None], made: Request) -> Response:
    answers: list[Response] = []
    handler(made, answers.append)
    (answer,) = answers
    return answer


def fault(response: Response) -> tuple[str, str, str]:
    """The code of a fault, its text, and all that stands in its detail."""
    root = etree.fromstring(response.body)
    code, text, detail = (
        root.xpath(f"string(//*[local-name() = '{one}' or local-name() = '{other}'])")
        for one, other in (("faultcode", "Value"), ("faultstring", "Text"), ("detail", "Detail"))
    )
    return code.rpartition(":")[2], text, detail
