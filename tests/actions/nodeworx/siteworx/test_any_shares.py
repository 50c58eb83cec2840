"""Whatever is done to accounts, what is kept as given is what living ones have, within the limits."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from iwapi.asked import Credentials
from iwapi.core import limits
from iwapi.core.resellers import given_name
from iwapi.kinds import UNLIMITED, Raw
from iwapi.provision.recording import Recording
from tests.helpers import LOCAL, World, config, drop_store, open_world, opening, renew, selling

OPTIONS = ("OPT_STORAGE", "OPT_BANDWIDTH", "OPT_EMAIL_BOXES")
HAVE = {"one": (8, 6, 3), "two": (5, UNLIMITED, 0)}
MOST = {"one": 3, "two": 2}
PACKAGES = {"small": (1, 1, 0), "big": (4, 3, 2), "huge": (9, 9, 9)}
OWNERS = ("one", "two", "master")

sizes = st.tuples(
    st.sampled_from([0, 1, 3, 5, UNLIMITED]),
    st.sampled_from([1, 2, 6, UNLIMITED]),
    st.sampled_from([0, 1, 3, 4]),
)
named = st.lists(st.booleans(), min_size=3, max_size=3)


@dataclasses.dataclass
class Modelled:
    owner: str
    has: tuple[int, ...]


def options(values: tuple[int, ...], which: list[bool]) -> dict[str, str]:
    """The inputs of those options that are named."""
    return {name: str(value) for name, value, is_ in zip(OPTIONS, values, which, strict=True) if is_}


def replaced(before: tuple[int, ...], values: tuple[int, ...], which: list[bool]) -> tuple[int, ...]:
    return tuple(new if is_ else old for old, new, is_ in zip(before, values, which, strict=True))


class Shared(RuleBasedStateMachine):
    """What callers do, and what must come of it."""

    store: str
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        renew(self.store, self.folder)
        self.driver = Recording()
        self.world: World = open_world(self.folder, [self.driver], config())
        self.by: dict[str, Credentials] = {"master": LOCAL}
        self.ids: dict[str, str] = {}
        for owner, have in HAVE.items():
            raw = {f"RSL_{name}": str(value) for name, value in zip(OPTIONS, have, strict=True)}
            most: dict[str, Raw] = {"RSL_OPT_SITEWORX_ACCOUNTS": str(MOST[owner])}
            made = self.world.call("createReseller", selling(f"{owner}@example.com", **raw, **most))
            self.ids[owner] = str(made.reseller_id)
            key = self.world.call("generateApiKey", {"nodeworx_id": self.ids[owner]}).apikey
            self.by[owner] = Credentials(apikey=key, address="198.51.100.7")
        for by in self.by.values():
            for name, values in PACKAGES.items():
                every = options(values, [True, True, True])
                self.world.call("createPackage", {"package_name": name, **every}, by)
        self.accounts: dict[str, Modelled] = {}
        self.made = 0

    def teardown(self) -> None:
        self.world.panel.close()

    def fits(self, owner: str, has: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
        """Whether what grows is left to the owner."""
        if owner == "master":
            return True
        given = [sum(one.has[at] for one in self.accounts.values() if one.owner == owner) for at in range(3)]
        return all(
            new <= old or have == UNLIMITED or gave - old + new <= have
            for have, gave, old, new in zip(HAVE[owner], given, has, wanted, strict=True)
        )

    def living(self, owner: str) -> int:
        return sum(one.owner == owner for one in self.accounts.values())

    @rule(
        owner=st.sampled_from(OWNERS), values=sizes, which=named,
        package=st.sampled_from([None, *PACKAGES]), fails=st.sampled_from([False, False, True]),
    )  # fmt: skip
    def create(
        self, owner: str, values: tuple[int, ...], which: list[bool], package: str | None, fails: bool
    ) -> None:
        assume(len(self.accounts) < 8)
        if package is None:
            which = [True, True, which[2]]
        self.made += 1
        domain, uniqname = f"d{self.made}.test", f"u{self.made}"
        raw = opening(domain, uniqname=uniqname, **({"packagetemplate": package} if package else {}))
        for name in OPTIONS:
            raw.pop(name, None)
        wanted = replaced(PACKAGES[package] if package else (0, 0, 0), values, which)
        full = owner != "master" and self.living(owner) >= MOST[owner]
        fits = self.fits(owner, (0, 0, 0), wanted) and not full
        self.driver.fail(1 if fails and fits else 0)
        raw |= options(values, which)
        error = self.world.outcome("createSiteWorxAccount", raw, self.by[owner]).error
        code = "LIMIT_REACHED" if not fits else "PROVISIONING_FAILED" if fails else None
        assert (error.code if error else None) == code
        if error is None:
            self.accounts[domain] = Modelled(owner, wanted)

    def changed(self, name: str, domain: str, wanted: tuple[int, ...], master: bool, **raw: str) -> None:
        account = self.accounts[domain]
        by = LOCAL if master else self.by[account.owner]
        error = self.world.outcome(name, {"domain": domain, **raw}, by).error
        fits = self.fits(account.owner, account.has, wanted)
        assert (error.code if error else None) == (None if fits else "LIMIT_REACHED")
        if fits:
            account.has = wanted

    @rule(at=st.integers(0, 7), values=sizes, which=named, master=st.booleans())
    def edit(self, at: int, values: tuple[int, ...], which: list[bool], master: bool) -> None:
        assume(self.accounts)
        domain = sorted(self.accounts)[at % len(self.accounts)]
        wanted = replaced(self.accounts[domain].has, values, which)
        self.changed("editSiteWorxAccount", domain, wanted, master, **options(values, which))

    @rule(at=st.integers(0, 7), package=st.sampled_from(list(PACKAGES)), master=st.booleans())
    def change_package(self, at: int, package: str, master: bool) -> None:
        assume(self.accounts)
        domain = sorted(self.accounts)[at % len(self.accounts)]
        self.changed("changeSiteWorxPackage", domain, PACKAGES[package], master, packagetemplate=package)

    @rule(at=st.integers(0, 7), master=st.booleans(), twice=st.booleans())
    def close(self, at: int, master: bool, twice: bool) -> None:
        assume(self.accounts)
        domain = sorted(self.accounts)[at % len(self.accounts)]
        owner = self.accounts.pop(domain).owner
        by = LOCAL if master else self.by[owner]
        for _ in range(1 + twice):
            self.world.call("deleteSiteWorxAccount", {"domain": domain}, by)

    @rule(days=st.sampled_from([1, 40]))
    def wait(self, days: int) -> None:
        """Closed accounts are purged."""
        self.world.clock.forward(days * 86400)
        self.world.sweep()

    @invariant()
    def what_is_kept_as_given_is_what_living_accounts_have(self) -> None:
        columns = ", ".join(given_name(name) for name in limits.ACCOUNT.numbers)
        summed = ", ".join(f"coalesce(sum({name.lower()}), 0)" for name in limits.ACCOUNT.numbers)
        for owner, which in self.ids.items():
            (kept,) = self.world.rows(f"select {columns} from reseller where user_id = ?", which)
            living = f"select {summed} from account where owner = ? and state in ('active', 'inactive')"
            (counted,) = self.world.rows(living, which)
            assert kept == counted
            mine = [one.has for one in self.accounts.values() if one.owner == owner]
            modelled = {name: sum(has[at] for has in mine) for at, name in enumerate(OPTIONS)}
            told = self.world.call("getReseller", {"reseller_id": which})
            for name, have in zip(OPTIONS, HAVE[owner], strict=True):
                assert getattr(told, given_name(name)) == min(modelled[name], UNLIMITED)
                assert have == UNLIMITED or modelled[name] <= have
            assert told.accounts == len(mine) <= MOST[owner]


@pytest.mark.both_databases
@pytest.mark.timeout(180)
def test_any_shares_are_kept_within_their_limits(
    store: str, tmp_path: Path, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shared, "store", store, raising=False)
    monkeypatch.setattr(Shared, "folder", tmp_path / "state", raising=False)
    few = settings(
        max_examples=20 if store == "sqlite" else 6,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Shared, settings=few)
    drop_store(Shared.folder)
