"""The one path of every call: who, may they, parse, run, record, answer; each call is answered once."""

from __future__ import annotations

import dataclasses
import io
import logging
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from iwapi import log
from iwapi.action import Action, action, arg
from iwapi.app.panel import Pool
from iwapi.asked import Asked, Credentials, Outcome
from iwapi.call import Call
from iwapi.core import passwords
from iwapi.core.nothing import Nothing
from iwapi.errors import (
    DomainTaken,
    InternalError,
    InvalidInput,
    NotAuthenticated,
    NotPermitted,
    Problem,
    ProvisioningFailed,
    Unavailable,
)
from iwapi.kinds import Domain, Hashed, NewPassword, Nickname, Plain
from iwapi.provision.recording import Recording
from iwapi.store import audit, db
from tests.helpers import LOCAL, PASSWORD, World, config, open_world, opening

pytestmark = pytest.mark.both_databases

NOBODY = Credentials()


@dataclasses.dataclass(frozen=True)
class Word:
    word: Nickname = arg("a word", old=("old_word",))
    password: NewPassword | None = arg("a password", default=None)
    domain: Domain | None = arg("a domain", default=None)


@dataclasses.dataclass(frozen=True)
class Said:
    word: Nickname = arg("a word")


def made(run: Any, writes: bool = True) -> Action:
    """An action of the test."""
    return action("testWords", scope="words:edit", writes=writes)(run)


def ask(world: World, of: Action, raw: dict[str, Any], by: Credentials = LOCAL, **rest: Any) -> Outcome:
    return world.outcomes(Asked(of, raw, by, "cli", "the-request-id", **rest))[0]


def last_audit(world: World) -> tuple[Any, ...]:
    world.settle()
    names = "who, address, wire, action, about, result, request_id, inputs"
    return world.rows(f"select {names} from audit order by id desc limit 1")[0]


def test_who_comes_before_may_and_may_before_what(world: World) -> None:
    def never(call: Call, wanted: Word) -> Said:
        raise AssertionError("it ran")

    wrong = {"word": "\0", "more": "x"}
    assert type(ask(world, made(never), wrong, NOBODY).error) is NotAuthenticated
    assert type(ask(world, made(never), wrong, world.scoped_key("ping")).error) is NotPermitted
    assert type(ask(world, made(never), wrong, world.scoped_key("words:edit")).error) is InvalidInput


def test_a_writing_call_leaves_its_row(world: World) -> None:
    def run(call: Call, wanted: Word) -> Said:
        call.about = "the thing"
        return Said(word=wanted.word)

    key = world.key()
    outcome = ask(world, made(run), {"word": "hello", "domain": "a.test"}, key)
    assert outcome == Outcome(Said(word="hello"))
    with world.panel.database.snapshot() as tx:
        key_id = tx.value("select id from api_key")
        assert audit.broken_at(tx, world.panel.pepper) is None
    assert last_audit(world) == (
        f"key:{key_id}", key.address, "cli", "testWords", "the thing", "ok", "the-request-id",
        '{"domain": "a.test", "word": "hello"}',
    )  # fmt: skip


def test_a_call_that_fails_leaves_its_row_and_nothing_else(world: World) -> None:
    def run(call: Call, wanted: Word) -> Said:
        call.tx.run("insert into meta values ('half', 'done')")
        raise DomainTaken(Problem("word", wanted.word, "is taken"))

    outcome = ask(world, made(run), {"word": "hello"})
    assert type(outcome.error) is DomainTaken
    assert world.rows("select * from meta where name = 'half'") == []
    assert last_audit(world)[3:6] == ("testWords", "", "DOMAIN_TAKEN")


def test_a_failed_audit_fails_the_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run(call: Call, wanted: Word) -> Said:
        ran.append(wanted.word)
        call.tx.run("insert into meta values ('change', 'done')")
        return Said(word=wanted.word)

    world.panel.database.change(lambda tx: tx.run("alter table audit rename to gone"))
    outcome = ask(world, made(run), {"word": "hello"})
    assert outcome.error is not None
    assert ran
    assert world.rows("select * from meta where name = 'change'") == []


def test_a_bug_is_an_internal_error_and_its_traceback_is_in_the_log_alone(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def run(call: Call, wanted: Word) -> Said:
        raise KeyError("the inside of the server")

    for writes in (True, False):
        caplog.clear()
        outcome = ask(world, made(run, writes), {"word": "hello"})
        assert type(outcome.error) is InternalError
        assert outcome.error.message == "Internal error."
        assert "the inside of the server" in caplog.text
        assert {getattr(record, "request_id", None) for record in caplog.records if record.exc_info} == {
            "the-request-id"
        }


def test_every_answer_is_in_the_log_with_its_request_id(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    asked = world.asked("ping", {}, LOCAL, "soap")
    world.outcomes(asked)
    (record,) = [record for record in caplog.records if getattr(record, "request_id", "") == asked.request_id]
    assert (record.getMessage(), record.wire) == ("ping ok", "soap")  # type: ignore[attr-defined]


def test_what_the_wire_found_wrong_is_named_with_the_rest(world: World) -> None:
    found = Problem("confirm_password", "", "This input differs from password")
    asked = world.asked("changeSiteWorxPassword", {"domain": "x"}, LOCAL, "route", problems=(found,))
    error = world.outcomes(asked)[0].error
    assert error is not None
    assert [p.field for p in error.problems] == ["confirm_password", "password", "domain"]


def test_an_error_of_the_action_names_inputs_as_the_client_did(world: World) -> None:
    def run(call: Call, wanted: Word) -> Said:
        raise DomainTaken(Problem("word", wanted.word, "is taken"))

    for name in ("word", "old_word"):
        error = ask(world, made(run), {name: "hello"}, strict=False).error
        assert error is not None
        assert [p.field for p in error.problems] == [name]


def test_a_reading_call_sees_a_fresh_state_and_can_change_nothing(world: World) -> None:
    def run(call: Call, wanted: Word) -> Said:
        call.tx.run("insert into meta values ('read', 'wrote')")
        return Said(word=wanted.word)

    ask(world, made(run, writes=False), {"word": "x"})
    assert world.rows("select * from meta where name = 'read'") == []
    assert world.rows("select * from audit") == []


@pytest.fixture
def threads(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads on which passwords are hashed and compared."""
    names: list[str] = []

    def digest(password: Plain) -> Hashed:
        names.append(threading.current_thread().name)
        return Hashed("argon2", "crypt")

    def matches(password: Plain, kept: str | None) -> bool:
        names.append(threading.current_thread().name)
        return True

    monkeypatch.setattr(passwords, "digest", digest)
    monkeypatch.setattr(passwords, "matches", matches)
    return names


def test_passwords_are_hashed_and_compared_on_their_pool_alone(world: World, threads: list[str]) -> None:
    seen: list[Any] = []
    runs: list[str] = []

    def run(call: Call, wanted: Word) -> Said:
        seen.append(wanted.password)
        runs.append(threading.current_thread().name)
        return Said(word=wanted.word)

    login = Credentials(email="admin@example.com", password=Plain("whatever"))
    ask(world, made(run), {"word": "x", "password": PASSWORD}, login)
    assert len(threads) == 2
    assert all(name.startswith("hash") for name in threads)
    assert runs == ["writer"]
    assert seen == [Hashed("argon2", "crypt")]  # never the plain one


def test_nothing_is_hashed_for_a_call_that_is_refused(world: World, threads: list[str]) -> None:
    wrong = opening("no domain")
    for by, raw in ((NOBODY, opening()), (world.scoped_key("ping"), opening()), (LOCAL, wrong)):
        assert world.outcome("createSiteWorxAccount", raw, by).error is not None
    assert threads == []


def test_more_hashing_than_may_wait_is_refused_and_the_rest_is_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    monkeypatch.setattr(passwords, "digest", lambda _: go.wait(20) and Hashed("a", "c"))
    monkeypatch.setattr(passwords, "matches", lambda *_: go.wait(20))
    pool = Pool(1, "hash", 4)
    world.panel = dataclasses.replace(
        world.panel, dispatch=dataclasses.replace(world.panel.dispatch, pool=pool)
    )

    def run(call: Call, wanted: Word) -> Said:
        return Said(word=wanted.word)

    login = Credentials(email="admin@example.com", password=Plain("whatever"))
    asked = [
        Asked(made(run), {"word": str(number), "password": PASSWORD}, by, "cli", str(number))
        for number, by in enumerate([LOCAL, login] * 4)
    ]
    threading.Timer(0.1, go.set).start()
    outcomes = world.outcomes(*asked)
    refused = [outcome.error for outcome in outcomes if outcome.error]
    assert {type(error) for error in refused} == {Unavailable}
    assert 4 <= len(refused) < 8
    pool.shutdown()


class Stuck:
    """The writer holds its turn, and so many writes wait that no more are taken."""

    def __init__(self, world: World) -> None:
        self.go, self.entered = threading.Event(), threading.Event()
        world.panel.database.write(self.hold, lambda *_: None)
        assert self.entered.wait(10)
        for _ in range(db.WAITING):
            world.panel.database.write(lambda tx: None, lambda *_: None)

    def hold(self, _: Any) -> None:
        self.entered.set()
        assert self.go.wait(30)


def test_reads_go_on_when_no_more_writes_are_taken(state: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "WAITING", 10)
    world = open_world(state, [Recording()], config())
    key = world.key()
    stuck = Stuck(world)
    world.clock.forward(3600)  # the key's last use should be written, and cannot be
    assert world.call("ping", by=key).master
    assert type(world.refused("ping", by=NOBODY)) is NotAuthenticated
    assert type(world.refused("generateApiKey", by=key)) is Unavailable
    stuck.go.set()
    world.settle()
    world.call("generateApiKey", by=key)
    world.panel.close()


def test_a_call_that_builds_several_is_answered_once_when_all_are_built(
    world: World, cheap_passwords: None
) -> None:
    for number in range(12):
        world.open(f"a{number}.test")
    (outcome,) = world.outcomes(
        world.asked(
            "/nodeworx/siteworx/delete", {"domain": [f"a{number}.test" for number in range(12)]}, LOCAL,
            "route", strict=False,
        )
    )  # fmt: skip
    assert outcome.error is None
    assert len(outcome.answer) == 12
    assert world.value("select count(*) from account where applied < generation") == 0


def test_the_answer_of_a_call_that_builds_several_is_the_failure_of_one(
    world: World, driver: Recording, cheap_passwords: None
) -> None:
    for number in range(3):
        world.open(f"a{number}.test")
    driver.fail(1)
    raw = {"domain": [f"a{number}.test" for number in range(3)]}
    assert world.refused("/nodeworx/siteworx/delete", raw, strict=False, wire="route").code == "PENDING"


def test_what_cannot_be_built_is_told_and_nothing_is_left(world: World, driver: Recording) -> None:
    driver.fail(1)
    assert type(world.refused("createSiteWorxAccount", opening())) is ProvisioningFailed
    assert world.rows("select * from account") == []


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the program's own log writes."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.set_up(stream, "debug")
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


CANARY = "Canary77secret"
FORMS = st.sampled_from(["{}", "{}\0", " {} ", "{}\ud800", "{}" * 30, "{}密", "a\n{}", "'{}'; --", "<{}>"])
PLACES = st.sampled_from(["password", "confirm_password", "new_password"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=FORMS,
    place=PLACES,
    action_name=st.sampled_from(
        [
            "createSiteWorxAccount",
            "editSiteWorxAccount",
            "changeSiteWorxPassword",
            "editAdministrator",
            "ping",
        ]
    ),
    strict=st.booleans(),
    listed=st.booleans(),
    by=st.sampled_from(["local", "key", "session", "password"]),
)
def test_a_secret_is_in_no_answer_no_log_no_row_and_no_exception(
    world: World, logged: io.StringIO, cheap_passwords: None,
    form: str, place: str, action_name: str, strict: bool, listed: bool, by: str,
) -> None:  # fmt: skip
    text = form.format(*[CANARY] * 1) if form.count("{}") == 1 else CANARY * 30
    raw: dict[str, Any] = {**opening("a.test"), "domain": "a.test", place: [text, text] if listed else text}
    caller = {
        "local": LOCAL, "key": Credentials(apikey=Plain(text), address="192.0.2.1"),
        "session": Credentials(session=Plain(text.encode("ascii", "replace").decode()), address="192.0.2.1"),
        "password": Credentials(email="admin@example.com", password=Plain(text), address="192.0.2.1"),
    }[by]  # fmt: skip
    outcome = world.outcome(action_name, raw, caller, wire="pages", strict=strict)
    world.settle()
    told = [
        repr(outcome),
        str(outcome.error),
        getattr(outcome.error, "message", ""),
        repr(vars(outcome.error or object)),
    ]
    kept = [
        str(world.rows(f"select * from {table}"))
        for table in ("audit", "job", "account", "nodeworx_user", "session")
    ]
    for where in (*told, *kept, logged.getvalue()):
        assert CANARY not in where


def test_a_bug_that_holds_a_secret_does_not_tell_it(world: World, logged: io.StringIO) -> None:
    def run(call: Call, wanted: Word) -> Said:
        raise ValueError(f"bad {wanted} {call.credentials}")

    key = world.key()
    assert key.apikey is not None
    block = key.apikey.reveal
    ask(world, made(run), {"word": "x", "password": CANARY + "Aa1"}, key)
    text = logged.getvalue()
    assert "bad Word(" in text
    assert CANARY not in text
    assert block.split("\n")[1][22:65] not in text


def test_calls_that_wait_together_are_written_together(world: World) -> None:
    go, entered = threading.Event(), threading.Event()

    def hold(_: Any) -> None:
        entered.set()
        assert go.wait(20)

    def run(call: Call, wanted: Word) -> Said:
        if wanted.word == "7":
            raise sqlite3.IntegrityError("mine")
        return Said(word=wanted.word)

    world.panel.database.write(hold, lambda *_: None)
    assert entered.wait(10)
    threading.Timer(0.05, go.set).start()
    asked = [Asked(made(run), {"word": str(number)}, LOCAL, "cli", str(number)) for number in range(40)]
    outcomes = world.outcomes(*asked)
    assert [outcome.answer and outcome.answer.word for outcome in outcomes] == [
        None if number == 7 else str(number) for number in range(40)
    ]
    assert [request for (request,) in world.rows("select request_id from audit order by id")] == [
        str(number) for number in range(40)
    ]


def test_an_action_without_inputs_takes_none(world: World) -> None:
    def run(call: Call, _: Nothing) -> Said:
        return Said(word="x")

    assert ask(world, made(run), {}).answer == Said(word="x")
    assert type(ask(world, made(run), {"x": "1"}).error) is InvalidInput
