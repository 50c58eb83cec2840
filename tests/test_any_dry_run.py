"""Whatever state the panel is in and whatever is called: a dry run says yes exactly when the call then
succeeds, no with the same error and problems, and it changes nothing."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from iwapi.action import Action
from iwapi.asked import Asked, Credentials
from iwapi.core.server import DAY
from iwapi.core.sessions import token_mac
from iwapi.kinds import Plain, Raw
from iwapi.provision.recording import Recording
from iwapi.store.db import Tx
from iwapi.store.sessions import Sessions
from tests.dryruns import foretold, told_difference
from tests.helpers import (
    DEDICATED,
    LOCAL,
    PASSWORD,
    SHARED,
    UNLIMITED_RESELLER,
    World,
    config,
    opening,
    selling,
)
from tests.helpers import open_world as open_
from tests.sitenames import meant
from tests.test_every_action import CATALOGUE, SOME, example

_ELSEWHERE = {"log_in", "open_link", "editAdministrator"}
ACTIONS = [
    item for item in CATALOGUE.actions
    if item.writes and not _ELSEWHERE & {item.name, item.run.__name__} and "/admin" not in item.controller
]  # fmt: skip
ACCOUNTS = ["a.test", "b.a.test", "c.test"]
POOLS: dict[str, list[Raw]] = {
    "domain": [*ACCOUNTS, "x", "nowhere.test"], "master_domain": [*ACCOUNTS, "d.test", "x"],
    "login_domain": ACCOUNTS, "uniqname": ["aaaa", "bbbb", "0"], "user": ["aaaa", "bbbb"],
    "external_id": ["1", "2"], "new_external_id": ["1", "3"], "expect_version": ["1", "2"],
    "expect_domain": ACCOUNTS, "siteworx_id": ["1", "2", "3"], "reason": ["billing", "abuse", "why"],
    "at": ["2027-01-20T00:00:00Z", "2020-01-01T00:00:00Z", "x"], "job": ["1", "2", "9"],
    "email": ["me@example.com", "taken@example.com", "x"], "password": [PASSWORD, "short"],
    "nickname": ["N", ""], "status": ["0", "1", "active", "inactive"], "packagetemplate": ["basic", "none"],
    "package_name": ["basic", "gold", ""], "new_package_name": ["gold"], "id": ["1", "2", "9"],
    "reseller_id": ["2", "3", "4", "1"], "nodeworx_id": ["2", "9"], "ipv4": [SHARED, DEDICATED[0]],
    "master_domain_ipv4": [SHARED, DEDICATED[0]], "master_domain_ipv6": ["2001:db8::9"],
    "OPT_STORAGE": ["0", "5", "999999999"], "OPT_BANDWIDTH": ["1", "5"], "OPT_SUBDOMAINS": ["0", "2"],
    "RSL_OPT_STORAGE": ["10", "1", "-1"], "RSL_OPT_BANDWIDTH": ["10"],
    "RSL_OPT_SITEWORX_ACCOUNTS": ["0", "1", "5"], "prefix": ["www", "s", "t"], "perms": ["EMAIL", "x"],
    "zone_id": ["1", "2"], "record_id": [str(number) for number in range(1, 12)],
}  # fmt: skip
USUAL = {"OPT_STORAGE", "OPT_BANDWIDTH", "RSL_OPT_STORAGE", "RSL_OPT_BANDWIDTH", "RSL_OPT_SITEWORX_ACCOUNTS"}
CALLERS = ("master", "reseller", "other", "site", "user")


@dataclasses.dataclass(frozen=True)
class Step:
    """A call by one of the callers, inside an account; before it time goes by, or services are stuck."""

    action: Action
    raw: dict[str, Raw]
    by: str
    inside: str
    options: dict[str, Raw]
    hears: bool
    seconds: int
    stuck: bool

    def __repr__(self) -> str:
        return f"{self.action.path} {self.raw} by {self.by} {self.inside} {self.options}"


@st.composite
def steps(draw: st.DrawFn) -> Step:
    action = draw(st.sampled_from(ACTIONS))
    raw: dict[str, Raw] = {}
    of_it = meant(action)
    for item in action.input.fields:
        made = example(item.shape)
        pool = POOLS.get(item.name) or of_it.get(item.name) or SOME.get(item.name) or [made]
        often = item.required or item.name in USUAL
        if draw(st.integers(0, 9)) < (9 if often else 2):
            raw[item.name] = draw(st.sampled_from([*pool[:1], *pool]))
    inside = draw(st.sampled_from(ACCOUNTS)) if action.controller.startswith("/siteworx/") else ""
    key = draw(st.sampled_from([None, None, None, "whmcs-1-open", "whmcs-2-open"]))
    return Step(
        action, raw, draw(st.sampled_from(CALLERS[:1] * 4 + CALLERS)), inside,
        {} if key is None else {"idempotency_key": key}, draw(st.integers(0, 5)) > 0,
        draw(st.sampled_from([0, 0, 0, 60, 8 * DAY, 40 * DAY])), draw(st.integers(0, 7)) == 0,
    )  # fmt: skip


def lives(world: World) -> dict[str, Credentials]:
    """Accounts, resellers and users, and who calls."""
    by = {"master": LOCAL, "reseller": world.reseller(), "other": world.reseller("other@example.com")}
    world.call("createReseller", selling("taken@example.com"))
    limits: dict[str, Raw] = {"OPT_STORAGE": "5", "OPT_BANDWIDTH": "5", "OPT_SUBDOMAINS": "2"}
    limits |= {"OPT_POINTER_DOMAINS": "2", "OPT_SLAVE_DOMAINS": "2", "OPT_DNS_RECORDS": "1"}
    for who in ("master", "reseller"):
        world.call("createPackage", {"package_name": "basic", **limits}, by[who])
    world.call("createResellerPackage", {"package_name": "basic", **UNLIMITED_RESELLER})
    world.open("a.test", uniqname="aaaa", external_id="1", packagetemplate="basic", **limits)
    world.open("c.test", by["reseller"], uniqname="cccc", **limits)
    inside_it = dataclasses.replace(LOCAL, domain="a.test")
    world.call("/siteworx/domains/sub/add", {"prefix": "s"}, inside_it)
    user: dict[str, Raw] = {"email": "u@a.test", "nickname": "U", "password": PASSWORD, "perms": "LOGIN"}
    world.call("/siteworx/users/add", user, inside_it)
    return by


def credentials(world: World, by: dict[str, Credentials], step: Step) -> Credentials:
    if step.by in by:
        return dataclasses.replace(by[step.by], domain=step.inside or None)
    token = Plain(f"a token of {step.by}")
    owner = 1 if step.by == "site" else 2

    def begin(tx: Tx) -> None:
        tx.run("delete from session where token_mac = ?", token_mac(world.panel.pepper, token).hex())
        found = tx.value("select min(id) from account where owner = ? and state = 'active'", owner)
        if found is not None:
            mac = token_mac(world.panel.pepper, token)
            Sessions(tx, int(world.clock())).add(mac, "api", owner, "192.0.2.9", found)

    world.panel.database.change(begin)
    return Credentials(session=token, address="192.0.2.9")


def stick(world: World, driver: Recording) -> None:
    """Have a change of a.test wait for services that fail."""
    driver.fail(9)
    world.outcome("createSiteWorxAccount", opening("b.a.test", uniqname="bbbb"))
    world.outcome("deleteSiteWorxAccount", {"domain": "a.test"})
    driver.fail(0)


def live(installed: Path, folder: Path, taken: list[Step]) -> tuple[int, int]:
    """Take the steps in a fresh panel; how many calls succeeded and how many were refused."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(installed, folder)
    driver = Recording()
    world = open_(folder, [driver], config(max_accounts=5, terminations_most=3))
    try:
        by, ended = lives(world), [0, 0]
        for step in taken:
            world.clock.forward(step.seconds)
            world.sweep()
            if step.stuck:
                stick(world, driver)
            world.hears = step.hears
            sent = credentials(world, by, step)
            world.settle()
            asked = Asked(step.action, step.raw, sent, "pages", "r", options=step.options)
            one = foretold(world, asked, driver)
            told_difference(one)
            ended[one.real.error is not None] += 1
        return ended[0], ended[1]
    finally:
        world.panel.close()


def search(installed: Path, folder: Path, examples: int, calls: int) -> Any:
    seen = [0, 0]

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(st.lists(steps(), min_size=calls // 2, max_size=calls))
    def run(taken: list[Step]) -> None:
        for at, count in enumerate(live(installed, folder, taken)):
            seen[at] += count

    run()
    assert min(seen) > examples, "too little happened"


def test_a_dry_run_says_what_comes(installed: Path, tmp_path: Path, cheap_passwords: None) -> None:
    search(installed, tmp_path / "state", 8, 20)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_dry_runs_say_what_comes(installed: Path, tmp_path: Path, cheap_passwords: None) -> None:
    search(installed, tmp_path / "state", 150, 60)
