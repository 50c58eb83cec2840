"""What is counted and said for a handler, whatever it does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import reactor

from iwapi.web.front import Front
from iwapi.web.http import Answer, Request, Response
from tests.web.conftest import QUICK

GET = Request("id1", "GET", "/", "", {}, b"", "127.0.0.1", False, "x")


def front(handler: Callable[[Request, Answer], None]) -> Front:
    return Front(reactor, handler, 1, (), QUICK)


def test_only_the_first_answer_counts(in_reactor: Callable[..., Any]) -> None:
    def handler(_: Request, answer: Answer) -> None:
        answer(Response(200))
        answer(Response(201))
        raise RuntimeError

    sent: list[Response] = []
    twice = front(handler)
    in_reactor(twice.answer, GET, sent.append)
    assert [response.status for response in sent] == [200]
    assert in_reactor(lambda: twice.drain(0.01).called)


def test_an_answer_of_another_thread_is_sent_in_the_reactors(in_reactor: Callable[..., Any]) -> None:
    sent: list[threading.Thread] = []

    def handler(_: Request, answer: Answer) -> None:
        threading.Thread(target=answer, args=(Response(200),)).start()

    slow = front(handler)
    in_reactor(slow.answer, GET, lambda _: sent.append(threading.current_thread()))
    in_reactor(slow.drain, 5)
    assert sent == [in_reactor(threading.current_thread)]


def test_a_bug_is_logged_with_the_request_and_told_to_nobody(
    in_reactor: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    def handler(_: Request, __: Answer) -> None:
        raise RuntimeError("a detail")

    sent: list[Response] = []
    in_reactor(front(handler).answer, GET, sent.append)
    assert [(response.status, response.close) for response in sent] == [(500, True)]
    assert b"detail" not in sent[0].body
    (record,) = caplog.records
    assert record.exc_info
    assert vars(record)["request_id"] == "id1"
