"""Mail, databases, cron jobs and backups: their lists answer what exists, which is nothing."""

from __future__ import annotations

import pytest

from iwapi.wires.phpsoap import write_route
from tests.helpers import World
from tests.routing import inside, payload, route, rows, site_user

LISTS = {
    "email/box/listEmailBoxes": "object", "email/box/list": "list", "email/alias/listEmailAliases": "object",
    "email/group/listEmailGroups": "object", "email/autoresponde/listEmailAutoresponders": "object",
    "mysql/db/listMysqlDatabases": "object", "mysql/user/listMysqlUsers": "object", "cron/list": "map",
    "cron/queryJobs": "map", "backup/listAllBackups": "object", "backup/listDailyBackups": "object",
    "backup/listWeeklyBackups": "object", "backup/listMonthlyBackups": "object",
    "backup/schedule/listScheduled": "object", "ftp/sessions/listFtpSessions": "object",
    "mysql/db/listMysqlHost": "object", "mysql/perms/listAvailablePerms": "object",
    "email/domainkeys/listDomainKeys": "object", "email/filters/listFilters": "object",
    "email/spamprefs/listPreferences": "object", "email/spamprefs/listSpamPreferenceIds": "object",
    "email/spamprefs/listGlobalPreferences": "object",
    "email/remotesetup/listLocalDeliveryStatus": "object",
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_what_there_is_not_is_the_empty_array(world: World, path: str) -> None:
    world.open("a.test")
    world.panel.dispatch.password_login = True
    for first in (inside("a.test", world.key()), site_user("me@example.com", "a.test")):
        assert rows(world, first, f"/siteworx/{path}", LISTS[path], perms=["EMAIL"]) == []
    answer = write_route("1.1", 0, payload(world, first, f"/siteworx/{path}"))
    assert b'arrayType="xsd:ur-type[0]"' in answer


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_no_account_is_refused(world: World, path: str) -> None:
    status, told = route(world, inside("nowhere.test", world.key()), f"/siteworx/{path}")
    assert status == 11
    assert "domain: nowhere.test This is not a valid option" in told


def test_where_mail_goes_and_who_may_send_it_is_what_the_zones_say(world: World) -> None:
    world.open("a.test")
    first = inside("a.test", world.key())
    (mx,) = rows(world, first, "/siteworx/email/remotesetup/listMxRecords", "object")
    assert (mx["type"], mx["host"], mx["target"]) == ("MX", "a.test", "mail.a.test")
    (label,) = rows(world, first, "/siteworx/email/remotesetup/listMxRecordIds", "list")
    assert label == [mx["record_id"], "a.test mail.a.test"]
    (spf,) = rows(world, first, "/siteworx/email/spf/listSpfRecords", "object")
    assert (spf["type"], spf["target"]) == ("TXT", "v=spf1 a mx ~all")
