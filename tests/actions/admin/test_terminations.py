"""Who closes many accounts in a short time is stopped until an administrator approves."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.core.keys import read_key
from iwapi.errors import InvalidInput, NeedsApproval, NotPermitted
from iwapi.kinds import Plain
from iwapi.provision.recording import Recording
from iwapi.store.breaker import Breaker
from tests.helpers import ADMIN, ADMIN_PASSWORD, World, config, open_world
from tests.routing import key_of, refusal, route

pytestmark = pytest.mark.both_databases
MINUTE = 60


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def world_of(state: Path, **settings: Any) -> World:
    world = open_world(state, [Recording()], config(**settings))
    for number in range(9):
        world.open(f"a{number}.test")
    return world


@pytest.fixture
def three(state: Path) -> Iterator[World]:
    """A server on which three closed accounts in an hour are enough."""
    world = world_of(state, terminations_most="3")
    yield world
    world.panel.close()


def close(world: World, by: Credentials, number: int) -> None:
    world.call("deleteSiteWorxAccount", {"domain": f"a{number}.test"}, by)


def stopped(world: World, by: Credentials, number: int) -> Any:
    error = world.refused("deleteSiteWorxAccount", {"domain": f"a{number}.test"}, by)
    assert type(error) is NeedsApproval
    assert world.value(f"select state from account where domain = 'a{number}.test'") == "active"
    return error


def who(by: Credentials) -> str:
    assert by.apikey is not None
    key = read_key(by.apikey.reveal)
    assert key is not None
    return f"key:{key.id}"


def breakers(world: World) -> list[tuple[str, int, bool]]:
    found = world.call("listTerminationBreakers").breakers
    return [(one.who, one.terminations, one.tripped) for one in found]


def test_after_so_many_a_key_is_stopped_and_told_what_lifts_it(three: World) -> None:
    key = three.key()
    for number in range(3):
        close(three, key, number)
    error = stopped(three, key, 3)
    assert error.text == (
        f"3 accounts were closed or purged by {who(key)} within 60 minutes. More needs the approval of an"
        " administrator: the page Terminations (/nodeworx/terminations) of the admin service, or the command"
        f" `iwapi approveTerminations --who {who(key)}`."
    )
    close(three, key, 2)  # a repeat is none
    status, told = route(three, key_of(key), "/nodeworx/siteworx/delete", domain="a3.test")
    assert status == 11
    assert "/nodeworx/terminations" in told
    assert f"iwapi approveTerminations --who {who(key)}" in told


def test_time_alone_lifts_nothing_and_an_approval_does(three: World) -> None:
    key = three.key()
    for number in range(3):
        close(three, key, number)
    three.clock.forward(3 * 24 * 60 * MINUTE)
    three.sweep()
    stopped(three, key, 3)
    assert breakers(three) == [(who(key), 3, True)]
    (one,) = three.call("listTerminationBreakers").breakers
    assert (one.key_name, one.email) == ("Remote Access Key", ADMIN)
    approved = three.call("approveTerminations", {"who": who(key)})
    assert approved == dataclasses.replace(one, terminations=0, tripped=False, date_tripped=None)
    assert breakers(three) == []
    for number in range(3, 6):
        close(three, key, number)
    stopped(three, key, 6)
    assert three.rows("select about from audit where action = 'approveTerminations'") == [(who(key),)]


def test_what_is_longer_ago_than_the_time_does_not_count(three: World) -> None:
    key = three.key()
    for number in range(6):
        close(three, key, number)
        three.clock.forward(31 * MINUTE)
    assert breakers(three) == [(who(key), 1, False)]


def test_several_in_a_call_count_each_and_are_refused_whole(three: World) -> None:
    key = three.key()
    first = key_of(key)
    assert route(three, first, "/nodeworx/siteworx/delete", domain=["a0.test", "a1.test", "a0.test"])[0] == 0
    status, told = route(three, first, "/nodeworx/siteworx/delete", domain=["a2.test", "a3.test"])
    assert (status, told.split(" ")[0]) == (11, "2")
    assert three.value("select count(*) from account where state = 'parked'") == 2
    assert breakers(three) == [(who(key), 2, False)]
    three.call("approveTerminations", {"who": who(key)})  # one that is not stopped yet may be counted anew
    assert route(three, first, "/nodeworx/siteworx/delete", domain=["a2.test", "a3.test"])[0] == 0
    many = refusal(three, first, "/nodeworx/siteworx/delete", domain=[f"a{n}.test" for n in range(4, 8)])
    assert many[1].startswith("domain: 4 More accounts than one call may close (up to 3")


def test_each_caller_is_counted_by_itself_and_who_is_at_hand_not_at_all(three: World) -> None:
    one, other = three.scoped_key("accounts:delete"), three.scoped_key("accounts:delete")
    for number in range(3):
        close(three, one, number)
    stopped(three, one, 3)
    close(three, other, 3)
    for number in range(4, 9):
        three.call("deleteSiteWorxAccount", {"domain": f"a{number}.test"})
    assert breakers(three) == [(who(one), 3, True), (who(other), 1, False)]


def test_a_reseller_s_key_stops_itself_alone(three: World) -> None:
    reseller = three.reseller()
    for number in range(4):
        three.open(f"r{number}.test", by=reseller)
    for number in range(3):
        three.call("deleteSiteWorxAccount", {"domain": f"r{number}.test"}, reseller)
    error = three.refused("deleteSiteWorxAccount", {"domain": "r3.test"}, reseller)
    assert type(error) is NeedsApproval
    close(three, three.key(), 0)
    for name, raw in (("listTerminationBreakers", {}), ("approveTerminations", {"who": who(reseller)})):
        assert type(three.refused(name, raw, reseller)) is NotPermitted


def test_a_restoration_and_a_dry_run_count_nothing(three: World) -> None:
    key = three.key()
    dry = {"dry_run": "1"}
    for number in range(5):
        error = three.refused("deleteSiteWorxAccount", {"domain": f"a{number}.test"}, key, options=dry)
        assert error.code == "DRY_RUN"
    assert breakers(three) == []
    for _ in range(3):
        close(three, key, 0)
        three.call("restoreSiteWorxAccount", {"domain": "a0.test"})
    assert stopped(three, key, 1)
    error = three.refused("deleteSiteWorxAccount", {"domain": "a1.test"}, key, options=dry)
    assert type(error) is NeedsApproval  # it tells the truth


def test_an_approval_is_a_person_s(three: World) -> None:
    key = three.key()
    for number in range(3):
        close(three, key, number)
    session = three.call("/nodeworx/index/getSession", by=key).token
    for by in (key, Credentials(session=session, address=key.address),
               three.scoped_key("terminations:edit")):  # fmt: skip
        assert type(three.refused("approveTerminations", {"who": who(key)}, by)) is NotPermitted
    stopped(three, key, 3)
    log_in = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")
    three.call("approveTerminations", {"who": who(key)}, log_in)
    close(three, key, 3)


def test_who_closed_nothing_cannot_be_approved(three: World) -> None:
    for name in ("key:none", "x", "user:admin@example.com"):
        assert type(three.refused("approveTerminations", {"who": name})) is InvalidInput


def test_it_can_be_switched_off(state: Path) -> None:
    world = world_of(state, terminations_most="off")
    key = world.key()
    for number in range(9):
        close(world, key, number)
    assert breakers(world) == []
    world.panel.close()


def test_one_that_was_stopped_before_it_was_switched_off_goes_on(state: Path) -> None:
    world = world_of(state, terminations_most="1")
    key = world.key()
    close(world, key, 0)
    stopped(world, key, 1)
    world.panel.close()
    again = open_world(state, [Recording()], config(terminations_most="off"))
    close(again, key, 1)
    again.panel.close()


def test_ten_at_once_are_no_way_around_it(three: World) -> None:
    key = three.key()
    calls = [
        three.asked("deleteSiteWorxAccount", {"domain": f"a{number}.test"}, key, "soap")
        for number in range(9)
    ]
    ended = [outcome.error and outcome.error.code for outcome in three.outcomes(*calls)]
    assert sorted(ended, key=str) == ["NEEDS_APPROVAL"] * 6 + [None] * 3
    assert three.value("select count(*) from account where state = 'parked'") == 3


def test_what_was_counted_is_forgotten(three: World) -> None:
    key = three.key()
    close(three, key, 0)
    three.clock.forward(25 * 60 * MINUTE)
    three.sweep()
    three.settle()
    assert three.rows("select 1 from termination") == []


def session_of(world: World, by: Credentials) -> Credentials:
    token = world.call("/nodeworx/index/getSession", by=by).token
    return Credentials(session=token, address=by.address)


def test_a_session_of_calls_counts_as_who_began_it(three: World) -> None:
    key = three.key()
    close(three, key, 0)
    close(three, session_of(three, key), 1)
    close(three, session_of(three, key), 2)
    for by in (key, session_of(three, key)):
        stopped(three, by, 3)
    assert breakers(three) == [(who(key), 3, True)]


def test_a_user_that_logs_in_is_counted_by_its_id_whatever_its_address_becomes(three: World) -> None:
    log_in = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")
    for number in range(2):
        close(three, log_in, number)
    close(three, session_of(three, log_in), 2)
    three.call("editAdministrator", {"email": "new@example.com"})
    stopped(three, Credentials(email="new@example.com", password=log_in.password, address="192.0.2.9"), 3)
    (one,) = three.call("listTerminationBreakers").breakers
    assert (one.who, one.key_name, one.email, one.tripped) == ("user:1", None, "new@example.com", True)
    three.call("approveTerminations", {"who": "user:1"})
    assert breakers(three) == []


def test_a_purge_counts_as_well_and_is_refused_to_who_is_stopped(three: World) -> None:
    key = three.key()
    for number in range(4):
        three.call("deleteSiteWorxAccount", {"domain": f"a{number}.test"})
    for number in range(3):
        three.call("purgeSiteWorxAccount", {"domain": f"a{number}.test"}, key)
    error = three.refused("purgeSiteWorxAccount", {"domain": "a3.test"}, key)
    assert type(error) is NeedsApproval
    assert three.value("select state from account where domain = 'a3.test'") == "parked"
    stopped(three, key, 4)
    assert breakers(three) == [(who(key), 3, True)]


def test_a_list_beyond_what_is_left_is_refused_and_stops_nobody(three: World) -> None:
    key = three.key()
    for number in range(2):
        close(three, key, number)
    status, _ = route(three, key_of(key), "/nodeworx/siteworx/delete", domain=["a2.test", "a3.test"])
    assert (status, breakers(three)) == (11, [(who(key), 2, False)])
    close(three, key, 2)
    assert breakers(three) == [(who(key), 3, True)]


def test_one_caller_is_looked_up_without_the_others(three: World) -> None:
    one, other = three.scoped_key("accounts:delete"), three.key()
    close(three, one, 0)
    for number in range(1, 4):
        close(three, other, number)
    log_in = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")
    close(three, log_in, 4)
    with three.panel.database.snapshot() as tx:
        breaker = Breaker(tx, int(three.clock()), 60 * MINUTE)
        listed = breaker.list()
        assert [breaker.of(found.who) for found in listed] == list(listed)
        assert [found.tripped for found in listed] == [True, False, False]
        assert {found.email for found in listed} == {ADMIN}
        assert breaker.of("key:none") is breaker.of("user:0") is breaker.of("user:x") is None
