"""Whatever was called before, an ensured account is as described, and to ensure it again does nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from iwapi.asked import Credentials
from iwapi.core import limits
from iwapi.core.accounts import Account
from iwapi.kinds import Raw
from iwapi.provision.recording import Recording
from tests.helpers import DEDICATED, LOCAL, PASSWORD, World, config, drop_store, open_world, renew, selling

IDS = ["order-1", "order-2"]
DOMAINS = ["a.test", "b.test", "c.test"]
OWNERS = ["master", "reseller"]
PACKAGES = ["small", "big"]
OWNER, DOMAIN, ID = (st.sampled_from(values) for values in (OWNERS, DOMAINS, IDS))
EMAIL = st.sampled_from(["one@example.com", "two@example.com"])
OPTIONAL: dict[str, st.SearchStrategy[Raw]] = {
    "nickname": st.sampled_from(["One", "Two"]),
    "packagetemplate": st.sampled_from(PACKAGES),
    "OPT_STORAGE": st.sampled_from(["1", "4", "6"]),
    "OPT_BANDWIDTH": st.sampled_from(["1", "4"]),
    "OPT_SSL": st.sampled_from(["0", "1"]),
    "password": st.just(PASSWORD),
}
KEPT: dict[str, st.SearchStrategy[Raw]] = {
    "uniqname": st.sampled_from(["aaaa", "bbbb"]), "master_domain_ipv4": st.sampled_from(DEDICATED)
}  # fmt: skip
ANY = st.fixed_dictionaries(
    {"external_id": ID, "master_domain": DOMAIN, "email": EMAIL}, optional=OPTIONAL | KEPT
)  # fmt: skip
FULL = st.fixed_dictionaries(
    {
        "external_id": ID, "master_domain": DOMAIN, "email": EMAIL, "password": st.just(PASSWORD),
        "OPT_STORAGE": st.just("1"), "OPT_BANDWIDTH": st.just("1"),
    },
    optional={"nickname": OPTIONAL["nickname"]},
)  # fmt: skip


class Ensures(RuleBasedStateMachine):
    """The master and a reseller, who has little to give, with the same external ids and domains."""

    store: str
    folder: Path
    outcomes: set[str]

    def __init__(self) -> None:
        super().__init__()
        renew(self.store, self.folder)
        self.driver = Recording()
        self.world: World = open_world(self.folder, [self.driver], config())
        made = self.world.call(
            "createReseller",
            selling(RSL_OPT_STORAGE="6", RSL_OPT_BANDWIDTH="6", RSL_OPT_SITEWORX_ACCOUNTS="2"),
        )
        key = self.world.call("generateApiKey", {"nodeworx_id": str(made.reseller_id)}).apikey
        self.by = {"master": LOCAL, "reseller": Credentials(apikey=key, address="198.51.100.7")}
        self.packages: dict[tuple[str, str], dict[str, Raw]] = {}
        for owner, by in self.by.items():
            for name, size in zip(PACKAGES, ("1", "4"), strict=True):
                options: dict[str, Raw] = {"OPT_STORAGE": size, "OPT_BANDWIDTH": size}
                self.world.call("createPackage", {"package_name": name, **options}, by)
                self.packages[owner, name] = options

    def teardown(self) -> None:
        self.world.panel.close()

    def history(self) -> list[tuple[Any, ...]]:
        return self.world.rows("select id, generation, applied from account order by id") + self.world.rows(
            "select id, finished from job order by id"
        )

    @rule(
        owner=OWNER, at=st.sampled_from([0, 1]), email=EMAIL, raw=st.fixed_dictionaries({}, optional=OPTIONAL)
    )
    def ensure_one_that_is_there(self, owner: str, at: int, email: str, raw: dict[str, Raw]) -> None:
        there = [account for name in IDS if (account := self.living(owner, name)) is not None]
        for account in there[at : at + 1]:
            known: dict[str, Raw] = {
                "external_id": account.external_id,
                "master_domain": account.master_domain,
            }
            self.ensured(owner, {**known, "email": email, **raw}, fails=False)

    @rule(owner=OWNER, raw=st.one_of(ANY, FULL), fails=st.sampled_from([False, False, False, True]))
    def ensure(self, owner: str, raw: dict[str, Raw], fails: bool) -> None:
        self.ensured(owner, raw, fails)

    def ensured(self, owner: str, raw: dict[str, Raw], fails: bool) -> None:
        """Ensure it twice and look at what that did."""
        self.driver.fail(1 if fails else 0)
        by = self.by[owner]
        before = self.history()
        there = self.living(owner, str(raw["external_id"]))
        first = self.world.outcome("ensureSiteWorxAccount", raw, by)
        self.driver.fail(0)
        self.outcomes.add(first.error.code if first.error is not None else first.answer.outcome)
        if first.error is not None:
            kept = self.living(owner, str(raw["external_id"]))
            if first.error.code == "PENDING":
                self.world.clock.forward(400)
                self.world.sweep()
            elif first.error.code == "PROVISIONING_FAILED":
                assert kept is None
            else:
                assert self.history() == before
            return
        assert (first.answer.outcome == "created") == (there is None)
        assert (first.answer.outcome == "unchanged") == (self.history() == before)
        self.assert_as_described(owner, raw, first.answer.account)
        after = self.history()
        again = self.world.call("ensureSiteWorxAccount", raw, by)
        assert (again.outcome, again.account) == ("unchanged", first.answer.account)
        assert self.history() == after

    def living(self, owner: str, external_id: str) -> Account | None:
        found = self.world.outcome("getSiteWorxAccount", {"external_id": external_id}, self.by[owner]).answer
        assert found is None or isinstance(found, Account)
        return found

    def assert_as_described(self, owner: str, raw: dict[str, Raw], account: Account) -> None:
        assert account == self.living(owner, str(raw["external_id"]))
        package = raw.get("packagetemplate")
        if package is not None:
            assert account.package_name == package
            for name in limits.NAMES:
                given = self.packages[owner, str(package)].get(name, "0")
                assert getattr(account, name) == int(str(raw.get(name, given)))
        for name in raw.keys() - {"packagetemplate", "password"}:
            has = getattr(account, name)
            assert str(int(has) if isinstance(has, bool) else has) == raw[name], name

    @rule(
        owner=OWNER, domain=DOMAIN,
        change=st.fixed_dictionaries(
            {}, optional={
                "email": st.just("three@example.com"), "nickname": st.just("Three"),
                "OPT_STORAGE": st.just("2"),
                "packagetemplate": st.sampled_from(PACKAGES), "new_external_id": ID,
                "status": st.sampled_from(["0", "1"]),
            },
        ),
    )  # fmt: skip
    def edit(self, owner: str, domain: str, change: dict[str, Raw]) -> None:
        self.told("editSiteWorxAccount", {"domain": domain, **change}, owner)

    @rule(owner=OWNER, name=st.sampled_from(PACKAGES), size=st.sampled_from(["1", "3"]))
    def package(self, owner: str, name: str, size: str) -> None:
        self.world.call("editPackage", {"package_name": name, "OPT_STORAGE": size}, self.by[owner])
        self.packages[owner, name]["OPT_STORAGE"] = size

    def told(self, name: str, raw: dict[str, Raw], owner: str) -> None:
        """Make another call, which may be refused."""
        error = self.world.outcome(name, raw, self.by[owner]).error
        assert error is None or error.code != "INTERNAL_ERROR"

    @rule(owner=OWNER, domain=DOMAIN)
    def create(self, owner: str, domain: str) -> None:
        raw: dict[str, Raw] = {"email": "me@example.com", "password": PASSWORD, "master_domain": domain}
        raw |= {"OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}
        self.told("createSiteWorxAccount", raw, owner)

    @rule(owner=OWNER, domain=DOMAIN)
    def delete(self, owner: str, domain: str) -> None:
        self.told("deleteSiteWorxAccount", {"domain": domain}, owner)

    @invariant()
    def no_owner_has_an_external_id_twice(self) -> None:
        used = self.world.rows(
            "select owner, external_id from account where state in ('active', 'inactive')"
            " and external_id is not null"
        )
        assert len(used) == len(set(used))


@pytest.mark.both_databases
@pytest.mark.timeout(180)
def test_what_was_ensured_is_as_described_and_to_ensure_it_again_does_nothing(
    store: str, tmp_path: Path, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: set[str] = set()
    monkeypatch.setattr(Ensures, "store", store, raising=False)
    monkeypatch.setattr(Ensures, "folder", tmp_path / "one", raising=False)
    monkeypatch.setattr(Ensures, "outcomes", outcomes, raising=False)
    few = settings(
        max_examples=25 if store == "sqlite" else 6,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Ensures, settings=few)
    drop_store(Ensures.folder)
    if store == "sqlite":  # the other's few examples need not meet all
        assert outcomes >= {"created", "updated", "DOMAIN_TAKEN", "INVALID_INPUT"}
    assert "INTERNAL_ERROR" not in outcomes
