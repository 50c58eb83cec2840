"""What the tests of all actions find of jobs: one that waits for its time, one of an account never built."""

from __future__ import annotations

from typing import Any

from iwapi.action import Action
from iwapi.kinds import Raw
from iwapi.provision.recording import Recording
from tests.helpers import World, opening

SCHEDULED, OPENS = 3001, 3000
_NEVER = 4_000_000_000
_LIVING = "select id from account where domain = 'never.test' and state in ('active', 'inactive')"


def meant_jobs(action: Action) -> dict[str, list[Raw]]:
    """Values for the inputs of an action on jobs. Nobody waits for one that never ends."""
    if action.controller != "/nodeworx/jobs":
        return {}
    numbers: list[Raw] = [str(OPENS), str(SCHEDULED), "1", "99999", "0"]
    if action.name == "waitJob":
        numbers = numbers[1:]
    return {
        "job": numbers,
        "job_state": ["waiting", "scheduled", "done", "cancelled", "x"],
        "open_only": ["1", "x"],
    }


def furnish_jobs(world: World) -> None:
    """The two jobs, by their numbers; nothing is tried for the second one by itself."""
    scheduled = (
        "insert into job (id, account_id, generation, action, request_id, created, owner, about, due, wish)"
        " select ?, id, 0, 'suspendSiteWorxAccount', 'earlier', 0, owner, domain, ?, ? from account"
        " where domain = 'example.com' and state in ('active', 'inactive')"
    )
    wish = '{"do": "suspend", "reason": "abuse", "message": "", "by_master": true}'

    def write(tx: Any) -> None:
        if tx.one("select 1 from job where id = ? and finished is null", SCHEDULED) is None:
            tx.run("delete from job where id = ?", SCHEDULED)
            tx.run(scheduled, SCHEDULED, _NEVER, wish)

    world.panel.database.change(write)
    if world.rows(_LIVING):
        return
    (driver,) = world.panel.engine.drivers
    assert isinstance(driver, Recording)
    driver.fail(2)
    job = world.refused("createSiteWorxAccount", opening("never.test", uniqname="never")).job
    driver.fail(0)

    def number(tx: Any) -> None:
        account_id = tx.value(_LIVING)
        if account_id is not None:
            tx.run("delete from job where id = ?", OPENS)
            tx.run("delete from record_job where job = ?", job)
            tx.run("update job set id = ? where id = ? and account_id = ?", OPENS, job, account_id)
            tx.run("update account set next_try = ? where id = ?", _NEVER, account_id)

    world.panel.database.change(number)
