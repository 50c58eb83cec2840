"""FTP accounts: the account's own log-in, as InterWorx's users know it."""

from __future__ import annotations

from tests.helpers import World
from tests.routing import inside, refusal, rows

FTP = "/siteworx/ftp/"


def test_there_is_the_account_s_own_log_in_and_it_cannot_be_deleted(world: World) -> None:
    world.open("a.test", uniqname="aaaa")
    world.call("suspendSiteWorxAccount", {"domain": "a.test"})
    first = inside("a.test", world.key())
    (told,) = rows(world, first, FTP + "listFtpAccounts", "object")
    assert told == {
        "username": "ftp", "homedir": f"{world.panel.dispatch.server.homes}/aaaa", "login_count": 0,
        "ismaster": 1, "fulluser": "ftp@a.test", "status": "inactive",
    }  # fmt: skip
    assert list(told) == ["username", "homedir", "login_count", "ismaster", "fulluser", "status"]
    assert type(told["ismaster"]) is int
    assert rows(world, first, FTP + "list", "list") == [["ftp", "ftp@a.test"]]
    assert rows(world, first, FTP + "listDeletable", "list") == []


def test_what_would_change_one_is_not_offered(world: World) -> None:
    world.open("a.test")
    (told,) = refusal(world, inside("a.test", world.key()), FTP + "add", user="x", password="Correct-horse7")
    nearest = "The nearest that it offers is /siteworx/ftp listDeletable."
    assert told == f"/siteworx/ftp add is not offered by this server. {nearest}"
