"""ensureSiteWorxAccount: the same call, however often, leaves the account as it is described."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from iwapi.errors import (
    DomainTaken,
    EmailTaken,
    InvalidInput,
    LimitReached,
    NotPermitted,
    PackageNotFound,
    Pending,
    ProvisioningFailed,
    ServerFull,
)
from iwapi.kinds import Raw
from iwapi.provision.recording import Recording
from tests.helpers import DEDICATED, LOCAL, World, config, open_world, opening, selling

ENSURE = "ensureSiteWorxAccount"


def wanted(**raw: Raw) -> dict[str, Raw]:
    return opening(**{"external_id": "order-1", **raw})  # type: ignore[arg-type]  # a domain is a text


def without(raw: dict[str, Raw], *names: str) -> dict[str, Raw]:
    return {name: value for name, value in raw.items() if name not in names}


def history(world: World) -> list[tuple[Any, ...]]:
    return world.rows("select id, generation from account") + world.rows("select id from job")


def test_an_account_that_is_not_there_is_created_and_then_left_alone(world: World) -> None:
    first = world.call(ENSURE, wanted())
    assert (first.outcome, first.account.external_id) == ("created", "order-1")
    before = history(world)
    again = world.call(ENSURE, wanted())
    assert (again.outcome, again.account) == ("unchanged", first.account)
    assert history(world) == before


@pytest.mark.parametrize(
    ("raw", "member", "value"),
    [
        ({"email": "new@example.com"}, "email", "new@example.com"),
        ({"nickname": "New"}, "nickname", "New"),
        ({"OPT_STORAGE": "11"}, "OPT_STORAGE", 11),
        ({"OPT_SSL": "1"}, "OPT_SSL", True),
        ({"packagetemplate": "basic"}, "package_name", "basic"),
    ],
)
def test_what_differs_is_changed_and_nothing_else(
    world: World, raw: dict[str, Raw], member: str, value: object
) -> None:
    world.call("createPackage", {"package_name": "basic", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"})
    before = vars(world.call(ENSURE, wanted()).account)
    told = world.call(ENSURE, wanted(**raw))
    after = vars(told.account)
    assert told.outcome == "updated"
    assert after[member] == value
    moved = {name for name in after if after[name] != before[name]}
    assert moved - {"version", "package_id"} == {member}
    assert after["version"] == before["version"] + 1
    assert world.call(ENSURE, wanted(**raw)).outcome == "unchanged"


def test_what_is_not_named_stays(world: World) -> None:
    world.call(ENSURE, wanted(nickname="Mine", OPT_SSL="1"))
    bare = without(wanted(), "password", "OPT_STORAGE", "OPT_BANDWIDTH")
    told = world.call(ENSURE, bare)
    assert (told.outcome, told.account.nickname, told.account.OPT_SSL) == ("unchanged", "Mine", True)


def test_a_package_that_is_named_has_its_limits_made_the_account_s(world: World) -> None:
    world.call("createPackage", {"package_name": "basic", "OPT_STORAGE": "5", "OPT_BANDWIDTH": "5"})
    raw = without(wanted(packagetemplate="basic"), "OPT_BANDWIDTH")
    assert world.call(ENSURE, raw).account.OPT_BANDWIDTH == 5
    world.call("editSiteWorxAccount", {"domain": "example.com", "OPT_BANDWIDTH": "6", "OPT_SSL": "1"})
    told = world.call(ENSURE, raw)
    account = told.account
    assert (told.outcome, account.OPT_BANDWIDTH, account.OPT_SSL) == ("updated", 5, False)
    assert account.OPT_STORAGE == 10  # named beside it
    world.call("editPackage", {"package_name": "basic", "OPT_BANDWIDTH": "8"})
    assert world.call(ENSURE, raw).account.OPT_BANDWIDTH == 8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("master_domain", "moved.test"), ("uniqname", "another"), ("master_domain_ipv4", DEDICATED[0]),
        ("master_domain_ipv6", "2001:db8::9"),
    ],
)  # fmt: skip
def test_what_an_account_keeps_for_its_life_is_not_changed(world: World, name: str, value: str) -> None:
    account = world.call(ENSURE, wanted()).account
    before = history(world)
    error = world.refused(ENSURE, wanted(**{name: value, "nickname": "New"}))
    assert type(error) is InvalidInput
    said = f"The account of this external id has {getattr(account, name)}, and that stays as it is"
    assert error.message.split("\n")[1] == f"{name}: {value} {said}"
    assert str(getattr(account, name)) in error.message
    assert history(world) == before
    same = {name: str(getattr(account, name))}
    assert world.call(ENSURE, wanted(**same)).outcome == "unchanged"


def test_the_password_counts_when_the_account_is_created(world: World) -> None:
    error = world.refused(ENSURE, without(wanted(), "password"))
    assert type(error) is InvalidInput
    assert [problem.field for problem in error.problems] == ["password"]
    world.call(ENSURE, wanted())
    kept = world.rows("select argon2, crypt from account")
    assert world.call(ENSURE, wanted(password="Another-horse8")).outcome == "unchanged"
    assert world.call(ENSURE, without(wanted(nickname="N"), "password")).outcome == "updated"
    assert world.rows("select argon2, crypt from account") == kept


def test_everything_that_is_wrong_is_named_at_once(world: World) -> None:
    raw = without(wanted(packagetemplate="gold", master_domain_ipv4="203.0.113.1"), "password")
    error = world.refused(ENSURE, raw)
    assert {problem.field for problem in error.problems} == {
        "password", "packagetemplate", "master_domain_ipv4"
    }  # fmt: skip
    world.call(ENSURE, wanted())
    error = world.refused(ENSURE, wanted(packagetemplate="gold", uniqname="another"))
    assert {problem.field for problem in error.problems} == {"packagetemplate", "uniqname"}
    assert type(world.refused(ENSURE, wanted(packagetemplate="gold"))) is PackageNotFound


def test_an_own_account_without_an_external_id_is_not_adopted_and_the_way_is_told(world: World) -> None:
    world.open()
    error = world.refused(ENSURE, wanted())
    assert type(error) is DomainTaken
    assert "has no external id. If it is the one that is meant, give it this one by" in error.message
    world.call("editSiteWorxAccount", {"domain": "example.com", "new_external_id": "order-1"})
    assert world.call(ENSURE, wanted()).outcome == "unchanged"
    error = world.refused(ENSURE, wanted(external_id="order-2"))
    assert type(error) is DomainTaken
    assert "the external id order-1" in error.message


def test_another_s_account_is_told_as_ever(world: World) -> None:
    reseller = world.reseller()
    world.call(ENSURE, wanted(), reseller)
    assert world.refused(ENSURE, wanted()).message == (
        "The domain name is taken.\nmaster_domain: example.com Domain name already exists"
    )
    assert world.call(ENSURE, wanted(master_domain="mine.test")).outcome == "created"


def test_a_suspended_account_stays_suspended(world: World) -> None:
    world.call(ENSURE, wanted())
    world.call("suspendSiteWorxAccount", {"external_id": "order-1"})
    told = world.call(ENSURE, wanted(nickname="N"))
    assert (told.outcome, told.account.status) == ("updated", "inactive")
    assert world.call(ENSURE, wanted(nickname="N")).account.status == "inactive"


def test_a_closed_account_is_followed_by_a_new_one(world: World) -> None:
    first = world.call(ENSURE, wanted()).account
    world.call("deleteSiteWorxAccount", {"external_id": "order-1"})
    told = world.call(ENSURE, wanted())
    assert told.outcome == "created"
    assert told.account.siteworx_id != first.siteworx_id


def test_the_limits_of_a_reseller_hold(world: World) -> None:
    made = world.call("createReseller", selling())
    key = world.call("generateApiKey", {"nodeworx_id": str(made.reseller_id)}).apikey
    by = type(LOCAL)(apikey=key, address="198.51.100.7")
    assert type(world.refused(ENSURE, wanted(OPT_STORAGE="11"), by)) is LimitReached
    assert world.call(ENSURE, wanted(), by).outcome == "created"
    assert type(world.refused(ENSURE, wanted(OPT_STORAGE="11"), by)) is LimitReached
    assert world.call(ENSURE, wanted(OPT_STORAGE="9"), by).outcome == "updated"


def test_an_email_of_a_further_user_is_refused(world: World) -> None:
    world.call(ENSURE, wanted())
    inside = type(LOCAL)(local="tester", domain="example.com")
    user: dict[str, Raw] = {"email": "u@example.com", "password": "Correct-horse7", "nickname": "U"}
    world.call("/siteworx/users/add", user, inside)
    assert type(world.refused(ENSURE, wanted(email="u@example.com"))) is EmailTaken
    assert world.call(ENSURE, wanted()).outcome == "unchanged"


def test_a_full_server_still_answers_for_what_it_holds(state: Any, driver: Recording) -> None:
    world = open_world(state, [driver], config(max_accounts=1))
    world.call(ENSURE, wanted())
    assert type(world.refused(ENSURE, wanted(external_id="b", master_domain="b.test"))) is ServerFull
    assert world.call(ENSURE, wanted(nickname="N")).outcome == "updated"
    world.panel.close()


def test_to_change_an_account_a_key_needs_more_than_to_create_one(world: World) -> None:
    by = world.scoped_key("accounts:create")
    assert world.call(ENSURE, wanted(), by).outcome == "created"
    assert world.call(ENSURE, wanted(), by).outcome == "unchanged"
    error = world.refused(ENSURE, wanted(nickname="N"), by)
    assert type(error) is NotPermitted
    assert world.value("select nickname from account") == "example.com"
    by = world.scoped_key("accounts:create", "accounts:edit")
    assert world.call(ENSURE, wanted(nickname="N"), by).outcome == "updated"


def test_of_many_at_the_same_time_one_creates_and_the_others_change_nothing(world: World) -> None:
    told = world.outcomes(*[world.asked(ENSURE, wanted(), LOCAL, "cli") for _ in range(12)])
    assert [one.error for one in told] == [None] * 12
    assert sorted(one.answer.outcome for one in told) == ["created", *["unchanged"] * 11]
    assert world.rows("select count(*), max(generation) from account") == [(1, 1)]
    assert world.value("select count(*) from job") == 1


class _Slow(Recording):
    """A service that waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def ensure(self, want: Any) -> None:
        assert self.go.wait(20)
        super().ensure(want)


@pytest.mark.parametrize("fails", [False, True])
def test_a_repeat_waits_for_the_building_of_the_first_and_learns_how_it_ended(
    state: Any, fails: bool
) -> None:
    driver = _Slow()
    driver.fail(1 if fails else 0)
    world = open_world(state, [driver])
    late = world.outcome(ENSURE, wanted(), options={"wait_seconds": "0"})
    assert type(late.error) is Pending
    late = world.outcome(ENSURE, wanted(), options={"wait_seconds": "0"})
    assert type(late.error) is Pending, "unchanged is no answer while nothing stands yet"
    threading.Timer(0.1, driver.go.set).start()
    told = world.outcome(ENSURE, wanted(), options={"wait_seconds": "20"})
    if told.error is not None:  # its client was told that it comes: it is kept and tried again
        assert fails
        assert type(told.error) is Pending
        world.clock.forward(2)
        world.sweep()
        told = world.outcome(ENSURE, wanted())
    assert told.answer.outcome == "unchanged"
    assert world.value("select generation from account") == 1
    world.panel.close()


def test_who_joined_a_creation_that_is_undone_is_told_so(world: World, driver: Recording) -> None:
    driver.fail(1)
    told = world.outcomes(*[world.asked(ENSURE, wanted(), LOCAL, "cli") for _ in range(2)])
    ended = {type(one.error) for one in told}
    assert ProvisioningFailed in ended
    made = [one.answer.outcome for one in told if one.error is None]
    assert world.rows("select external_id from account") == [("order-1",)] * len(made)
    assert made in ([], ["created"])
