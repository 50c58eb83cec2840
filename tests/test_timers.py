"""Work is done at its time, in the order of the times, and not after it was cancelled or all was closed."""

from __future__ import annotations

import threading
import time

import pytest

from iwapi.timers import Timers


def test_work_is_done_in_the_order_of_its_times() -> None:
    timers, done, last = Timers(), [], threading.Event()
    timers.after(0.06, lambda: (done.append("late"), last.set()))
    timers.after(0.03, lambda: done.append("soon"))
    timers.after(-1, lambda: done.append("now"))
    assert last.wait(5)
    assert done == ["now", "soon", "late"]
    timers.close()


def test_work_is_not_done_before_its_time() -> None:
    timers, done = Timers(), threading.Event()
    began = time.monotonic()
    timers.after(0.05, done.set)
    assert done.wait(5)
    assert time.monotonic() - began >= 0.05
    timers.close()


def test_what_is_cancelled_is_not_done() -> None:
    timers, done, after = Timers(), [], threading.Event()
    timers.after(0.01, lambda: done.append("cancelled")).cancel()
    timers.after(0.02, after.set)
    assert after.wait(5)
    assert done == []
    timers.close()


def test_nothing_is_done_after_the_close(caplog: pytest.LogCaptureFixture) -> None:
    timers, done = Timers(), []
    timers.after(0.02, lambda: done.append("waited"))
    timers.close()
    timers.after(0, lambda: done.append("came later"))
    time.sleep(0.05)
    assert done == []


def test_work_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    timers, done = Timers(), threading.Event()
    timers.after(0, lambda: 1 / 0)
    timers.after(0.01, done.set)
    assert done.wait(5)
    assert "ZeroDivisionError" in caplog.text
    timers.close()
