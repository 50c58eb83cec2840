"""What dry runs tell, and that they change nothing."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from iwapi.asked import Credentials
from iwapi.errors import DryRun
from iwapi.kinds import MASK, Plain, Raw
from iwapi.store import watch
from tests.helpers import ADMIN, LOCAL, PASSWORD, World, opening

DRY = {"dry_run": "1"}

pytestmark = pytest.mark.both_databases


def dry(world: World, name: str, raw: dict[str, Raw], by: Credentials = LOCAL) -> DryRun:
    error = world.refused(name, raw, by, options=DRY)
    assert isinstance(error, DryRun), error.message
    return error


def test_a_link_that_a_dry_run_opens_opens_afterwards(world: World) -> None:
    world.open()
    link = world.call("siteworxLogin", {"login_domain": "example.com"}).token_url.reveal
    by = Credentials(session=Plain(link.rpartition("=")[2]), address="192.0.2.9")
    assert [(one.member, one.before) for one in dry(world, "open_link", {}, by).changes] == [("kind", "link")]
    assert world.call("open_link", by=by).site.account.master_domain == "example.com"


def job_named(about: str) -> int:
    """The number of a scheduled suspension."""
    found = re.fullmatch(r"job (\d+) \(suspendSiteWorxAccount of example\.com\)", about)
    assert found, about
    return int(found[1])


def test_a_scheduled_change_is_told_and_its_cancelling(world: World) -> None:
    world.open()
    later = {"domain": "example.com", "reason": "billing", "at": "2027-02-01T00:00:00Z"}
    told = dry(world, "suspendSiteWorxAccount", {**later})
    assert [(one.member, one.after) for one in told.changes] == [
        ("action", "suspendSiteWorxAccount"), ("due", "2027-02-01T00:00:00Z"),
    ]  # fmt: skip
    assert job_named(told.changes[0].about)
    assert world.call("listJobs").jobs[0].action == "createSiteWorxAccount"
    world.call("suspendSiteWorxAccount", {**later})
    job = {"job": str(world.value("select id from job where due is not null"))}
    (change,) = dry(world, "cancelJob", {**job}).changes
    assert (change.member, change.before, change.after) == ("outcome", "", "cancelled")
    (replaced, *new) = dry(world, "suspendSiteWorxAccount", {**later, "at": "2027-03-01T00:00:00Z"}).changes
    assert (replaced.about, replaced.after) == (change.about, "replaced")
    (about,) = {one.about for one in new}
    assert job_named(about) > job_named(replaced.about) == int(str(job["job"]))
    assert world.call("getJob", {**job}).state == "scheduled"


def test_who_suspended_an_account_is_not_told_and_a_hold_only_where_there_is_one(world: World) -> None:
    assert "hold" not in {one.member for one in dry(world, "createSiteWorxAccount", {**opening()}).changes}
    world.open()
    members = {one.member for one in dry(world, "suspendSiteWorxAccount", {"domain": "example.com"}).changes}
    assert "reason" in members
    assert "by_master" not in members
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    held = {"domain": "example.com", "hold": "1"}
    assert ("hold", "", "1") in told_of(dry(world, "holdSiteWorxAccount", {**held}))
    world.call("holdSiteWorxAccount", {**held})
    assert ("hold", "1", "") in told_of(dry(world, "holdSiteWorxAccount", {**held, "hold": "0"}))


def told_of(error: DryRun) -> set[tuple[str, str, str]]:
    return {(one.member, one.before, one.after) for one in error.changes}


def test_all_violations_come_as_they_would(world: World) -> None:
    world.open()
    wrong = opening("example.com", uniqname="examplec", master_domain_ipv4="203.0.113.1", password="x")
    said = [world.refused("createSiteWorxAccount", wrong, options=options) for options in (DRY, {})]
    assert said[0].problems == said[1].problems
    assert len(said[0].problems) == 4


def test_a_reading_action_takes_a_dry_run_and_does_what_it_does(world: World) -> None:
    world.open()
    assert world.call("getSiteWorxAccount", {"domain": "example.com"}, options=DRY).version == 1


def test_it_is_recorded_as_one(world: World) -> None:
    dry(world, "createSiteWorxAccount", opening())
    assert world.rows("select about, result from audit order by id desc limit 1") == [
        ("example.com", "DRY_RUN")
    ]


def test_an_account_that_would_be_there_is_told_whole_and_its_password_never(world: World) -> None:
    changes = dry(world, "createSiteWorxAccount", opening()).changes
    found = {(one.about, one.member): one.after for one in changes}
    assert found["account example.com", "uniqname"] == "examplec"
    assert found["account example.com", "OPT_STORAGE"] == "10"
    assert found["account example.com", "password"] == "(set)"
    assert found["record mail.example.com A", "value"] == "192.0.2.1"
    world.open()
    change: dict[str, Raw] = {"domain": "example.com", "password": PASSWORD, "nickname": "N"}
    error = dry(world, "editSiteWorxAccount", change)
    assert error.message.splitlines() == [
        "Dry run: the call would succeed. Nothing was changed.",
        "account example.com: nickname: example.com -> N; version: 1 -> 2; password: (changed)",
    ]
    assert "$" not in error.message


def test_what_an_account_uses_beyond_a_package_is_told(world: World) -> None:
    account = world.open(OPT_SUBDOMAINS="9", OPT_STORAGE="1000").siteworx_id
    inside_it = dataclasses.replace(LOCAL, domain="example.com")
    for prefix in ("a", "b", "c"):
        world.call("/siteworx/domains/sub/add", {"prefix": prefix}, inside_it)
    world.call("createPackage", {"package_name": "small", "OPT_STORAGE": "500", "OPT_BANDWIDTH": "5",
                                 "OPT_SUBDOMAINS": "2"})  # fmt: skip
    measured = int(world.clock())
    sql = "insert into storage (account_id, bytes, measured) values (?, ?, ?)"
    world.panel.database.change(lambda tx: tx.run(f"delete from storage where account_id = {account}"))
    world.panel.database.change(lambda tx: tx.run(sql, account, 812 << 20, measured))
    package = {"domain": "example.com", "packagetemplate": "small"}
    for name in ("editSiteWorxAccount", "changeSiteWorxPackage"):
        assert dry(world, name, {**package}).consequences == (
            "account example.com: storage: 812 MB used, the package allows 500",
            "account example.com: 3 subdomains, the package allows 2",
        )
    limit = dry(world, "editSiteWorxAccount", {"domain": "example.com", "OPT_SUBDOMAINS": "1"})
    assert limit.consequences == ("account example.com: 3 subdomains, the limit is 1",)
    assert dry(world, "editSiteWorxAccount", {"domain": "example.com", "nickname": "N"}).consequences == ()


def test_what_a_closed_account_loses_is_told(world: World) -> None:
    world.open(OPT_SUBDOMAINS="9")
    world.call("/siteworx/domains/sub/add", {"prefix": "a"}, dataclasses.replace(LOCAL, domain="example.com"))
    error = dry(world, "deleteSiteWorxAccount", {"domain": "example.com"})
    (said,) = error.consequences
    assert said.startswith(
        "account example.com: 2 sites, 1 zone, 0 further users, 0 MB are kept until 2027-01-22"
    )
    assert ("status", "active", "closed") in {(one.member, one.before, one.after) for one in error.changes}


def test_what_follows_for_a_reseller_is_told(world: World) -> None:
    by = world.reseller()
    for name in ("a.test", "b.test"):
        world.open(name, by)
    small: dict[str, Raw] = {"reseller_id": "2", "RSL_OPT_STORAGE": "15", "RSL_OPT_SITEWORX_ACCOUNTS": "1"}
    assert dry(world, "editReseller", small).consequences == (
        "reseller reseller@example.com: 20 MB of storage given to its accounts, the limit is 15",
        "reseller reseller@example.com: 2 accounts, the limit is 1",
    )
    suspended = dry(world, "editReseller", {"reseller_id": "2", "status": "inactive"})
    assert suspended.consequences == ("user reseller@example.com: 2 accounts are suspended with it",)


def test_a_key_that_would_be_revoked_says_when_it_was_used(world: World) -> None:
    key = world.key().apikey
    assert key is not None
    (said,) = dry(world, "deleteApiKey", {}).consequences
    assert re.fullmatch(rf"key \w+ of {re.escape(ADMIN)} was never used", said)
    world.outcome("listPackages", {}, Credentials(apikey=key, address="198.51.100.7", client="test"))
    world.settle()
    error = dry(world, "deleteApiKey", {})
    assert error.consequences[0].endswith("last used on 2027-01-15 08:00 UTC from 198.51.100.7 by test")
    assert not any(key.reveal in str(vars(one)) or MASK in one.after for one in error.changes)


def test_more_rows_than_are_looked_at_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST", 3)
    error = dry(world, "createSiteWorxAccount", opening())
    assert {one.about for one in error.changes} == {"account example.com", "zone example.com"}
    assert error.consequences == ("11 further rows would be written, which are not looked at here",)


def test_a_dry_run_in_a_batch_leaves_the_calls_beside_it(world: World) -> None:
    """The savepoint of the one is not that of the others."""
    asked = [
        world.asked(
            "createSiteWorxAccount", opening(f"{name}.test", uniqname=name), LOCAL, "cli", options=options
        )
        for name, options in (("first", {}), ("dry", DRY), ("last", {}))
    ]
    codes = [outcome.error and outcome.error.code for outcome in world.outcomes(*asked)]
    assert codes == [None, "DRY_RUN", None]
    assert world.rows("select domain from account order by id") == [("first.test",), ("last.test",)]


def test_no_file_changes(home: World) -> None:
    home.open()
    before = _files(home.panel.state / "homes")
    assert before
    inside_it = dataclasses.replace(LOCAL, domain="example.com")
    dry(home, "createSiteWorxAccount", opening("b.test"))
    dry(home, "deleteSiteWorxAccount", {"domain": "example.com"})
    dry(home, "editSiteWorxAccount", {"domain": "example.com", "OPT_SUBDOMAINS": "4"})
    home.call("editSiteWorxAccount", {"domain": "example.com", "OPT_SUBDOMAINS": "4"})
    dry(home, "/siteworx/domains/sub/add", {"prefix": "a"}, inside_it)
    home.sweep()
    assert _files(home.panel.state / "homes") == before


def _files(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def test_what_a_purged_account_loses_is_told_and_its_return(world: World) -> None:
    world.open()
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    (said,) = dry(world, "purgeSiteWorxAccount", {"domain": "example.com"}).consequences
    assert said == "account example.com: 1 site, 1 zone, 0 further users, 0 MB are lost"
    found = {(one.about, one.member, one.before, one.after)
             for one in dry(world, "restoreSiteWorxAccount", {"domain": "example.com"}).changes}  # fmt: skip
    assert ("account example.com", "status", "closed", "active") in found
    assert ("zone example.com", "status", "closed", "active") in found


def test_a_close_that_trips_the_breaker_says_so_and_trips_nothing(world: World) -> None:
    small = dataclasses.replace(world.panel.dispatch.server, terminations_most=1)
    world.panel.dispatch.server = small
    by = world.key()
    world.open()
    changes = dry(world, "deleteSiteWorxAccount", {"domain": "example.com"}, by).changes
    assert ("terminations", "1") in {
        (one.member, one.after) for one in changes if one.about.startswith("breaker")
    }
    assert world.rows("select * from termination") == world.rows("select * from breaker") == []
    world.call("deleteSiteWorxAccount", {"domain": "example.com"}, by)
    who = {"who": str(world.value("select who from breaker"))}
    assert {one.before for one in dry(world, "approveTerminations", {**who}).changes} >= {"1", who["who"]}
    assert world.value("select count(*) from breaker") == 1


def test_a_repeat_says_what_the_repeat_gets(world: World) -> None:
    named = {"idempotency_key": "order-1-open"}
    world.call("createSiteWorxAccount", opening(), options=named)
    error = world.refused("createSiteWorxAccount", opening(), options=named | DRY)
    assert isinstance(error, DryRun)
    assert error.message.endswith("\nNothing would change.")
    other = world.refused("createSiteWorxAccount", opening("b.test"), options=named | DRY)
    assert other.code == "IDEMPOTENCY_MISMATCH"
    world.call("generateApiKey", options={"idempotency_key": "order-1-key"})
    for options in ({}, DRY):
        again = world.refused("generateApiKey", options={"idempotency_key": "order-1-key"} | options)
        assert again.code == "ALREADY_DONE"


def test_a_dry_run_with_a_key_spends_no_key(world: World) -> None:
    named = {"idempotency_key": "order-1-open"}
    error = world.refused("createSiteWorxAccount", opening(), options=named | DRY)
    assert isinstance(error, DryRun)
    assert world.call("createSiteWorxAccount", opening("b.test"), options=named).master_domain == "b.test"
