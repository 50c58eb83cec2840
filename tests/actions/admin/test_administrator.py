"""The administrator's log-in: e-mail, password, and the sessions of the pages."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.core import passwords
from iwapi.errors import EmailTaken, NotAuthenticated, NotPermitted
from iwapi.kinds import Hashed, Plain
from iwapi.store.sessions import IDLE_SECONDS, LONGEST
from tests.helpers import ADMIN, ADMIN_PASSWORD, LOCAL, PASSWORD, World

LOGIN = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")


def session(world: World, by: Credentials = LOGIN) -> Credentials:
    token = world.call("log_in", by=by, wire="pages").token
    return Credentials(session=token, browser=True, address="192.0.2.9")


def works(world: World, by: Credentials) -> bool:
    error = world.outcome("ping", by=by, wire="pages").error
    assert error is None or type(error) is NotAuthenticated
    return error is None


def test_a_log_in_begins_a_session_and_a_log_out_ends_it(world: World) -> None:
    one, other = session(world), session(world)
    assert works(world, one)
    assert works(world, other)
    assert one.session is not None
    assert one.session.reveal not in str(world.rows("select * from session"))
    world.call("log_out", by=one, wire="pages")
    assert not works(world, one)
    assert works(world, other)


def test_an_account_s_own_log_in_gets_no_session_of_who_sells_it(world: World) -> None:
    world.open("example.com")
    own = Credentials(email="me@example.com", password=Plain(PASSWORD), domain="example.com")
    begun = session(world, own)
    assert world.call("/panel/show_site", by=begun).site.account.master_domain == "example.com"
    for name in ("ping", "listApiKeys", "listSiteWorxAccounts", "generateApiKey"):
        assert type(world.refused(name, by=begun)) is NotPermitted


def test_a_session_ends_when_it_is_idle_and_after_its_hours(world: World) -> None:
    idle, busy = session(world), session(world)
    began = world.clock.now
    while world.clock.now + IDLE_SECONDS < began + LONGEST["page"]:
        world.clock.forward(IDLE_SECONDS - 31)
        assert works(world, busy)
        world.settle()
    assert not works(world, idle)
    world.clock.now = began + LONGEST["page"]
    assert not works(world, busy)
    fresh = session(world)  # and what is over is removed
    assert world.value("select count(*) from session") == 1
    world.clock.forward(IDLE_SECONDS)
    assert not works(world, fresh)


def test_only_a_log_in_with_a_password_begins_a_session(world: World) -> None:
    key = world.key()
    with_password = Credentials(apikey=key.apikey, email=ADMIN, password=Plain("not the password"))
    begun = session(world)
    for by in (LOCAL, key, with_password, begun):
        assert type(world.refused("log_in", by=by, wire="pages")) is NotPermitted
    assert world.value("select count(*) from session") == 1


def test_a_new_password_ends_every_session_and_opens_the_next(world: World) -> None:
    begun = session(world)
    world.call("editAdministrator", {"password": "Another-password-1"}, by=begun, wire="pages")
    assert not works(world, begun)
    assert not works(world, LOGIN)
    assert works(world, session(world, Credentials(email=ADMIN, password=Plain("Another-password-1"))))
    kept = world.rows("select argon2, crypt from nodeworx_user")[0]
    assert passwords.matches(Plain("Another-password-1"), Hashed(*kept))
    assert kept[1].startswith("$6$")


def test_a_new_email_address_is_the_log_in_in_any_case(world: World) -> None:
    begun = session(world)
    answer = world.call("editAdministrator", {"email": "New.Name@Example.COM"}, by=begun, wire="pages")
    assert (answer.email, answer.master, answer.nodeworx_id) == ("new.name@example.com", True, 1)
    assert works(world, begun)
    assert not works(world, LOGIN)
    assert works(world, Credentials(email="NEW.name@example.com", password=Plain(ADMIN_PASSWORD)))


def test_another_user_s_email_address_is_taken(world: World) -> None:
    world.reseller("other@example.com")
    error = world.refused(
        "editAdministrator", {"email": "OTHER@example.com", "password": "Another-password-1"}
    )
    assert (type(error), error.problems[0].field) == (EmailTaken, "email")
    assert works(world, LOGIN)  # nothing was changed, the password neither
    assert world.call("editAdministrator", {"email": ADMIN}).email == ADMIN


def test_a_caller_changes_itself_alone(world: World) -> None:
    reseller = world.reseller()
    answer = world.call("editAdministrator", {"email": "changed@example.com"}, by=reseller)
    assert (answer.nodeworx_id, answer.master) == (2, False)
    assert works(world, LOGIN)


@pytest.mark.parametrize("raw", [{}, {"email": "not an address"}, {"password": "short"}, {"email": ""}])
def test_wrong_changes_are_named(world: World, raw: Any) -> None:
    outcome = world.outcome("editAdministrator", raw)
    if raw:
        assert outcome.error is not None
        assert [p.field for p in outcome.error.problems] == list(raw)
    else:
        assert outcome.error is None  # nothing is changed
