"""Threads that may hang: the others go on, and the end is not waited for."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from iwapi.workers import Workers


def test_no_more_than_so_many_work_at_once() -> None:
    workers, together = Workers(3, "test"), threading.Barrier(3)
    futures = [workers.submit(together.wait, 10) for _ in range(9)]
    assert sorted(future.result(10) for future in futures) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert len([thread for thread in threading.enumerate() if thread.name.startswith("test_")]) == 3
    assert workers.close(10)


def test_one_after_the_other_needs_one_thread() -> None:
    workers = Workers(3, "one")
    for number in range(20):
        assert workers.submit(str, number).result(10) == str(number)
        time.sleep(0.002)  # until the thread waits again
    assert len([thread for thread in threading.enumerate() if thread.name.startswith("one_")]) < 3
    assert workers.close(10)


def test_what_it_raises_is_told() -> None:
    workers = Workers(1, "test")
    with pytest.raises(ValueError, match="this"):
        workers.submit(lambda: int("this")).result(10)
    assert workers.submit(int, "1").result(10) == 1  # and its thread goes on
    assert workers.close(10)


def test_what_was_accepted_is_done_before_the_end_and_nothing_is_accepted_after_it() -> None:
    workers, done = Workers(1, "test"), []
    for number in range(20):
        workers.submit(done.append, number)
    assert workers.close(10)
    assert done == list(range(20))
    with pytest.raises(RuntimeError):
        workers.submit(done.append, 20)


def test_what_hangs_is_given_up_and_what_waited_behind_it_is_not_begun() -> None:
    workers, go, began = Workers(1, "test"), threading.Event(), []
    workers.submit(go.wait, 20)
    workers.submit(began.append, "late")
    assert not workers.close(0.05)
    go.set()
    for thread in threading.enumerate():
        if thread.name == "test_0":
            thread.join(10)
    assert began == []


def test_a_process_ends_though_its_work_hangs() -> None:
    code = """
import threading
from iwapi.workers import Workers
workers = Workers(2, "test")
workers.submit(threading.Event().wait)
print(workers.close(0.1))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "")
