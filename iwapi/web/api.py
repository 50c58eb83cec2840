"""The API's addresses: which path speaks what, and where each WSDL sends its clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from iwapi.asked import Dispatch
from iwapi.web.calls import Calls
from iwapi.web.hosts import Hosts
from iwapi.web.http import Answer, Handler, Request, Response, says
from iwapi.web.route import Route
from iwapi.web.soap import is_xml
from iwapi.web.typed import Typed
from iwapi.web.xmlrpc import XmlRpc
from iwapi.wires.route import RouteWire
from iwapi.wires.services import TypedService

Wsdl = Callable[[str], bytes]
"""Writes a WSDL whose clients call the given address."""

_WSDL_TYPE = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Endpoint:
    """What answers the calls to a path, and its WSDL where it has one."""

    call: Handler
    wsdl: Wsdl | None = None


def billing(
    service: TypedService,
    wsdl: Wsdl,
    route: RouteWire,
    route_wsdl: Wsdl,
    dispatch: Dispatch,
    hosts: Hosts,
    pages: Handler | None = None,
) -> Handler:
    """The API for billing systems, and the pages on every other path."""
    calls = Calls(dispatch, "listen")
    by_route = Endpoint(Route(route, calls), route_wsdl)
    endpoints = {
        "/soap": by_route,
        "/nodeworx/soap": by_route,
        "/soap/billing": Endpoint(Typed(service, calls, service.wire), wsdl),
        "/xmlrpc": Endpoint(XmlRpc(service, route, calls)),
    }
    return Api(endpoints, hosts, pages or _nothing_here)


def admin(service: TypedService, wsdl: Wsdl, dispatch: Dispatch, hosts: Hosts, pages: Handler) -> Handler:
    """The admin service, and the pages on every other path."""
    calls = Calls(dispatch, "admin_listen")
    return Api({"/soap/admin": Endpoint(Typed(service, calls, service.wire), wsdl)}, hosts, pages)


class Api:
    """Answers on the paths of its endpoints; `otherwise` answers on every other."""

    def __init__(self, endpoints: Mapping[str, Endpoint], hosts: Hosts, otherwise: Handler) -> None:
        self._endpoints = endpoints
        self._hosts = hosts
        self._otherwise = otherwise

    def __call__(self, request: Request, answer: Answer) -> None:
        endpoint = self._endpoints.get(request.path)
        if endpoint is None:
            self._otherwise(request, answer)
        elif request.method != "POST":
            answer(self._shown(request, endpoint.wsdl))
        elif not is_xml(request):
            answer(says(415, "415 Unsupported Media Type: a call is text/xml", close=True))
        else:
            endpoint.call(request, answer)

    def _shown(self, request: Request, wsdl: Wsdl | None) -> Response:
        if wsdl is None or request.query.lower() != "wsdl":
            text = "405 Method Not Allowed: calls come by POST" + (", the WSDL is at ?wsdl" if wsdl else "")
            return says(405, text, ("Allow", "POST"), close=True)
        return Response(200, wsdl(self._hosts.address(request)), _WSDL_TYPE)


def _nothing_here(_: Request, answer: Answer) -> None:
    answer(says(404))
