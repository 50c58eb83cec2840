"""Calls on their way from HTTP to dispatch, and what the log is told of those that never get there."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable

from iwapi.asked import Asked, Credentials, Dispatch, Reply
from iwapi.errors import ApiError
from iwapi.web.http import Request, printable

log = logging.getLogger(__name__)

_QUIET_SECONDS = 60


class Calls:
    """Hands calls to dispatch. Credentials that travelled in clear are a warning, at most one a minute in
    all: a flood of them must not fill the disk.

    `setting` is the one that opened the port. Called in the reactor only.
    """

    def __init__(self, dispatch: Dispatch, setting: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._dispatch = dispatch
        self._setting = setting
        self._clock = clock
        self._quiet_until = 0.0

    def __call__(self, request: Request, asked: Asked, reply: Reply) -> None:
        if not request.secure and _holds_a_secret(asked.credentials) and not _is_loopback(request.address):
            self._warn(request)
        self._dispatch(asked, reply)

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
