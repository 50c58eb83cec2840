"""What is written of calls beside what they change: the audit, the last use of keys, log-ins that failed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from iwapi.asked import Asked
from iwapi.auth import Auth
from iwapi.core.caller import Caller
from iwapi.errors import NotAuthenticated, Unavailable
from iwapi.kinds import MASK
from iwapi.store import audit, meta
from iwapi.store.db import Database, Tx

_NOTED_EVERY = 60  # seconds

log = logging.getLogger(__name__)


@dataclass
class Notes:
    """Writes notes. `noted` is when it was last written down that a setting refused a log-in."""

    database: Database
    auth: Auth
    clock: Callable[[], float]
    noted: int = 0

    def record(self, tx: Tx, asked: Asked, who: str, about: str, result: str) -> None:
        """The audit's row of a call, in the transaction of what it changed."""
        entry = audit.Entry(
            int(self.clock()), who, asked.credentials.address, asked.wire, asked.action.path, about,
            result, asked.request_id, _masked(asked),
        )  # fmt: skip
        audit.append(tx, self.auth.pepper, entry)

    def repeat(self, asked: Asked, who: str, about: str) -> None:
        """A call that was a repeat, and was not run."""
        self._note(lambda tx: self.record(tx, asked, who, about, "repeat"))

    def stranger(self, asked: Asked) -> None:
        """A log-in that failed."""
        self._note(lambda tx: self.record(tx, asked, "unknown", "", NotAuthenticated.code))

    def password_login(self, asked: Asked) -> None:
        """Tell the log and the doctor which setting refused a log-in; the doctor in one row, now and then."""
        sent, now = asked.credentials, int(self.clock())
        about = {"request_id": asked.request_id, "address": sent.address, "client": sent.client}
        log.warning("log-in refused: the setting password_login is off", extra=about)
        if now >= self.noted + _NOTED_EVERY:
            self.noted = now
            self._note(lambda tx: meta.note_refused(tx, now, sent.address))

    def use(self, asked: Asked, caller: Caller) -> None:
        """The last use of a key or session."""
        now = int(self.clock())
        self._note(lambda tx: self.auth.used(tx, asked.credentials, caller, now))

    def _note(self, work: Callable[[Tx], None]) -> None:
        """Write what no call waits for; reads go on when it cannot be written."""
        try:
            self.database.write(work, _logged)
        except Unavailable as error:
            _logged(None, error)


def _masked(asked: Asked) -> dict[str, Any]:
    """The inputs as the audit keeps them: known names only, secrets masked, long values cut."""
    shown: dict[str, Any] = {}
    for item in asked.action.input.fields:
        for name in (item.name, *item.old):
            if name in asked.raw:
                shown[name] = MASK if item.shape.secret else _cut(asked.raw[name])
    return shown


def _cut(raw: Any, most: int = 200) -> Any:
    return raw[:most] if isinstance(raw, str) else str(raw)[:most]


def _logged(_: Any, error: Exception | None) -> None:
    if error is not None:
        log.error("a note could not be written", exc_info=error)
