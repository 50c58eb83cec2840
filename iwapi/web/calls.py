"""Calls on their way from HTTP to dispatch, and what the log is told of those that never get there."""

from __future__ import annotations

import dataclasses
import ipaddress
import logging
import time
from collections.abc import Callable
from typing import TypeAlias

from iwapi.asked import Asked, Credentials, Dispatch, Outcome
from iwapi.errors import ApiError, InternalError
from iwapi.web.http import Answer, Request, Response, printable
from iwapi.web.options import with_headers

log = logging.getLogger(__name__)

Write: TypeAlias = Callable[[Outcome], Response]
"""Words an outcome, on the wire by which the call came."""

Fail: TypeAlias = Callable[[ApiError], Response]
"""Words an error that no answer could say: a bug."""

_QUIET_SECONDS = 60


class Calls:
    """Hands calls to dispatch, and its outcomes back. Credentials that travelled in clear are a warning, at
    most one a minute in all: a flood of them must not fill the disk.

    `setting` is the one that opened the port. Called in the reactor only.
    """

    def __init__(self, dispatch: Dispatch, setting: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._dispatch = dispatch
        self._setting = setting
        self._clock = clock
        self._quiet_until = 0.0

    def __call__(self, request: Request, asked: Asked, answer: Answer, write: Write, fail: Fail) -> None:
        """Answer a call. What cannot be written is a bug: the log has it, and `fail` words the answer."""
        if not request.secure and _holds_a_secret(asked.credentials) and not _is_loopback(request.address):
            self._warn(request)

        def reply(outcome: Outcome) -> None:
            try:
                response = dataclasses.replace(write(outcome), sent=outcome.delivered)
            except Exception:
                about = {"request_id": request.id}
                log.exception("an answer of %s cannot be written", asked.action.path, extra=about)
                response = fail(InternalError())
            answer(response)

        self._dispatch(with_headers(request, asked), reply)

    def _warn(self, request: Request) -> None:
        now = self._clock()
        if now < self._quiet_until:
            return
        self._quiet_until = now + _QUIET_SECONDS
        log.warning(
            "a key or password came without TLS from %s: the setting %s opens a port for that",
            request.address, self._setting, extra={"request_id": request.id, "address": request.address},
        )  # fmt: skip


def note(request: Request, error: ApiError) -> None:
    """Tell the log why a request is no call: dispatch never hears of it."""
    log.info(
        "no call: %s %s", error.code, printable(error.text),
        extra={"request_id": request.id, "address": request.address, "client": request.client},
    )  # fmt: skip


def _holds_a_secret(sent: Credentials) -> bool:
    return any(secret and secret.reveal for secret in (sent.apikey, sent.password, sent.session))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
