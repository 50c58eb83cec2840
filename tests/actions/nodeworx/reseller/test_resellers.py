"""The life of a reseller: created, changed, deleted, by a master alone."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.core.resellers import RESELLER
from iwapi.errors import (
    REQUIRED,
    AddressNotFree,
    DomainTaken,
    EmailTaken,
    InvalidInput,
    NotAuthenticated,
    NotPermitted,
    PackageNotFound,
    ResellerInUse,
    ResellerNotFound,
)
from iwapi.kinds import UNLIMITED, Plain, Raw
from tests.helpers import ADMIN, DEDICATED, IPV6, PASSWORD, SHARED, World, opening, selling
from tests.routing import by_key, route

CTRL = "/nodeworx/reseller"


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def create(world: World, email: str = "reseller@example.com", **raw: Raw) -> Any:
    return world.call("createReseller", selling(email, **raw))


def edit(world: World, reseller: Any, **raw: Raw) -> Any:
    return world.call("editReseller", {"reseller_id": str(reseller.reseller_id), **raw})


def key_of(world: World, reseller: Any) -> Credentials:
    made = world.call("generateApiKey", {"nodeworx_id": str(reseller.reseller_id)})
    return Credentials(apikey=made.apikey, address="198.51.100.7")


def package(world: World, name: str = "gold", **raw: Raw) -> Any:
    sizes = {"RSL_OPT_STORAGE": "500", "RSL_OPT_BANDWIDTH": "50", "RSL_OPT_SITEWORX_ACCOUNTS": "5"}
    return world.call("createResellerPackage", {"package_name": name, **sizes, **raw})


def limits(reseller: Any) -> dict[str, int]:
    """The limits that are not 0."""
    return {name: int(value) for name in RESELLER.names if (value := getattr(reseller, name))}


def test_a_new_reseller_has_what_was_named_and_nothing_more(world: World) -> None:
    made = create(world, "Sales@Example.com", nickname="Sales", RSL_OPT_OVERSELL_STORAGE="1")
    assert (made.email, made.nickname, made.status) == ("sales@example.com", "Sales", "active")
    assert (made.package_name, made.accounts, made.ipv4) == (None, 0, ())
    assert limits(made) == {
        "RSL_OPT_STORAGE": 10, "RSL_OPT_BANDWIDTH": 10, "RSL_OPT_SITEWORX_ACCOUNTS": 2,
        "RSL_OPT_OVERSELL_STORAGE": 1,
    }  # fmt: skip
    assert made.date_created.timestamp() == world.clock.now
    assert world.call("getReseller", {"reseller_id": str(made.reseller_id)}) == made
    assert world.call("getReseller", {"email": "sales@example.com"}) == made
    assert create(world).nickname == "reseller@example.com"


def test_a_package_gives_the_limits_and_what_is_named_beside_it_wins(world: World) -> None:
    package(world, RSL_OPT_EMAIL_BOXES="7")
    raw = {"email": "r@example.com", "password": PASSWORD, "packagetemplate": "gold"}
    made = world.call("createReseller", {**raw, "RSL_OPT_STORAGE": "600"})
    assert made.package_name == "gold"
    assert limits(made) == {
        "RSL_OPT_STORAGE": 600, "RSL_OPT_BANDWIDTH": 50, "RSL_OPT_SITEWORX_ACCOUNTS": 5,
        "RSL_OPT_EMAIL_BOXES": 7,
    }  # fmt: skip


def test_all_that_is_wrong_with_a_new_reseller_is_named_at_once(world: World) -> None:
    error = world.refused(
        "createReseller",
        {"email": ADMIN, "password": "short", "ipv4": ["203.0.113.1", SHARED, "x"]},
    )
    assert type(error) is InvalidInput
    assert [(problem.field, problem.code) for problem in error.problems] == [
        ("password", "INVALID_INPUT"), ("ipv4", "INVALID_INPUT"), ("email", "EMAIL_TAKEN"),
        ("RSL_OPT_STORAGE", "INVALID_INPUT"), ("RSL_OPT_BANDWIDTH", "INVALID_INPUT"),
        ("RSL_OPT_SITEWORX_ACCOUNTS", "INVALID_INPUT"),
    ]  # fmt: skip
    assert error.problems[-1].problem == REQUIRED
    assert type(world.refused("createReseller", selling(ADMIN))) is EmailTaken
    assert type(world.refused("createReseller", selling(ADMIN.upper()))) is EmailTaken
    assert type(world.refused("createReseller", selling(packagetemplate="none"))) is PackageNotFound
    assert type(world.refused("createReseller", selling(ipv4=["203.0.113.1"]))) is AddressNotFree
    assert world.value("select count(*) from nodeworx_user") == 1


def test_a_change_touches_what_it_names(world: World) -> None:
    package(world)
    made = create(world, nickname="R")
    same = {
        "email": "new@example.com", "nickname": "New", "RSL_OPT_STORAGE": "11",
        "RSL_OPT_SUBDOMAINS": str(UNLIMITED),
    }  # fmt: skip
    changed = edit(world, made, **same)
    assert (changed.email, changed.nickname, changed.status) == ("new@example.com", "New", "active")
    assert limits(changed) == {
        "RSL_OPT_STORAGE": 11, "RSL_OPT_BANDWIDTH": 10, "RSL_OPT_SITEWORX_ACCOUNTS": 2,
        "RSL_OPT_SUBDOMAINS": UNLIMITED,
    }  # fmt: skip
    assert edit(world, made, **same) == changed
    assert edit(world, made, email="new@example.com") == changed  # its own address is not taken
    other = edit(world, made, packagetemplate="gold", RSL_OPT_BANDWIDTH="51")
    assert other.package_name == "gold"
    assert limits(other) == {
        "RSL_OPT_STORAGE": 500, "RSL_OPT_BANDWIDTH": 51, "RSL_OPT_SITEWORX_ACCOUNTS": 5,
    }  # fmt: skip
    assert type(world.refused("editReseller", {"reseller_id": str(made.reseller_id), "email": ADMIN})) is (
        EmailTaken
    )
    for unknown in ("1", "99"):  # the master is no reseller
        assert type(world.refused("editReseller", {"reseller_id": unknown})) is ResellerNotFound
        assert type(world.refused("getReseller", {"reseller_id": unknown})) is ResellerNotFound
    assert type(world.refused("getReseller", {"email": ADMIN})) is ResellerNotFound
    assert type(world.refused("getReseller", {})) is InvalidInput
    mixed = {"reseller_id": str(made.reseller_id), "email": "other@example.com"}
    assert type(world.refused("getReseller", mixed)) is ResellerNotFound


def test_an_inactive_reseller_s_key_is_refused_and_its_accounts_are_suspended(world: World) -> None:
    made = create(world)
    key = key_of(world, made)
    world.open("a.test", key, OPT_STORAGE="1", OPT_BANDWIDTH="1")
    assert edit(world, made, status="inactive").status == "inactive"
    assert type(world.refused("ping", by=key)) is NotAuthenticated
    assert world.call("getSiteWorxAccount", {"domain": "a.test"}).remaining_reasons == ("reseller",)
    edit(world, made, status="active")
    assert world.call("getSiteWorxAccount", {"domain": "a.test"}).status == "active"
    assert world.call("ping", by=key).nodeworx_id == made.reseller_id
    born = key_of(world, create(world, "late@example.com", status="inactive"))
    assert type(world.refused("ping", by=born)) is NotAuthenticated


def test_status_needs_a_scope_of_its_own(world: World) -> None:
    made = create(world)
    raw = {"reseller_id": str(made.reseller_id), "status": "inactive"}
    assert type(world.refused("editReseller", raw, world.scoped_key("resellers:edit"))) is NotPermitted
    both = world.scoped_key("resellers:edit", "resellers:suspend")
    assert world.call("editReseller", raw, both).status == "inactive"


def test_a_reseller_reaches_no_reseller_not_even_itself(world: World) -> None:
    made = create(world)
    key = key_of(world, made)
    which = {"reseller_id": str(made.reseller_id)}
    for name, raw in {
        "createReseller": selling("x@example.com"), "editReseller": which, "deleteReseller": which,
        "getReseller": which, "listResellers": {}, "listResellerPackages": {},
    }.items():  # fmt: skip
        assert type(world.refused(name, raw, key)) is NotPermitted, name


def test_a_reseller_with_accounts_is_not_deleted(world: World) -> None:
    made = create(world)
    key = key_of(world, made)
    world.open("a.test", key, OPT_STORAGE="1", OPT_BANDWIDTH="1")
    which = {"reseller_id": str(made.reseller_id)}
    error = world.refused("deleteReseller", which)
    assert type(error) is ResellerInUse
    assert "1 accounts" in error.text
    assert world.call("ping", by=key).email == made.email
    world.call("deleteSiteWorxAccount", {"domain": "a.test"}, key)
    assert world.call("deleteReseller", which).email == made.email


def test_a_deleted_reseller_is_gone_and_a_repeat_answers_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # real passwords
    made = create(world, ipv4=[DEDICATED[0]])
    which = {"reseller_id": str(made.reseller_id)}
    key = key_of(world, made)
    log_in = Credentials(email=made.email, password=Plain(PASSWORD), address="192.0.2.9")
    assert world.call("ping", by=log_in, wire="pages").email == made.email
    gone = world.call("deleteReseller", which)
    assert (gone.reseller_id, gone.email) == (made.reseller_id, made.email)
    world.clock.forward(100 * 86400)
    assert world.call("deleteReseller", which) == gone
    (kept,) = world.rows("select email from nodeworx_user where id = ?", made.reseller_id)[0]
    for by in (key, log_in, Credentials(email=kept, password=Plain(PASSWORD), address="192.0.2.9")):
        assert type(world.refused("ping", by=by, wire="pages")) is NotAuthenticated
    assert type(world.refused("getReseller", which)) is ResellerNotFound
    assert type(world.refused("editReseller", {**which, "status": "active"})) is ResellerNotFound
    assert type(world.refused("generateApiKey", {"nodeworx_id": which["reseller_id"]})) is ResellerNotFound
    assert world.call("listResellers").resellers == ()
    again = create(world, made.email, ipv4=[DEDICATED[0]])  # the e-mail and the address are free
    assert again.reseller_id != made.reseller_id


def test_the_e_mail_of_a_deleted_reseller_is_an_address_no_more(world: World) -> None:
    made = create(world)
    world.call("deleteReseller", {"reseller_id": str(made.reseller_id)})
    ((kept,),) = world.rows("select email from nodeworx_user where role = 'reseller'")
    assert type(world.refused("createReseller", selling(kept))) is InvalidInput


def test_a_dedicated_address_is_one_reseller_s_or_one_account_s(world: World) -> None:
    first = create(world, "a@example.com", ipv4=[*DEDICATED, SHARED, SHARED])
    assert first.ipv4 == (SHARED, *DEDICATED)  # in the pool's order, each once
    for address in DEDICATED:
        assert type(world.refused("createReseller", selling(ipv4=[address]))) is AddressNotFree
    second = create(world, "b@example.com", ipv4=[SHARED])
    edit(world, first, ipv4=[DEDICATED[0]])
    assert edit(world, second, ipv4=[DEDICATED[1]]).ipv4 == (DEDICATED[1],)
    key = key_of(world, second)
    assert world.open("b.test", key, OPT_STORAGE="1", OPT_BANDWIDTH="1").master_domain_ipv4 == DEDICATED[1]
    edit(world, second, ipv4=[DEDICATED[1], SHARED])  # its own account has it
    edit(world, second, ipv4=[SHARED])
    error = world.refused("editReseller", {"reseller_id": str(first.reseller_id), "ipv4": [DEDICATED[1]]})
    assert type(error) is AddressNotFree  # an account of another has it
    assert type(world.refused("createReseller", selling(ipv4=[IPV6]))) is InvalidInput


def test_on_route_a_reseller_is_created_changed_and_deleted_by_old_names_too(world: World) -> None:
    key = by_key(world)
    package(world)
    sent: dict[str, Raw] = {
        "nickname": "R", "email": "r@example.com", "language": "en-us", "theme": "interworx",
        "billing_day": "15", "password": PASSWORD, "confirm_password": PASSWORD, "status": "active",
        "inherit_nameservers": "1", "packagetemplate": "gold", "database_servers": "localhost",
        "ips": f"{SHARED},{DEDICATED[0]}",
    }  # fmt: skip
    status, payload = route(world, key, f"{CTRL}/add", **sent)
    assert (status, payload) == (0, {"reseller_id": 2})
    made = world.call("getReseller", {"reseller_id": "2"})
    assert (made.package_name, made.ipv4) == ("gold", (SHARED, DEDICATED[0]))
    package(world, "more", RSL_OPT_STORAGE="900")
    status, payload = route(world, key, f"{CTRL}/edit", reseller_id="2", package="more", ipv4=SHARED)
    assert (status, payload) == (0, "Reseller r@example.com has been changed.")
    made = world.call("getReseller", {"reseller_id": "2"})
    assert (made.package_name, made.RSL_OPT_STORAGE, made.ipv4) == ("more", 900, (SHARED,))
    assert route(world, key, f"{CTRL}/edit", reseller_id="2", ipv4=[DEDICATED[1]])[0] == 0
    assert world.call("getReseller", {"reseller_id": "2"}).ipv4 == (DEDICATED[1],)
    status, payload = route(world, key, f"{CTRL}/delete", reseller_id=["2"])
    assert (status, payload) == (0, "Reseller r@example.com has been deleted.")


@pytest.mark.parametrize("name", ["requires_password_change", "create_package"])
def test_on_route_what_is_not_honoured_is_refused(world: World, name: str) -> None:
    status, payload = route(world, by_key(world), f"{CTRL}/add", **selling(**{name: "1"}))
    assert status == 11
    assert f"{name}: " in payload
    assert "This input is not offered by this server" in payload
    assert world.call("listResellers").resellers == ()


def test_on_route_the_package_that_there_is_not_is_told_in_interworx_s_words(world: World) -> None:
    status, payload = route(world, by_key(world), f"{CTRL}/add", **selling(packagetemplate="none"))
    assert status == 11
    assert "packagetemplate: none This is not a valid option" in payload
    assert "Usage: " in payload


def test_a_limit_below_what_was_given_is_taken_and_nothing_grows_until_it_fits(world: World) -> None:
    made = create(world, RSL_OPT_STORAGE="10", RSL_OPT_BANDWIDTH=str(UNLIMITED))
    key = key_of(world, made)
    world.open("a.test", key, OPT_STORAGE="10")
    assert edit(world, made, RSL_OPT_STORAGE="4").given_storage == 10
    sizes = {"OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
    assert world.refused("createSiteWorxAccount", opening("b.test", **sizes), key).code == "LIMIT_REACHED"
    world.call("editSiteWorxAccount", {"domain": "a.test", "OPT_STORAGE": "8"}, key)  # it may shrink
    grown = {"domain": "a.test", "OPT_STORAGE": "9"}
    assert world.refused("editSiteWorxAccount", grown, key).code == "LIMIT_REACHED"
    world.call("editSiteWorxAccount", {"domain": "a.test", "OPT_STORAGE": "3"}, key)
    world.open("b.test", key, **sizes)


def test_the_names_of_a_deleted_reseller_s_accounts_rest_for_the_master(world: World) -> None:
    made = create(world)
    world.open("a.test", key_of(world, made), OPT_STORAGE="1", OPT_BANDWIDTH="1", uniqname="aaa")
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    other = key_of(world, create(world, "other@example.com"))
    world.call("deleteReseller", {"reseller_id": str(made.reseller_id)})
    assert type(world.refused("createSiteWorxAccount", opening("a.test"), other)) is DomainTaken
    assert world.open("a.test", uniqname="aaa").uniqname == "aaa"
