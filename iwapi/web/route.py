"""InterWorx's envelope over HTTP: 200 with a status and a payload for all that can be read."""

from __future__ import annotations

from functools import partial

from iwapi.action import Action
from iwapi.asked import Outcome
from iwapi.errors import ApiError, MustUnderstand
from iwapi.web.calls import Calls, note
from iwapi.web.http import Answer, Request, Response
from iwapi.web.soap import Refused, answers, fails, read
from iwapi.wires.gate import Version, VersionMismatch
from iwapi.wires.phpsoap import read_route, write_fault, write_route
from iwapi.wires.route import RouteWire
from iwapi.wires.routecall import RouteCall


class Route:
    """The handler of `route` calls by SOAP."""

    def __init__(self, wire: RouteWire, calls: Calls) -> None:
        self._wire = wire
        self._calls = calls

    def __call__(self, request: Request, answer: Answer) -> None:
        try:
            version, call = _call(request)
        except Refused as refused:
            note(request, refused.error)
            answer(_fault(refused.version, refused.error, request.id))
            return
        asked = self._wire.asked(call, "route", request.address, request.client, request.id)
        write = partial(self._response, version, request.id, asked.action)
        self._calls(request, asked, answer, write, partial(_fault, version, request_id=request.id))

    def _response(self, version: Version, request_id: str, action: Action, outcome: Outcome) -> Response:
        """The answer; a fault where the outcome is unknown or the server cannot do it now."""
        if (error := outcome.error) is not None and error.route_fault:
            return _fault(version, error, request_id)
        return answers(version, write_route(version, *self._wire.answer(outcome, action)))


def _call(request: Request) -> tuple[Version, RouteCall]:
    envelope = read(request)
    try:
        return envelope.version, read_route(envelope)
    except ApiError as error:
        raise Refused(envelope.version, error) from None


def _fault(version: Version, error: ApiError, request_id: str) -> Response:
    if isinstance(error, VersionMismatch):
        body = write_fault(version, "VersionMismatch", error.message, request_id)
    elif isinstance(error, MustUnderstand):
        body = write_fault(version, "MustUnderstand", error.message, request_id)
    else:
        body = write_fault(version, error.fault, error.message, request_id)
    return fails(version, body, error)
