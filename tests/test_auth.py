"""Who a caller is. One answer for every failure; failures are counted by address and in all, never by key."""

from __future__ import annotations

import dataclasses
import logging
import os

import pytest

from iwapi.asked import Credentials
from iwapi.auth import Throttle
from iwapi.core.keys import KeyText, new_key, read_key
from iwapi.errors import NotAuthenticated, Throttled
from iwapi.kinds import Plain
from tests.helpers import ADMIN, ADMIN_PASSWORD, World, by_key

BAD_PASSWORD = Credentials(email=ADMIN, password=Plain("wrong"), address="192.0.2.9")
GOOD_PASSWORD = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")
BAD_KEY = by_key(new_key(lambda size: b"x" * size))


def test_an_address_is_refused_after_its_failures_until_the_minute_ends() -> None:
    throttle = Throttle(by_address=3)
    for second in range(3):
        throttle.check("a", second)
        throttle.failed("a", second)
    with pytest.raises(Throttled, match="in 20 seconds"):
        throttle.check("a", 40)
    throttle.check("b", 40)
    throttle.check("a", 60)


def test_all_are_refused_after_so_many_failures_from_anywhere() -> None:
    throttle = Throttle(in_all=5)
    for number in range(5):
        throttle.check("new", 0)
        throttle.failed(f"address {number}", 0)
    with pytest.raises(Throttled):
        throttle.check("new", 59)
    throttle.check("new", 60)


def test_the_first_failure_of_an_address_in_a_minute_is_told_apart() -> None:
    throttle = Throttle()
    failures = [("a", 0), ("a", 1), ("b", 2), ("a", 59), ("a", 60)]
    first = [throttle.failed(address, now) for address, now in failures]
    assert first == [True, False, True, False, True]


def test_an_ipv6_network_counts_as_one_address() -> None:
    throttle = Throttle(by_address=3)
    for number in range(3):
        throttle.failed(f"2001:db8:1:2::{number}", 0)
    with pytest.raises(Throttled):
        throttle.check("2001:db8:1:2:ffff::1", 0)
    throttle.check("2001:db8:1:3::1", 0)


def test_the_memory_of_addresses_is_bounded() -> None:
    throttle = Throttle(addresses=100)
    firsts = sum(throttle.failed(f"address {number}", 0) for number in range(10_000))
    assert firsts == 100
    assert len(throttle._failures) == 100


REFUSED = {
    "nothing": Credentials(),
    "an unknown key": BAD_KEY,
    "no text of a key": Credentials(apikey=Plain("x")),
    "an empty key": Credentials(apikey=Plain("")),
    "an unknown session": Credentials(session=Plain("x")),
    "an empty session": Credentials(session=Plain("")),
    "a wrong password": BAD_PASSWORD,
    "an unknown user": dataclasses.replace(GOOD_PASSWORD, email="nobody@example.com"),
    "an e-mail address alone": Credentials(email=ADMIN),
    "a password alone": Credentials(password=Plain(ADMIN_PASSWORD)),
    "a wrong key beside the right password": dataclasses.replace(GOOD_PASSWORD, apikey=BAD_KEY.apikey),
    "a wrong session beside the right password": dataclasses.replace(GOOD_PASSWORD, session=Plain("x")),
    "a lone surrogate": dataclasses.replace(GOOD_PASSWORD, password=Plain("\ud800")),
    "the word that stands in for no user": dataclasses.replace(
        GOOD_PASSWORD, email="nobody@example.com", password=Plain("no user has this password")
    ),
}


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_every_failure_is_answered_the_same_and_its_reason_is_in_the_log_alone(
    world: World, sent: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    asked = world.asked("ping", {}, sent, "pages")
    (outcome,) = world.outcomes(asked)
    error = outcome.error
    assert type(error) is NotAuthenticated
    assert error.message == "The credentials were not accepted."
    (why,) = [record for record in caplog.records if record.getMessage().startswith("log-in refused: ")]
    assert (vars(why)["request_id"], vars(why)["address"]) == (asked.request_id, sent.address)
    for secret in (sent.apikey, sent.password, sent.session):
        assert secret is None or len(secret.reveal) < 2 or secret.reveal not in caplog.text


def test_a_user_without_a_verifier_logs_in_with_no_password(world: World) -> None:
    for kept in ("", "x", "*"):
        world.panel.database.change(
            lambda tx, kept=kept: tx.run("update nodeworx_user set argon2 = ?, crypt = ?", kept, kept)
        )
        for word in ("", "x", "*", "no user has this password", ADMIN_PASSWORD):
            sent = dataclasses.replace(GOOD_PASSWORD, password=Plain(word), address=f"{kept}{word}")
            assert type(world.refused("ping", by=sent, wire="pages")) is NotAuthenticated


def test_a_good_key_from_a_throttled_address_works(world: World) -> None:
    key = dataclasses.replace(world.key(), address="192.0.2.9")
    for _ in range(10):
        assert type(world.refused("ping", by=BAD_PASSWORD, wire="pages")) is NotAuthenticated
    error = world.refused("ping", by=GOOD_PASSWORD, wire="pages")
    assert type(error) is Throttled  # even the right password: it is not looked at any more
    world.call("ping", by=key)
    assert world.call("ping", by=dataclasses.replace(GOOD_PASSWORD, address="192.0.2.10"), wire="pages")
    world.clock.forward(60)
    world.call("ping", by=GOOD_PASSWORD, wire="pages")


def test_bad_keys_lock_nobody_out(world: World) -> None:
    """They cost next to nothing to refuse; a limit on them would be a way to stop customers and log-ins."""
    key = world.key()
    assert key.apikey is not None
    read = read_key(key.apikey.reveal)
    assert read is not None
    for _ in range(250):
        block = KeyText(read.id, new_key(os.urandom).secret).block
        guess = dataclasses.replace(key, apikey=Plain(block), address="192.0.2.9")
        assert type(world.refused("ping", by=guess)) is NotAuthenticated
    world.call("ping", by=GOOD_PASSWORD, wire="pages")
    world.call("ping", by=dataclasses.replace(key, address="192.0.2.9"))


def test_who_guesses_passwords_at_the_api_does_not_lock_the_administrator_s_own_door(world: World) -> None:
    world.panel.dispatch.password_login = True
    for _ in range(10):
        assert type(world.refused("ping", by=BAD_PASSWORD, wire="route")) is NotAuthenticated
    for wire in ("route", "soap", "xmlrpc"):
        assert type(world.refused("ping", by=GOOD_PASSWORD, wire=wire)) is Throttled
    world.call("ping", by=GOOD_PASSWORD, wire="pages")


def test_failed_log_ins_are_one_row_for_an_address_and_minute(world: World) -> None:
    def failures() -> list[tuple[str, ...]]:
        world.settle()
        return world.rows("select who, address, action, result from audit")

    for _ in range(5):
        world.refused("ping", by=dataclasses.replace(BAD_KEY, address="192.0.2.1"))
        world.refused("ping", by=dataclasses.replace(BAD_KEY, address="192.0.2.2"))
    assert failures() == [("unknown", f"192.0.2.{end}", "ping", "NOT_AUTHENTICATED") for end in (1, 2)]
    world.clock.forward(60)
    world.refused("ping", by=dataclasses.replace(BAD_KEY, address="192.0.2.1"))
    assert len(failures()) == 3


def test_guesses_at_the_log_in_forms_count_with_those_at_the_api(world: World) -> None:
    world.panel.dispatch.password_login = True
    for number in range(10):
        wire = ("panel", "route")[number % 2]
        assert type(world.refused("ping", by=BAD_PASSWORD, wire=wire)) is NotAuthenticated
    for wire in ("panel", "soap"):
        assert type(world.refused("ping", by=GOOD_PASSWORD, wire=wire)) is Throttled
    world.call("ping", by=GOOD_PASSWORD, wire="pages")


def test_the_log_in_forms_are_not_the_api(world: World) -> None:
    assert not world.panel.dispatch.password_login
    world.call("ping", by=GOOD_PASSWORD, wire="panel")


def test_what_the_setting_refuses_is_noted_once_a_minute_in_one_row(world: World) -> None:
    def noted() -> list[tuple[str, ...]]:
        world.settle()
        return world.rows("select value from meta where name = 'password_login_refused'")

    world.call("ping", by=world.key())
    world.refused("ping", by=BAD_KEY, wire="route")
    assert noted() == []
    at = int(world.clock())
    for number in range(5):
        sent = dataclasses.replace(GOOD_PASSWORD, address=f"192.0.2.{number}")
        world.refused("ping", by=sent, wire="route")
    assert noted() == [(f"{at} 192.0.2.0",)]
    world.clock.forward(60)
    world.refused("ping", by=GOOD_PASSWORD, wire="xmlrpc")
    assert noted() == [(f"{at + 60} 192.0.2.9",)]
    assert world.value("select count(*) from audit where result <> 'ok'") == 1  # the bad key's


@pytest.mark.parametrize("wire", ["soap", "route", "xmlrpc"])
def test_a_password_opens_the_api_only_where_the_setting_says_so(
    world: World, wire: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked = world.asked("ping", {}, GOOD_PASSWORD, wire)
    assert type(world.outcomes(asked)[0].error) is NotAuthenticated
    (why,) = [record for record in caplog.records if "password_login is off" in record.getMessage()]
    assert (vars(why)["request_id"], vars(why)["address"]) == (asked.request_id, "192.0.2.9")
    world.panel = dataclasses.replace(
        world.panel, dispatch=dataclasses.replace(world.panel.dispatch, password_login=True)
    )
    assert world.call("ping", by=GOOD_PASSWORD, wire=wire).caller == f"user:{ADMIN}"


def test_a_password_that_was_changed_while_its_call_waited_is_refused(world: World) -> None:
    """The verifier that was compared is compared again in the transaction that would commit."""
    call = world.panel.dispatch
    with world.panel.database.snapshot() as tx:
        caller = call.auth.caller(tx, GOOD_PASSWORD, world.clock.now, "id1")
        assert call.auth.again(tx, GOOD_PASSWORD, caller, world.clock.now, "id1") == caller
    world.panel.database.change(lambda tx: tx.run("update nodeworx_user set argon2 = 'another'"))
    with world.panel.database.snapshot() as tx, pytest.raises(NotAuthenticated):
        call.auth.again(tx, GOOD_PASSWORD, caller, world.clock.now, "id1")


@pytest.mark.parametrize("wire", ["soap", "route", "xmlrpc"])
def test_a_browser_s_session_opens_no_api(world: World, wire: str) -> None:
    token = world.call("log_in", by=GOOD_PASSWORD, wire="page").token
    session = Credentials(session=token, browser=True, address="192.0.2.9")
    sent = dataclasses.replace(session, browser=False)
    assert type(world.refused("ping", by=sent, wire=wire)) is NotAuthenticated
    world.call("getApiKey", by=session, wire="page")
