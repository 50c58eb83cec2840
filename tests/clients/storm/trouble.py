"""What befalls PostgreSQL in the storm: lost COMMITs, sessions that are ended, a server that crashes."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from tests import postgres


@contextmanager
def trouble(server: postgres.Server, proxy: postgres.Proxy, name: str, seed: int, pause: float) -> Iterator[None]:
    """Something about every `pause` seconds: mostly a connection that is cut between COMMIT sent and answered, or
    before it came; else sessions are ended, or the server crashes or restarts. Then it is left in peace."""
    ended = threading.Event()
    chance = random.Random(seed)

    def work() -> None:
        while not ended.wait(chance.uniform(0.5, 1.5) * pause):
            dice = chance.random()
            if dice < 0.8:
                proxy.cut_at(b"commit\0", forward=chance.random() < 0.7)
            elif dice < 0.95:
                with suppress(psycopg.Error):
                    server.kill(name, "pid <> pg_backend_pid()")
            else:
                server.restart(chance.choice([signal.SIGQUIT, signal.SIGINT]))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        proxy.rest()
