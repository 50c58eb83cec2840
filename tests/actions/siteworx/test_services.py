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
    "backup/schedule/listScheduled": "object",
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
