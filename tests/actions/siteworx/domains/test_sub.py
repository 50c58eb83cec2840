"""Subdomains by `route`: names, folders, records, limits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import SHARED, World
from tests.routing import First, inside, payload, refusal, rows

SUB = "/siteworx/domains/sub/"
DNS = "/siteworx/dns/"


@pytest.fixture
def key(home: World) -> First:
    """The administrator's key inside example.com, which may have three subdomains."""
    home.open(OPT_SUBDOMAINS="3")
    return inside("example.com", home.key())


def page(world: World, path: str) -> Path:
    return world.panel.state / "homes" / "examplec" / "example.com" / "html" / path / "index.html"


def hosts(world: World) -> list[str]:
    names = world.rows("select host from record where type = 'A' and value = ?", SHARED)
    return sorted(str(host).removesuffix(".example.com") for (host,) in names)


def test_a_subdomain_gets_a_folder_and_records_and_leaves_its_files(home: World, key: First) -> None:
    before = hosts(home)
    assert rows(home, key, SUB + "listSubdomains", "object") == []
    assert payload(home, key, SUB + "add", prefix="Blog") == "Subdomain blog.example.com has been added."
    assert page(home, "blog").read_text().count("blog.example.com")
    assert hosts(home) == sorted([*before, "blog", "www.blog"])
    assert rows(home, key, SUB + "listSubdomains", "object") == [
        {"prefix": "blog", "domain": "blog.example.com", "docroot": "example.com/html/blog"}
    ]
    page(home, "blog").write_text("mine")
    assert payload(home, key, SUB + "delete", prefix="blog", delete_dir="0") == (
        "Subdomain blog.example.com has been deleted."
    )
    assert (hosts(home), page(home, "blog").read_text()) == (before, "mine")
    payload(home, key, SUB + "add", prefix="blog")
    assert page(home, "blog").read_text() == "mine"


def test_to_delete_the_files_too_is_refused(home: World, key: First) -> None:
    payload(home, key, SUB + "add", prefix="blog")
    told = refusal(home, key, SUB + "delete", prefix="blog", delete_dir="1")
    assert told[1] == "delete_dir: 1 This input is not offered by this server"
    assert len(rows(home, key, SUB + "listSubdomains", "object")) == 1


def test_records_that_are_there_are_left_as_they_are(home: World, key: First) -> None:
    payload(home, key, DNS + "addCNAME", zone_id="1", host="blog", alias="example.org")
    payload(home, key, DNS + "addA", zone_id="1", host="www.blog", ipaddress="192.0.2.99")
    payload(home, key, DNS + "addTXT", zone_id="1", host="shop", text="x")
    before = home.rows("select host, type, value from record order by id")
    payload(home, key, SUB + "add", prefix="blog")
    assert home.rows("select host, type, value from record order by id") == before
    payload(home, key, SUB + "add", prefix="shop")
    payload(home, key, SUB + "delete", prefix=["blog", "shop"])
    assert home.rows("select host, type, value from record order by id") == before


@pytest.mark.parametrize(
    ("prefix", "problem"),
    [
        *((prefix, "belongs to the main domain") for prefix in ("www", "mail", "FTP", "www.blog")),
        *((prefix, "Domain name already exists") for prefix in ("blog", "taken", "zone")),
        ("a.zone", "This name belongs to the zone of zone.example.com"),
        *((prefix, "not a valid host name") for prefix in ("a..b", "-a", "*", "_a", "../a", "a" * 64)),
        (".".join(["a" * 60] * 4), "too long"), ("", "This input is required"),
    ],
)  # fmt: skip
def test_a_prefix_that_cannot_be_or_is_taken_is_refused(
    home: World, key: First, prefix: str, problem: str
) -> None:
    home.open("taken.example.com")
    home.call("editSiteWorxAccount", {"domain": "taken.example.com", "OPT_SLAVE_DOMAINS": "1"})
    master = home.key()
    taken, key = inside("taken.example.com", master), inside("example.com", master)
    payload(home, taken, "/siteworx/domains/slave/add", domain="zone.example.com")
    payload(home, key, SUB + "add", prefix="blog")
    (told,) = refusal(home, key, SUB + "add", prefix=prefix)[1:]
    assert told.startswith("prefix: ")
    assert problem in told


def test_prefixes_have_one_or_more_labels_and_stand_below_each_other(home: World, key: First) -> None:
    for prefix in ("a.b", "b", "x.b"):
        payload(home, key, SUB + "add", prefix=prefix)
    found = [row["domain"] for row in rows(home, key, SUB + "listSubdomains", "object")]
    assert sorted(found) == ["a.b.example.com", "b.example.com", "x.b.example.com"]
    assert page(home, "a.b").exists()


def test_a_limit_is_a_limit_and_what_is_deleted_makes_room(home: World, key: First) -> None:
    for prefix in ("a", "b", "c"):
        payload(home, key, SUB + "add", prefix=prefix)
    assert refusal(home, key, SUB + "add", prefix="d")[1] == (
        "OPT_SUBDOMAINS: (nothing) The account has as many as it may have (up to 3)"
    )
    assert home.rows("select name from domain where name like 'd%'") == []
    payload(home, key, SUB + "delete", prefix="a")
    payload(home, key, SUB + "add", prefix="d")


def test_several_are_deleted_all_or_none(home: World, key: First) -> None:
    for prefix in ("a", "b"):
        payload(home, key, SUB + "add", prefix=prefix)
    told = refusal(home, key, SUB + "delete", prefix=["a", "c"])
    assert told[1] == "prefix: c This is not a valid option (one that is listed)"
    assert payload(home, key, SUB + "delete", prefix=["a", "b", "a"]).count("\n") == 1
    assert rows(home, key, SUB + "listSubdomains", "object") == []


def test_when_its_folder_cannot_be_made_the_call_says_so_and_it_is_made_later(
    home: World, key: First, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", full)
        assert "still in progress" in refusal(home, key, SUB + "add", prefix="blog")[0]
    home.clock.forward(2)
    home.sweep()
    assert page(home, "blog").exists()
