"""Pointers and secondary domains by `route`: names of every kind of owner, zones, folders, limits."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.asked import Asked, Credentials
from tests.helpers import IPV6, SHARED, World
from tests.routing import First, inside, payload, refusal, rows, site_user

POINTER, SLAVE = "/siteworx/domains/pointer/", "/siteworx/domains/slave/"
ZONES = "select name from zone where living = 1 order by id"


@pytest.fixture
def key(home: World) -> First:
    """The administrator's key inside example.com, which may have two of each."""
    home.open(OPT_POINTER_DOMAINS="2", OPT_SLAVE_DOMAINS="2")
    return inside("example.com", home.key())


def test_a_secondary_domain_has_a_folder_and_a_zone_of_its_own(home: World, key: First) -> None:
    told = payload(home, key, SLAVE + "add", domain="WWW.Second.test")
    assert told == "Secondary domain second.test has been added."
    row = {"domain": "second.test", "docroot": "second.test/html", "ipv4": SHARED, "ipv6": IPV6}
    assert rows(home, key, SLAVE + "listSecondaryDomains", "object") == [row]
    assert payload(home, key, SLAVE + "queryEdit", domain="second.test") == row
    page = home.panel.state / "homes" / "examplec" / "second.test" / "html" / "index.html"
    assert "second.test" in page.read_text()
    assert home.rows(ZONES) == [("example.com",), ("second.test",)]
    page.write_text("mine")
    told = payload(home, key, SLAVE + "delete", domain="second.test")
    assert told == "Secondary domain second.test has been deleted."
    assert (home.rows(ZONES), page.read_text()) == ([("example.com",)], "mine")
    assert home.value("select count(*) from record where host like '%second.test'") == 0


def test_a_secondary_domain_has_the_account_s_addresses_and_no_others(home: World, key: First) -> None:
    payload(home, key, SLAVE + "add", domain="second.test", ipv4=SHARED, ipv6=IPV6)
    told = payload(home, key, SLAVE + "edit", domain="second.test", ipv4=SHARED)
    assert told == "Secondary domain second.test has been changed."
    for action, name in (("add", "third.test"), ("edit", "second.test")):
        told = refusal(home, key, SLAVE + action, domain=name, ipv4="192.0.2.99", php_version="8.2")
        assert told[1:] == [
            "php_version: 8.2 This input is not offered by this server",
            f"ipv4: 192.0.2.99 This is not a valid option (the account's own, {SHARED})",
        ]
    for action in ("edit", "queryEdit", "delete"):
        assert refusal(home, key, SLAVE + action, domain="third.test")[1] == (
            "domain: third.test This is not a valid option (one that is listed)"
        )


def test_a_pointer_leads_to_the_main_domain_or_to_a_secondary_one(home: World, key: First) -> None:
    payload(home, key, SLAVE + "add", domain="second.test")
    told = payload(home, key, POINTER + "add", domain="old.test", create_mail_alias="0")
    assert told == "Pointer domain old.test has been added."
    payload(
        home, key, POINTER + "add", domain="alias.test", redir_type="server_alias", points_to="second.test"
    )
    listed = rows(home, key, POINTER + "listPointerDomains", "object")
    assert listed == rows(home, key, POINTER + "list", "object") == [
        {"domain": "alias.test", "points_to": "second.test", "redir_type": "server_alias"},
        {"domain": "old.test", "points_to": "example.com", "redir_type": "redirect_301"},
    ]  # fmt: skip
    assert len(home.rows(ZONES)) == 4
    told = payload(home, key, POINTER + "delete", domain=["old.test", "alias.test"])
    assert told.splitlines() == [
        "Pointer domain old.test has been deleted.", "Pointer domain alias.test has been deleted.",
    ]  # fmt: skip
    assert len(home.rows(ZONES)) == 2
    assert refusal(home, key, POINTER + "delete", domain="second.test")


@pytest.mark.parametrize("target", ["old.test", "other.test", "nowhere.test", "blog.example.com"])
def test_a_pointer_leads_nowhere_else(home: World, key: First, target: str) -> None:
    home.open("other.test")
    home.call("editSiteWorxAccount", {"domain": "example.com", "OPT_SUBDOMAINS": "1"})
    payload(home, key, "/siteworx/domains/sub/add", prefix="blog")
    payload(home, key, POINTER + "add", domain="old.test")
    told = refusal(home, key, POINTER + "add", domain="new.test", points_to=target)
    assert told[1] == f"points_to: {target} This is not a valid option (the main domain or a secondary one)"


def test_a_secondary_domain_that_pointers_lead_to_stays_until_they_are_gone(home: World, key: First) -> None:
    payload(home, key, SLAVE + "add", domain="second.test")
    payload(home, key, POINTER + "add", domain="old.test", points_to="second.test")
    told = refusal(home, key, SLAVE + "delete", domain="second.test")
    assert told[1].endswith("Pointer domains lead to it, delete them first: old.test")
    payload(home, key, POINTER + "delete", domain="old.test")
    payload(home, key, SLAVE + "delete", domain="second.test")


BOTH = pytest.mark.parametrize(
    ("controller", "option"), [(POINTER, "OPT_POINTER_DOMAINS"), (SLAVE, "OPT_SLAVE_DOMAINS")]
)


@BOTH
def test_a_limit_is_a_limit(home: World, key: First, controller: str, option: str) -> None:
    for name in ("a.test", "b.test"):
        payload(home, key, controller + "add", domain=name)
    (told,) = refusal(home, key, controller + "add", domain="c.test")[1:]
    assert told == f"{option}: (nothing) The account has as many as it may have (up to 2)"
    payload(home, key, controller + "delete", domain="a.test")
    payload(home, key, controller + "add", domain="c.test")


@BOTH
@pytest.mark.parametrize(
    "name",
    ["example.com", "other.test", "a.other.test", "theirs.test", "test", "sub.other.test", "closed.test",
     "panel.example.net", "co.uk", "x", "blog.example.com", "deep.example.com"],
)  # fmt: skip
def test_a_name_that_is_taken_or_cannot_be_is_refused(
    home: World, key: First, controller: str, option: str, name: str
) -> None:
    """Another owner's other.test has a pointer and a subdomain, and closed.test rests for that owner."""
    reseller = home.reseller()
    home.open("other.test", reseller, OPT_POINTER_DOMAINS="1", OPT_SUBDOMAINS="1")
    home.open("closed.test", reseller)
    home.call("deleteSiteWorxAccount", {"domain": "closed.test"})
    theirs = inside("other.test", reseller)
    payload(home, theirs, POINTER + "add", domain="theirs.test")
    payload(home, theirs, "/siteworx/domains/sub/add", prefix="sub")
    home.call("editSiteWorxAccount", {"domain": "example.com", "OPT_SUBDOMAINS": "2"})
    for prefix in ("blog", "very.deep"):
        payload(home, key, "/siteworx/domains/sub/add", prefix=prefix)
    told = refusal(home, key, controller + "add", domain=name)
    assert len(told) == 2
    assert told[1].startswith("domain: ")


@BOTH
def test_a_name_that_was_deleted_is_free_for_its_owner_at_once_and_rests_for_others(
    home: World, key: First, controller: str, option: str
) -> None:
    payload(home, key, controller + "add", domain="old.test")
    payload(home, key, controller + "delete", domain="old.test")
    reseller = home.reseller()
    assert home.refused("createSiteWorxAccount", _opening("old.test"), reseller).code == "DOMAIN_TAKEN"
    home.call("createSiteWorxAccount", _opening("old.test"))


def _opening(domain: str) -> dict[str, Any]:
    return {"master_domain": domain, "email": "a@b.test", "password": "Correct-horse7", "OPT_STORAGE": "1",
            "OPT_BANDWIDTH": "1"}  # fmt: skip


def test_names_that_the_master_adds_to_a_reseller_s_account_are_that_reseller_s(home: World) -> None:
    reseller = home.reseller()
    home.open("sold.test", reseller, OPT_POINTER_DOMAINS="2")
    master = inside("sold.test", home.key())
    payload(home, master, POINTER + "add", domain="old.test")
    payload(home, master, POINTER + "add", domain="a.sold.test")
    payload(home, master, POINTER + "delete", domain="old.test")
    assert home.refused("createSiteWorxAccount", _opening("old.test")).code == "DOMAIN_TAKEN"
    home.call("createSiteWorxAccount", _opening("old.test"), reseller)


@pytest.mark.parametrize("controller", [POINTER, SLAVE])
def test_a_user_of_an_account_takes_no_name_below_a_neighbour_s(
    home: World, key: First, controller: str
) -> None:
    home.panel.dispatch.password_login = True
    home.open("b.test", OPT_POINTER_DOMAINS="2", OPT_SLAVE_DOMAINS="2")
    neighbour = site_user("me@example.com", "b.test")
    assert refusal(home, neighbour, controller + "add", domain="mail.example.com")[1] == (
        "domain: mail.example.com Domain name already exists"
    )
    payload(home, neighbour, controller + "add", domain="mail.b.test")
    payload(home, inside("b.test", home.key()), controller + "add", domain="mail.example.com")


def test_a_user_of_an_account_takes_no_name_that_a_neighbour_had(home: World, key: First) -> None:
    home.panel.dispatch.password_login = True
    home.open("b.test", OPT_POINTER_DOMAINS="2")
    mine, neighbour = site_user("me@example.com", "example.com"), site_user("me@example.com", "b.test")
    payload(home, mine, POINTER + "add", domain="old.test")
    payload(home, mine, POINTER + "delete", domain="old.test")
    assert refusal(home, neighbour, POINTER + "add", domain="old.test")[1] == (
        "domain: old.test Domain name already exists"
    )
    payload(home, mine, POINTER + "add", domain="old.test")


def test_a_closed_account_gives_up_its_names_and_keeps_its_rows_until_it_is_purged(
    home: World, key: First
) -> None:
    payload(home, key, SLAVE + "add", domain="second.test")
    payload(home, key, POINTER + "add", domain="old.test")
    home.call("deleteSiteWorxAccount", {"domain": "example.com"})
    assert home.rows(ZONES) == []
    assert home.value("select count(*) from domain") == 2
    home.open("second.test")
    home.clock.forward(90 * 86400)
    home.sweep()
    home.sweep()
    assert home.rows("select name from domain") == []
    assert home.rows("select name, living from zone") == [("second.test", 1)]
    assert {host.endswith("second.test") for (host,) in home.rows("select host from record")} == {True}


def test_of_calls_at_once_for_one_name_or_the_last_place_one_succeeds(home: World, key: First) -> None:
    def at_once(*sent: dict[str, Any]) -> list[str]:
        add = home.panel.catalogue.routed["/siteworx/domains/pointer", "add"]
        by = [Credentials(local=f"tester{at}", domain="example.com") for at in range(len(sent))]
        asked = [Asked(add, one, who, "route", "id", strict=False) for one, who in zip(sent, by, strict=True)]
        return sorted(outcome.error.code if outcome.error else "ok" for outcome in home.outcomes(*asked))

    assert at_once(*[{"domain": "one.test"}] * 4) == ["DOMAIN_TAKEN"] * 3 + ["ok"]
    assert at_once(*[{"domain": f"n{at}.test"} for at in range(4)]) == ["LIMIT_REACHED"] * 3 + ["ok"]
