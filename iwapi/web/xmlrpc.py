"""XML-RPC over HTTP: `iworx.route`, the typed operations as `iwapi.*`, and `system.*`, which tells of them.

Answers, and faults of calls that could be read, are HTTP 200.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from iwapi.asked import Asked, Outcome
from iwapi.errors import ApiError, Unreadable
from iwapi.web.calls import Calls, note
from iwapi.web.http import Answer, Request, Response, retry_after
from iwapi.wires.credentials import credentials_of, options_of
from iwapi.wires.gate import read_xml
from iwapi.wires.methods import ROUTE, Methods, operated, routed
from iwapi.wires.route import RouteWire
from iwapi.wires.routecall import route_answer
from iwapi.wires.services import TypedService
from iwapi.wires.xmlrpc import MethodCall, read_method_call
from iwapi.wires.xmlrpcanswers import CONTENT_TYPE, answer_writer, write_answer, write_fault

WIRE: Literal["xmlrpc"] = "xmlrpc"


class XmlRpc:
    """The handler of XML-RPC calls."""

    def __init__(self, service: TypedService, route: RouteWire, calls: Calls) -> None:
        self._route = route
        self._calls = calls
        self._methods = Methods(service)
        self._writers = {action: answer_writer(action.answer) for action in service.actions}

    def __call__(self, request: Request, answer: Answer) -> None:
        try:
            call = read_method_call(read_xml(request.body, request.charset))
            told = self._methods.tells(call)
            if told is not None:
                answer(_answers(write_answer(told)))
                return
            asked, write = self._asked(call, request)
        except ApiError as error:
            note(request, error)
            answer(_fault(error))
        else:
            self._calls(request, asked, answer, partial(_response, write), _fault)

    def _asked(self, call: MethodCall, request: Request) -> tuple[Asked, Callable[[Outcome], bytes]]:
        """What dispatch is asked, and what writes the answer or raises the error that is a fault."""
        about = request.address, request.client
        if call.method == ROUTE:
            asked = self._route.asked(routed(call.params), WIRE, *about, request.id)
            return asked, lambda outcome: self._status(outcome, asked)
        action = self._methods.operations.get(call.method)
        if action is None:
            raise self._methods.unknown(call.method)
        first, raw = operated(call.params)
        credentials, options = credentials_of(first, *about), options_of(first)
        asked = Asked(action, raw, credentials, WIRE, request.id, options=options)
        return asked, lambda outcome: self._typed(outcome, asked)

    def _status(self, outcome: Outcome, asked: Asked) -> bytes:
        if outcome.error is not None and outcome.error.route_fault:
            raise outcome.error
        return write_answer(route_answer(*self._route.answer(outcome, asked.action)))

    def _typed(self, outcome: Outcome, asked: Asked) -> bytes:
        if outcome.error is not None:
            raise outcome.error
        return self._writers[asked.action](outcome.answer)


def _response(write: Callable[[Outcome], bytes], outcome: Outcome) -> Response:
    try:
        return _answers(write(outcome))
    except ApiError as error:
        return _fault(error)


def _answers(body: bytes) -> Response:
    return Response(200, body, CONTENT_TYPE)


def _fault(error: ApiError) -> Response:
    """A fault's text begins with the error's code. After what could not be read the connection ends."""
    unreadable = isinstance(error, Unreadable)
    status = error.http if unreadable or error.http == 503 else 200
    body = write_fault(error.number, f"{error.code}: {error.message}")
    return Response(status, body, CONTENT_TYPE, retry_after(error), close=unreadable)
