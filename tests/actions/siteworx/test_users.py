"""Further users of an account: they do what they were given inside it, nothing else, and give no more."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core.siteusers import MOST
from iwapi.errors import EmailTaken
from iwapi.kinds import Raw
from tests.helpers import PASSWORD, World
from tests.routing import inside, payload, refusal, route, rows, site_user

USERS = "/siteworx/users/"
SECOND, THIRD, OWN = "second@example.com", "third@example.com", "me@example.com"


@pytest.fixture
def key(world: World) -> Any:
    """The administrator's key inside a.test; e-mail and password are another way in."""
    world.panel.dispatch.password_login = True
    world.open("a.test", nickname="A")
    world.open("b.test")
    return inside("a.test", world.key())


def add(world: World, first: Any, email: str = SECOND, *perms: str, **sent: Raw) -> str:
    raw = {"email": email, "password": PASSWORD, "confirm_password": PASSWORD, "nickname": "N",
           "perms": list(perms), **sent}  # fmt: skip
    return str(payload(world, first, USERS + "add", **raw))


def user(email: str = SECOND, domain: str = "a.test", password: str = PASSWORD) -> Any:
    return site_user(email, domain, password)


def row(**others: Any) -> dict[str, Any]:
    return {
        "userid": 1000000001, "nickname": "N", "email": SECOND, "ismaster": 0, "status": "active",
        "perms": ["LOGIN"], **others,
    }  # fmt: skip


OWN_ROW = row(userid=1, nickname="A", email=OWN, ismaster=1, perms=["MASTER"])


def test_a_user_is_added_and_logs_in_with_the_account_s_domain(world: World, key: Any) -> None:
    told = add(world, key, "Second@Example.com", "DNS", "EMAIL", language="en-us", theme="x")
    assert told == "User second@example.com has been added."
    wanted = row(perms=["LOGIN", "EMAIL", "DNS"])
    for email in (SECOND, "SECOND@example.com"):
        told_itself = payload(world, user(email), USERS + "listWorkingUser")
        assert told_itself == wanted
        assert list(told_itself) == list(wanted)
    assert payload(world, user(), USERS + "listMasterUser") == OWN_ROW
    for wrong in (
        user(domain="b.test"),
        user(password="Wrong-horse7"),
        {"email": SECOND, "password": PASSWORD},
    ):
        assert route(world, wrong, USERS + "listWorkingUser")[0] == 401


def test_who_is_above_the_account_is_its_own_log_in_there(world: World, key: Any) -> None:
    for first in (key, user(OWN)):
        assert payload(world, first, USERS + "listWorkingUser") == OWN_ROW


def test_users_are_listed_the_account_s_own_log_in_first(world: World, key: Any) -> None:
    add(world, key)
    add(world, key, THIRD, nickname="Three (3)")
    payload(world, key, USERS + "deactivate", user=THIRD)
    assert rows(world, key, USERS + "listUsers", "map") == [
        {"global_uid": "sw1", "email": OWN, "nickname": "A", "language": "en-us", "user_status": "active",
         "type": "master"},
        {"global_uid": "sw1000000001", "email": SECOND, "nickname": "N", "language": "en-us",
         "user_status": "active", "type": "slave"},
        {"global_uid": "sw1000000002", "email": THIRD, "nickname": "Three (3)", "language": "en-us",
         "user_status": "inactive", "type": "slave"},
    ]  # fmt: skip
    further = [[SECOND, f"N ({SECOND})"], [THIRD, f"Three (3) ({THIRD})"]]
    assert rows(world, key, USERS + "list", "list") == [[OWN, f"A ({OWN})"], *further]
    for action in ("listDeletable", "listEditable"):
        assert rows(world, key, USERS + action, "list") == further
    assert payload(world, key, USERS + "queryEdit", user="THIRD@example.com") == row(
        userid=1000000002, nickname="Three (3)", email=THIRD, status="inactive"
    )
    assert payload(world, key, USERS + "queryEdit", user=OWN) == OWN_ROW
    lines = refusal(world, key, USERS + "queryEdit", user="nobody@example.com")
    assert lines[1] == "user: nobody@example.com This is not a valid option"


def test_another_account_s_users_are_not_there(world: World, key: Any) -> None:
    add(world, key)
    other = {**key, "domain": "b.test"}
    assert [one["email"] for one in rows(world, other, USERS + "listUsers", "map")] == [OWN]
    for action in ("edit", "delete", "activate", "deactivate", "queryEdit"):
        assert refusal(world, other, USERS + action, user=SECOND)[1].startswith(
            f"user: {SECOND} This is not a valid option"
        )
    add(world, other)  # an e-mail address is unique within its account


def test_an_e_mail_address_is_one_user_s_of_an_account(world: World, key: Any) -> None:
    add(world, key)
    add(world, key, THIRD)
    for email in (OWN, "ME@example.com", SECOND, "SECOND@example.com"):
        sent = {"email": email, "password": PASSWORD}
        for action, more in (("add", {}), ("edit", {"user": THIRD})):
            lines = refusal(world, key, USERS + action, **sent, **more)
            assert lines[1:] == [f"email: {email} This e-mail address is already in use"]
    assert payload(world, key, USERS + "edit", user=THIRD, email=THIRD) == f"User {THIRD} has been changed."


def test_the_account_is_given_no_e_mail_address_of_a_user(world: World, key: Any) -> None:
    """The account's own log-in would stand before the user's, which would never be let in again."""
    add(world, key)
    error = world.refused("editSiteWorxAccount", {"domain": "a.test", "email": "Second@example.com"})
    assert (type(error), error.problems[0].field) == (EmailTaken, "email")
    world.call("editSiteWorxAccount", {"domain": "b.test", "email": SECOND})
    assert payload(world, user(), USERS + "listWorkingUser") == row()


def test_a_user_is_changed_in_any_part(world: World, key: Any) -> None:
    add(world, key, SECOND, "EMAIL")
    edit = USERS + "edit"
    fresh = "Another-horse8"
    assert payload(world, key, edit, user=SECOND, nickname="M") == f"User {SECOND} has been changed."
    assert payload(world, user(), USERS + "listWorkingUser") == row(nickname="M", perms=["LOGIN", "EMAIL"])
    payload(world, key, edit, user=SECOND, password=fresh, confirm_password=fresh)
    assert route(world, user(), USERS + "listWorkingUser")[0] == 401
    payload(world, key, edit, user=SECOND, email="New@example.com", perms=["DNS"])
    assert payload(world, user("new@example.com", password=fresh), USERS + "listWorkingUser") == row(
        nickname="M", email="new@example.com", perms=["LOGIN", "DNS"]
    )


def test_who_is_deactivated_or_deleted_is_let_in_no_more(world: World, key: Any) -> None:
    for email in (SECOND, THIRD):
        add(world, key, email)
    both = [SECOND, THIRD, SECOND.upper()]
    told = payload(world, key, USERS + "deactivate", user=both)
    assert told == f"User {SECOND} has been deactivated.\nUser {THIRD} has been deactivated."
    assert route(world, user(), USERS + "listWorkingUser")[0] == 401
    payload(world, key, USERS + "activate", user=SECOND)
    assert payload(world, user(), USERS + "listWorkingUser") == row()
    assert route(world, user(THIRD), USERS + "listWorkingUser")[0] == 401
    told = payload(world, key, USERS + "delete", user=both)
    assert told == f"User {SECOND} has been deleted.\nUser {THIRD} has been deleted."
    assert route(world, user(), USERS + "listWorkingUser")[0] == 401
    assert world.rows("select * from site_user") == []


def test_the_account_s_own_log_in_is_not_changed_here(world: World, key: Any) -> None:
    add(world, key)
    for action in ("edit", "delete", "activate", "deactivate"):
        lines = refusal(world, key, USERS + action, user=OWN)
        assert lines[1].startswith(f"user: {OWN} This is the account's own log-in")
    lines = refusal(world, key, USERS + "delete", user=[SECOND, OWN, "nobody@example.com"])
    assert len(lines) == 3
    assert payload(world, user(), USERS + "listWorkingUser") == row()


GIVEN = {
    "EMAIL": "/siteworx/email/box/listEmailBoxes", "FTP": "/siteworx/ftp/listFtpAccounts",
    "MYSQL": "/siteworx/mysql/db/listMysqlDatabases", "BACKUP": "/siteworx/backup/listAllBackups",
    "CRONTAB": "/siteworx/cron/list", "USERS": "/siteworx/users/listUsers",
}  # fmt: skip


@pytest.mark.parametrize("perm", GIVEN)
def test_a_user_does_what_it_was_given_inside_its_account_and_nothing_else(
    world: World, key: Any, perm: str
) -> None:
    add(world, key, SECOND, perm)
    for name, path in GIVEN.items():
        status, told = route(world, user(), path)
        assert (status == 0) == (name == perm), path
        assert status == 0 or told.startswith("This key or user may not do this")
    assert payload(world, user(), "/siteworx/overview/listMasterDomain") == "a.test"
    for path in ("/nodeworx/siteworx/listAccounts", "/nodeworx/users/listWorkingUser",
                 "/nodeworx/index/getSession", "/siteworx/index/getSession"):  # fmt: skip
        assert refusal(world, user(), path)[0].startswith("This key or user may not do this")


def test_nobody_gives_what_it_has_not(world: World, key: Any) -> None:
    add(world, key, SECOND, "USERS", "EMAIL", "STATS")
    assert add(world, user(), THIRD, "EMAIL") == f"User {THIRD} has been added."
    sent = {"email": "fourth@example.com", "password": PASSWORD}
    for action, more in (("add", sent), ("edit", {"user": THIRD})):
        lines = refusal(world, user(), USERS + action, **more, perms=["EMAIL", "DNS", "LOGS"])
        assert lines[1:] == [
            f"perms: {perm} This is a permission that you have not" for perm in ("LOGS", "DNS")
        ]
    assert refusal(world, user(), USERS + "add", **sent, perms=["EMAIL", "MASTER"])[1].startswith(
        "perms: MASTER This is not a valid option"
    )


def test_nobody_takes_over_who_may_do_more(world: World, key: Any) -> None:
    add(world, key, SECOND, "USERS")
    add(world, key, THIRD, "DNS")
    more = {"password": "Another-horse8", "confirm_password": "Another-horse8"}
    for action, sent in (("edit", more), ("delete", {}), ("deactivate", {}), ("activate", {})):
        lines = refusal(world, user(), USERS + action, user=THIRD, **sent)
        assert lines[1:] == [f"user: {THIRD} This user has permissions that you have not"]
    assert rows(world, user(), USERS + "listEditable", "list") == [[SECOND, f"N ({SECOND})"]]
    assert payload(world, user(OWN), USERS + "edit", user=THIRD, nickname="x")


def test_a_scoped_key_gives_no_more_than_it_may_itself(world: World, key: Any) -> None:
    some = inside("a.test", world.scoped_key("siteusers:edit", "site:read", "email:read"))
    assert add(world, some, SECOND, "EMAIL") == f"User {SECOND} has been added."
    lines = refusal(world, some, USERS + "edit", user=SECOND, perms=["DNS"])
    assert lines[1:] == ["perms: DNS This is a permission that you have not"]


def test_a_suspended_account_s_users_read_and_change_nothing(world: World, key: Any) -> None:
    add(world, key, SECOND, "USERS", "DNS")
    world.call("suspendSiteWorxAccount", {"domain": "a.test"})
    for first in (user(), user(OWN)):
        assert len(rows(world, first, USERS + "listUsers", "map")) == 2
        for action, sent in (("add", {"email": THIRD, "password": PASSWORD}), ("delete", {"user": SECOND})):
            (line,) = refusal(world, first, USERS + action, **sent)
            assert line.startswith("This key or user may not do this: siteusers:edit")
    add(world, key, THIRD)  # who is above the account still may


def test_an_account_has_so_many_users_and_no_more(world: World, key: Any) -> None:
    world.panel.database.change(
        lambda tx: tx.run_many(
            "insert into site_user (account_id, email, nickname, argon2, crypt, perms, created)"
            " values (1, ?, 'N', 'none', 'none', '[\"LOGIN\"]', 0)",
            [(f"u{number}@a.test",) for number in range(MOST - 1)],
        )
    )
    add(world, key)
    lines = refusal(world, key, USERS + "add", email=THIRD, password=PASSWORD)
    assert lines[1:] == [f"email: {THIRD} An account has up to {MOST} further users"]
    payload(world, key, USERS + "delete", user="u0@a.test")
    add(world, key, THIRD)


def test_everything_that_is_wrong_is_named_at_once_and_no_password_is_shown(world: World, key: Any) -> None:
    sent = {"email": OWN, "password": "short", "confirm_password": "other", "perms": ["NOTHING"],
            "locked_domains": "a.test"}  # fmt: skip
    lines = refusal(world, key, USERS + "add", **sent)
    assert [line.split(" ")[0] for line in lines[1:]] == [
        "locked_domains:", "confirm_password:", "password:", "perms:", "email:",
    ]  # fmt: skip
    assert "short" not in str(lines)
    assert "other" not in str(lines).replace("another", "")


def test_passwords_are_kept_as_verifiers_and_recorded_masked(world: World, key: Any) -> None:
    add(world, key)
    ((argon2, crypt),) = world.rows("select argon2, crypt from site_user")
    assert argon2.startswith("$argon2id$")
    assert crypt.startswith("$6$")
    assert PASSWORD not in str(world.rows("select * from audit"))


def test_a_closed_account_s_users_are_let_in_no_more_and_go_with_it(world: World, key: Any) -> None:
    add(world, key)
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    assert route(world, user(), USERS + "listWorkingUser")[0] == 401
    world.clock.forward(world.panel.dispatch.server.grace_seconds + 1)
    for _ in range(3):
        world.sweep()
    assert world.rows("select * from site_user") == []
