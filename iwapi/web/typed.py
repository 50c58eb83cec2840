"""A typed SOAP service over HTTP: its calls are read, dispatched and answered."""

from __future__ import annotations

import dataclasses
from functools import partial

from iwapi.action import Action
from iwapi.asked import Asked, Credentials, Outcome
from iwapi.errors import ApiError
from iwapi.kinds import Plain
from iwapi.web.calls import Calls, note
from iwapi.web.http import Answer, Request, Response
from iwapi.web.soap import Refused, answers, fails, read
from iwapi.wires.answers import Writer
from iwapi.wires.document import read_call
from iwapi.wires.gate import Version
from iwapi.wires.services import TypedService

_BEARER = "bearer "


class Typed:
    """The handler of a service's calls. `wire` is what the audit calls it."""

    def __init__(self, service: TypedService, calls: Calls, wire: str) -> None:
        self._service = service
        self._calls = calls
        self._wire = wire
        self._writer = Writer(service)
        self._takes_keys = any(item.name == "apikey" for item in service.auth.fields)

    def __call__(self, request: Request, answer: Answer) -> None:
        try:
            version, asked = self._asked(request)
        except Refused as refused:
            note(request, refused.error)
            answer(self._fault(refused.version, refused.error, request.id))
        else:
            fail = partial(self._fault, version, request_id=request.id)
            self._calls(
                request, asked, answer, partial(self._response, version, asked.action, request.id), fail
            )

    def _asked(self, request: Request) -> tuple[Version, Asked]:
        envelope = read(request, self._service.understood)
        try:
            call = read_call(envelope, self._service)
        except ApiError as error:
            raise Refused(envelope.version, error) from None
        credentials = self._credentials(call.credentials, request)
        asked = Asked(
            call.action, call.raw, credentials, self._wire, request.id, True, call.problems, call.options
        )
        return envelope.version, asked

    def _credentials(self, sent: Credentials, request: Request) -> Credentials:
        """Those of the SOAP header, or a key in the HTTP header; and where they came from."""
        key = sent.apikey
        bearer = request.headers.get("authorization", "")
        if key is None and self._takes_keys and bearer[: len(_BEARER)].lower() == _BEARER:
            key = Plain(bearer[len(_BEARER) :])
        return dataclasses.replace(sent, apikey=key, address=request.address, client=request.client)

    def _response(self, version: Version, action: Action, request_id: str, outcome: Outcome) -> Response:
        if outcome.error is not None:
            return self._fault(version, outcome.error, request_id)
        return answers(version, self._writer.answer(version, action, outcome.answer))

    def _fault(self, version: Version, error: ApiError, request_id: str) -> Response:
        return fails(version, self._writer.fault(version, error, request_id), error)
