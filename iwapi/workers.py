"""Threads for work that may hang: nothing waits for them forever, not even the end of the process."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeAlias

_Work: TypeAlias = tuple["Future[Any]", Callable[[], Any]]


class Workers(Executor):
    """At most so many threads, each begun when it is needed. Work that hangs keeps one."""

    def __init__(self, threads: int, name: str) -> None:
        self._most = threads
        self._name = name
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._lock = threading.Lock()
        self._closed = False
        self._over = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do work as soon as a thread is free; raises RuntimeError after `close`."""
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("these threads are closed")
            self._waiting.put((future, lambda: fn(*args, **kwargs)))
            if self._idle:
                self._idle -= 1
            elif len(self._threads) < self._most:
                thread = threading.Thread(
                    target=self._serve, name=f"{self._name}_{len(self._threads)}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
        return future

    def close(self, seconds: float) -> bool:
        """Do what was accepted for so long, begin nothing after that; whether all of it ended."""
        with self._lock:
            self._closed = True
            threads = [*self._threads]
        for _ in threads:
            self._waiting.put(None)
        until = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0))
        self._over = True
        return not any(thread.is_alive() for thread in threads)

    def _serve(self) -> None:
        while (work := self._waiting.get()) is not None and not self._over:
            future, do = work
            try:
                result = do()
            except Exception as error:  # noqa: BLE001  (whoever has the future is told)
                future.set_exception(error)
            else:
                future.set_result(result)
            del future, do, work
            with self._lock:
                self._idle += 1
