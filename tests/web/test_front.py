"""What is counted and said for a handler, whatever it does."""

from __future__ import annotations

import dataclasses
import logging
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
    (record,) = [record for record in caplog.records if record.exc_info]
    assert vars(record)["request_id"] == "id1"


def told(
    front: Front, request: Request, in_reactor: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> list[str]:
    caplog.set_level(logging.INFO, "iwapi.web.front")
    in_reactor(front.answer, request, lambda _: None)
    assert {(vars(record)["request_id"], vars(record)["address"]) for record in caplog.records} == {
        ("id1", "127.0.0.1")
    }
    return [record.getMessage() for record in caplog.records]


def test_every_answer_is_a_line_of_the_log_without_what_may_be_secret(
    in_reactor: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    asked = dataclasses.replace(
        GET, method="POST", path="/soap", query="apikey=K", headers={"x": "K"}, body=b"K", host="K"
    )
    missing = front(lambda _, answer: answer(Response(404)))
    assert told(missing, asked, in_reactor, caplog) == ["POST /soap 404"]


def test_a_path_makes_one_short_line(
    in_reactor: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    asked = dataclasses.replace(GET, path="/a\r\nforged\x1b[31m\u2028" + "x" * 1000)
    (line,) = told(front(lambda _, answer: answer(Response(200))), asked, in_reactor, caplog)
    assert line == "GET " + ("/aforged[31m" + "x" * 1000)[:200] + " 200"


def test_the_answer_of_a_server_that_stops_is_in_the_log(
    in_reactor: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    stopping = front(lambda _, __: None)
    in_reactor(stopping.drain, 1)
    assert told(stopping, GET, in_reactor, caplog) == ["GET / 503"]


def test_the_log_tells_the_answer_that_was_sent(
    in_reactor: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    def send(response: Response) -> None:
        if response.status == 200:
            raise ValueError

    caplog.set_level(logging.INFO, "iwapi.web.front")
    in_reactor(front(lambda _, answer: answer(Response(200))).answer, GET, send)
    assert caplog.messages == ["an answer that cannot be sent", "GET / 500"]
