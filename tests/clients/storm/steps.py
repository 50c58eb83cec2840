"""Named steps at which a server process dies by its own hand: kill -9 exactly there, not near it.

They are patched into a process of the tests; the product knows nothing of them.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from iwapi.engine import Engine
from iwapi.once import Deliveries
from iwapi.provision.home import Home
from iwapi.store import idempotency, jobs
from iwapi.store.accounts import Accounts
from iwapi.task import Task

BEFORE, AFTER = False, True
STEPS: dict[str, tuple[Any, str, bool]] = {
    "before T1": (Accounts, "add", BEFORE),
    "in T1": (jobs, "lease", AFTER),
    "in T1, when it is remembered": (idempotency, "keep", AFTER),
    "between T1 and the driver": (Engine, "_rounds", BEFORE),
    "before the folder": (Home, "ensure", BEFORE),
    "before the folder is moved": (os, "rename", BEFORE),
    "after the folder is moved": (os, "rename", AFTER),
    "before the link is moved": (os, "replace", BEFORE),
    "after the driver": (Home, "ensure", AFTER),
    "between the driver and T2": (Engine, "_settle", BEFORE),
    "in T2": (jobs, "settle", AFTER),
    "after T2": (Engine, "_converge", AFTER),
    "when a client is told that it goes on": (jobs, "tell", AFTER),
    "before the reply": (Task, "answer", BEFORE),
    "after the reply": (Task, "answer", AFTER),
    "before the delivery is noted": (Deliveries, "_note", BEFORE),
    "in the note of the delivery": (idempotency, "delivered", AFTER),
}

RARE = {
    "when a client is told that it goes on",
    "before the delivery is noted",
    "in the note of the delivery",
}


def die_at(step: str, passes: int) -> None:
    """Have this process die when it comes by a step for that many times."""
    owner, name, after = STEPS[step]
    real: Callable[..., Any] = getattr(owner, name)
    lock = threading.Lock()
    left = passes

    def comes_by() -> None:
        nonlocal left
        with lock:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def then(*values: Any, **named: Any) -> Any:
        if not after:
            comes_by()
        result = real(*values, **named)
        if after:
            comes_by()
        return result

    setattr(owner, name, then)
