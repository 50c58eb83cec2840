"""The reactor, running in a thread of its own for as long as the tests run, and what it logged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.threads import blockingCallFromThread
from twisted.logger import globalLogPublisher


@pytest.fixture(scope="session")
def in_reactor() -> Iterator[Callable[..., Any]]:
    """Calls a function in the reactor's thread and waits for what it returns, Deferred or not."""
    thread = None
    if not reactor.running:
        running = threading.Event()
        reactor.callWhenRunning(running.set)
        thread = threading.Thread(target=reactor.run, args=(False,), daemon=True)
        thread.start()
        assert running.wait(10)
    yield lambda function, *args: blockingCallFromThread(reactor, function, *args)
    if thread:
        reactor.callFromThread(reactor.stop)
        thread.join(10)


@pytest.fixture
def no_traceback() -> Iterator[list[str]]:
    """Fails the test when Twisted logged a failure."""
    failures: list[str] = []

    def watch(event: Any) -> None:
        if "log_failure" in event:
            failures.append(event["log_failure"].getTraceback())

    globalLogPublisher.addObserver(watch)
    yield failures
    globalLogPublisher.removeObserver(watch)
    assert not failures, failures[0]
