"""Any life of a few accounts ends where a simple model of it ends; kept totals are always those counted."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from iwapi.asked import Credentials
from iwapi.core.server import DAY
from iwapi.kinds import Raw
from iwapi.provision.recording import Recording
from iwapi.store import audit
from tests.helpers import DEDICATED, LOCAL, SHARED, World, config, drop_store, open_world, opening, renew

DOMAINS = ["a.test", "b.a.test", "c.b.a.test", "d.test"]
NAMES = ["aaaa", "bbbb", "cccc"]
MOST = 3
RESELLER_S = DEDICATED[0]


@dataclasses.dataclass
class Modelled:
    owner: str
    uniqname: str
    address: str | None
    status: str = "active"
    package: str | None = None


class Life(RuleBasedStateMachine):
    """What callers do, and a model of what must come of it."""

    store: str
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        renew(self.store, self.folder)
        self.driver = Recording()
        self.world: World = open_world(self.folder, [self.driver], config(max_accounts=MOST))
        self.by: dict[str, Credentials] = {"master": LOCAL, "reseller": self.world.reseller()}
        allowed: dict[str, Raw] = {"reseller_id": "2", "ipv4": [SHARED, RESELLER_S]}
        self.world.call("editReseller", allowed)
        for by in self.by.values():
            self.world.call(
                "createPackage", {"package_name": "basic", "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}, by
            )
        self.accounts: dict[str, Modelled] = {}
        self.resting: dict[str, tuple[str, float]] = {}

    def teardown(self) -> None:
        with self.world.panel.database.snapshot() as tx:
            assert audit.broken_at(tx, self.world.panel.pepper) is None
        assert self.world.rows("select * from job where finished is null") == []
        self.world.panel.close()

    def rests(self, name: str, owner: str) -> bool:
        holder, until = self.resting.get(name, (owner, 0))
        return holder != owner and self.world.clock.now < until

    def near(self, domain: str, owner: str) -> bool:
        """Whether another owner has a name above or below this one, or one rests for it."""
        others = {other for other, one in self.accounts.items() if one.owner != owner}
        others |= {name for name in self.resting if self.rests(name, owner)}
        return any(domain.endswith("." + other) or other.endswith("." + domain) for other in others)

    def expected(self, domain: str, uniqname: str, address: str | None, owner: str) -> set[str]:
        """The codes of what is wrong with a new account."""
        codes = set()
        if domain in self.accounts or self.near(domain, owner) or self.rests(domain, owner):
            codes.add("DOMAIN_TAKEN")
        if uniqname in {one.uniqname for one in self.accounts.values()} or self.rests(uniqname, owner):
            codes.add("UNIX_NAME_TAKEN")
        taken = address in {one.address for one in self.accounts.values()}
        if address is not None and (taken or (owner == "reseller") != (address == RESELLER_S)):
            codes.add("ADDRESS_NOT_FREE")
        return codes or ({"SERVER_FULL"} if len(self.accounts) >= MOST else set())

    @rule(
        domain=st.sampled_from(DOMAINS), uniqname=st.sampled_from(NAMES),
        owner=st.sampled_from(["master", "reseller"]), address=st.sampled_from([None, *DEDICATED]),
        fails=st.sampled_from([False, False, False, True]),
    )  # fmt: skip
    def create(self, domain: str, uniqname: str, owner: str, address: str | None, fails: bool) -> None:
        raw = opening(domain, uniqname=uniqname, **({"master_domain_ipv4": address} if address else {}))
        expected = self.expected(domain, uniqname, address, owner)
        self.driver.fail(1 if fails and not expected else 0)
        error = self.world.outcome("createSiteWorxAccount", raw, self.by[owner]).error
        if expected:
            assert error is not None
            assert ({p.code for p in error.problems} or {error.code}) == expected
        elif fails:
            assert error is not None
            assert error.code == "PROVISIONING_FAILED"
        else:
            assert error is None
            self.accounts[domain] = Modelled(owner, uniqname, address)

    @rule(domain=st.sampled_from(DOMAINS), owner=st.sampled_from(["master", "reseller"]), on=st.booleans())
    def suspend(self, domain: str, owner: str, on: bool) -> None:
        name = "suspendSiteWorxAccount" if on else "unsuspendSiteWorxAccount"
        if self.reached(domain, owner, name):
            self.accounts[domain].status = "inactive" if on else "active"

    @rule(domain=st.sampled_from(DOMAINS), owner=st.sampled_from(["master", "reseller"]))
    def package(self, domain: str, owner: str) -> None:
        if self.reached(domain, owner, "changeSiteWorxPackage", packagetemplate="basic"):
            self.accounts[domain].package = "basic"

    @rule(domain=st.sampled_from(DOMAINS), owner=st.sampled_from(["master", "reseller"]))
    def delete(self, domain: str, owner: str) -> None:
        if domain in self.accounts and self.reached(domain, owner, "deleteSiteWorxAccount"):
            gone = self.accounts.pop(domain)
            until = self.world.clock.now + 30 * DAY
            self.resting |= {domain: (gone.owner, until), gone.uniqname: (gone.owner, until)}

    @rule(days=st.sampled_from([1, 8, 31]))
    def wait(self, days: int) -> None:
        self.world.clock.forward(days * DAY)
        self.world.sweep()

    def reached(self, domain: str, owner: str, name: str, **raw: str) -> bool:
        """Do something to an account; whether the caller may reach it."""
        error = self.world.outcome(name, {"domain": domain, **raw}, self.by[owner]).error
        mine = domain in self.accounts and owner in ("master", self.accounts[domain].owner)
        assert (error.code if error else None) == (None if mine else "ACCOUNT_NOT_FOUND")
        return mine

    @invariant()
    def the_kept_totals_are_those_counted(self) -> None:
        kept = dict(self.world.rows("select role, accounts from nodeworx_user"))
        counted = [one.owner for one in self.accounts.values()]
        assert kept == {owner: counted.count(owner) for owner in ("master", "reseller")}

    @invariant()
    def what_is_told_is_what_was_done(self) -> None:
        for owner, by in self.by.items():
            told = {row.master_domain: row for row in self.world.call("listSiteWorxAccounts", by=by).accounts}
            mine = {domain: one for domain, one in self.accounts.items() if owner in ("master", one.owner)}
            assert {name: (row.uniqname, row.status, row.package_name) for name, row in told.items()} == {
                name: (one.uniqname, one.status, one.package) for name, one in mine.items()
            }
        used = {one.address for one in self.accounts.values()}
        for owner, addresses in {"master": set(DEDICATED) - {RESELLER_S}, "reseller": {RESELLER_S}}.items():
            free = {item.address for item in self.world.call("listDedicatedFreeIps", by=self.by[owner])}
            assert free == addresses - used

    @invariant()
    def what_is_served_is_what_is_wanted(self) -> None:
        served = {want.domain: want.state for want in self.driver.has.values() if want.state != "parked"}
        assert served == {domain: one.status for domain, one in self.accounts.items()}


@pytest.mark.both_databases
@pytest.mark.timeout(180)
def test_any_life_ends_where_its_model_ends(
    store: str, tmp_path: Path, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Life, "store", store, raising=False)
    monkeypatch.setattr(Life, "folder", tmp_path / "state", raising=False)
    few = settings(
        max_examples=25 if store == "sqlite" else 6,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=few)
    drop_store(Life.folder)
