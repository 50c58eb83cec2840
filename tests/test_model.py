"""Any life of accounts and a reseller ends where a small model of it ends, on SQLite and on PostgreSQL.

Beside test_any_life, which knows names and addresses in every form: here calls are repeated, accounts are
suspended for reasons that stack, now or later, closed, held, brought back and purged, and the reseller is
suspended with all that it has.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from iwapi.asked import Credentials
from iwapi.core.server import DAY
from iwapi.provision.recording import Recording
from iwapi.store import audit, shares
from tests.helpers import LOCAL, World, config, copy_installed, drop_store, open_world, opening, selling

DOMAINS = ["a.test", "b.test", "c.test"]
OTHERS = ["x.test", "y.test"]
EXTERNAL = ["1001", "1002"]
REASONS = ["billing", "abuse", "quota", "administrator"]
OWNERS = ["master", "reseller"]
MOST_OF_SERVER, MOST_OF_RESELLER = 4, 2

domains, owners = st.sampled_from(DOMAINS), st.sampled_from(OWNERS)


@dataclasses.dataclass
class Modelled:
    """An account; `reasons` says of each whether the master began it."""

    id: int
    owner: str
    domain: str
    external_id: str | None
    nickname: str
    reasons: dict[str, bool] = dataclasses.field(default_factory=dict)
    purge_at: float = 0
    hold: bool = False

    @property
    def status(self) -> str:
        return "inactive" if self.reasons else "active"


class Business(RuleBasedStateMachine):
    """What billing systems and administrators do, and a model of what must come of it."""

    store: str
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        shutil.rmtree(self.folder, ignore_errors=True)
        copy_installed(self.store, self.folder)
        self.driver = Recording()
        self.world: World = open_world(self.folder, [self.driver], config(max_accounts=MOST_OF_SERVER))
        made = self.world.call("createReseller", selling("reseller@example.com", **self.limits()))
        self.reseller_id = str(made.reseller_id)
        key = self.world.call("generateApiKey", {"nodeworx_id": self.reseller_id})
        self.by = {"master": LOCAL, "reseller": Credentials(apikey=key.apikey)}
        self.selling = True
        self.accounts: dict[str, Modelled] = {}
        self.closed: list[Modelled] = []
        self.resting: dict[str, tuple[str, float]] = {}
        self.said: list[tuple[float, str, dict[str, str], dict[str, str], Any]] = []
        self.due: dict[tuple[int, str, str], tuple[float, bool]] = {}
        self.calls = 0

    @staticmethod
    def limits() -> dict[str, str]:
        from iwapi.core.resellers import RESELLER
        from iwapi.kinds import UNLIMITED

        return {name: str(UNLIMITED) for name in RESELLER.numbers} | {
            "RSL_OPT_SITEWORX_ACCOUNTS": str(MOST_OF_RESELLER)
        }

    def teardown(self) -> None:
        with self.world.panel.database.snapshot() as tx:
            assert audit.broken_at(tx, self.world.panel.pepper) is None
            assert shares.adrift(tx) == ()
        self.world.panel.close()
        drop_store(self.folder)

    # What is asked.

    def ask(self, owner: str, name: str, raw: dict[str, str], **options: str) -> tuple[set[str], Any]:
        """The codes of what is wrong with a call, and its answer."""
        outcome = self.world.outcome(name, raw, self.by[owner], options=options)
        if outcome.error is None:
            return set(), outcome.answer
        return {p.code for p in outcome.error.problems} or {outcome.error.code}, None

    def mine(self, owner: str, account: Modelled) -> bool:
        return owner in ("master", account.owner)

    def out(self, owner: str) -> bool:
        """Whether the caller is a reseller who is let in no more."""
        return owner == "reseller" and not self.selling

    def rests(self, domain: str, owner: str) -> bool:
        holder, until = self.resting.get(domain, (owner, 0))
        return holder != owner and self.world.clock.now < until

    def withheld(self, domain: str, owner: str) -> bool:
        """Whether the domain is that of a closed account that the master suspended."""
        held = [one for one in self.closed if one.owner == owner == "reseller" and one.domain == domain]
        return any(one.reasons[reason] for one in held for reason in one.reasons if reason != "reseller")

    def opening_wrong(self, domain: str, owner: str, external_id: str | None) -> set[str]:
        taken = domain in self.accounts or self.rests(domain, owner) or self.withheld(domain, owner)
        found = {"DOMAIN_TAKEN"} if taken else set()
        own = [one for one in self.accounts.values() if one.owner == owner]
        if external_id in {one.external_id for one in own} - {None}:
            found.add("EXTERNAL_ID_TAKEN")
        if owner == "reseller" and len(own) >= MOST_OF_RESELLER:
            found.add("LIMIT_REACHED")
        return found or ({"SERVER_FULL"} if len(self.accounts) >= MOST_OF_SERVER else set())

    @rule(
        domain=domains, owner=owners, external_id=st.sampled_from([None, *EXTERNAL]),
        fails=st.sampled_from([False, False, False, True]), keyed=st.booleans(), heard=st.booleans(),
    )  # fmt: skip
    def create(
        self, domain: str, owner: str, external_id: str | None, fails: bool, keyed: bool, heard: bool
    ) -> None:
        self.calls += 1
        raw = opening(
            domain, nickname=f"n{self.calls}", **({"external_id": external_id} if external_id else {})
        )
        options = {"idempotency_key": f"create-{self.calls}"} if keyed else {}
        wrong = {"NOT_AUTHENTICATED"} if self.out(owner) else self.opening_wrong(domain, owner, external_id)
        self.driver.fail(1 if fails and not wrong else 0)
        self.world.hears = heard
        codes, answer = self.ask(owner, "createSiteWorxAccount", raw, **options)
        self.world.hears = True
        assert codes == (wrong or ({"PROVISIONING_FAILED"} if fails else set()))
        if answer is not None:
            self.accounts[domain] = Modelled(answer.siteworx_id, owner, domain, external_id, f"n{self.calls}")
            if keyed or not heard:
                until = self.world.clock.now + 30 * DAY
                self.said.append((until, owner, raw, options, answer))

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A call that was made before: with a key, or not heard while the account lives, it is that one."""
        one = data.draw(st.sampled_from(self.said))
        _, owner, raw, options, answer = one
        living = self.accounts.get(raw["master_domain"])
        same = living is not None and living.id == answer.siteworx_id
        if not options and not same:
            self.said.remove(one)
            return  # another account may come of it: that is `create`'s
        codes, again = self.ask(owner, "createSiteWorxAccount", raw, **options)
        if self.out(owner):
            assert codes == {"NOT_AUTHENTICATED"}
            return
        assert (codes, again) == (set(), answer)
        if not options:
            self.said.remove(one)  # it was heard now

    @rule(external_id=st.sampled_from(EXTERNAL), domain=domains, owner=owners, nickname=st.sampled_from("vw"))
    def ensure(self, external_id: str, domain: str, owner: str, nickname: str) -> None:
        raw = opening(domain, nickname=nickname, external_id=external_id)
        codes, answer = self.ask(owner, "ensureSiteWorxAccount", raw)
        own = [one for one in self.accounts.values() if one.owner == owner and one.external_id == external_id]
        if self.out(owner):
            assert codes == {"NOT_AUTHENTICATED"}
        elif own and own[0].domain != domain:
            assert codes == {"INVALID_INPUT"}
        elif own:
            assert (codes, answer.outcome) == (
                set(), "unchanged" if own[0].nickname == nickname else "updated",
            )  # fmt: skip
            own[0].nickname = nickname
        elif wrong := self.opening_wrong(domain, owner, None):
            assert codes == wrong
        else:
            assert (codes, answer.outcome) == (set(), "created")
            made = Modelled(answer.account.siteworx_id, owner, domain, external_id, nickname)
            self.accounts[domain] = made

    def reached(self, owner: str, domain: str) -> set[str]:
        if self.out(owner):
            return {"NOT_AUTHENTICATED"}
        account = self.accounts.get(domain)
        return set() if account and self.mine(owner, account) else {"ACCOUNT_NOT_FOUND"}

    @rule(domain=domains, owner=owners, reason=st.sampled_from(REASONS), lift=st.booleans())
    def suspend(self, domain: str, owner: str, reason: str, lift: bool) -> None:
        wrong = self.reached(owner, domain)
        account = self.accounts.get(domain)
        master_s = account is not None and account.reasons.get(reason, False)
        if not wrong and owner == "reseller" and (reason == "administrator" or (lift and master_s)):
            wrong = {"NOT_PERMITTED"}
        name = "unsuspendSiteWorxAccount" if lift else "suspendSiteWorxAccount"
        codes, answer = self.ask(owner, name, {"domain": domain, "reason": reason})
        assert codes == wrong
        if wrong:
            return
        assert account is not None
        if lift:
            account.reasons.pop(reason, None)
        else:
            account.reasons[reason] = master_s or owner == "master"
        assert set(answer.remaining_reasons) == set(account.reasons)

    @rule(domain=domains, lift=st.booleans(), hours=st.integers(1, 30))
    def suspend_later(self, domain: str, lift: bool, hours: int) -> None:
        name = "unsuspendSiteWorxAccount" if lift else "suspendSiteWorxAccount"
        at = self.world.clock.now + hours * 3600
        from iwapi.core.times import moment

        codes, _ = self.ask("master", name, {"domain": domain, "at": moment(int(at)).isoformat()})
        assert codes == self.reached("master", domain)
        if not codes:
            self.due[self.accounts[domain].id, "lift" if lift else "suspend", "billing"] = (at, True)

    @rule(domain=domains, owner=owners)
    def close(self, domain: str, owner: str) -> None:
        closed = [one for one in self.closed if one.domain == domain and self.mine(owner, one)]
        wrong = self.reached(owner, domain)
        latest = max(
            (one for one in self.closed if one.domain == domain), key=lambda one: one.id, default=None
        )
        if wrong == {"ACCOUNT_NOT_FOUND"} and closed and latest in closed:
            wrong = set()
        codes, _ = self.ask(owner, "deleteSiteWorxAccount", {"domain": domain})
        assert codes == wrong
        account = self.accounts.get(domain)
        if not codes and account is not None and self.mine(owner, account):
            del self.accounts[domain]
            now = self.world.clock.now
            account.purge_at, account.hold = now + 7 * DAY, False
            self.closed.append(account)
            self.resting[domain] = (account.owner, now + 30 * DAY)
            if account.owner == "master":  # what the master scheduled for a reseller's account stays
                self.due = {what: at for what, at in self.due.items() if what[0] != account.id}

    @precondition(lambda self: self.closed)
    @rule(data=st.data(), owner=owners, to=st.sampled_from([None, *OTHERS]))
    def restore(self, data: st.DataObject, owner: str, to: str | None) -> None:
        account = data.draw(st.sampled_from(self.closed))
        domain = to or account.domain
        raw = {"siteworx_id": str(account.id)} | ({"master_domain": to, "uniqname": to[0] * 8} if to else {})
        codes, answer = self.ask(owner, "restoreSiteWorxAccount", raw)
        if self.out(owner):
            assert codes == {"NOT_AUTHENTICATED"}
            return
        if not self.mine(owner, account):
            assert codes == {"ACCOUNT_NOT_FOUND"}
            return
        wrong = set()
        other_s = domain != account.domain and self.withheld(domain, owner)
        if domain in self.accounts or self.rests(domain, account.owner) or other_s:
            wrong.add("DOMAIN_TAKEN")
        own = [one for one in self.accounts.values() if one.owner == account.owner]
        if account.owner == "reseller" and len(own) >= MOST_OF_RESELLER:
            wrong.add("LIMIT_REACHED")
        if not wrong and len(self.accounts) >= MOST_OF_SERVER:
            wrong = {"SERVER_FULL"}
        assert codes - {"UNIX_NAME_TAKEN"} == wrong
        if codes:
            return
        self.closed.remove(account)
        if account.nickname == account.domain:
            account.nickname = domain
        account.domain, account.hold = domain, False
        if account.external_id in {one.external_id for one in own}:
            account.external_id = None
        account.reasons.pop("reseller", None)
        if account.owner == "reseller" and not self.selling:
            account.reasons["reseller"] = True
        self.accounts[domain] = account
        self.resting.pop(domain, None)
        assert answer.siteworx_id == account.id
        assert set(answer.remaining_reasons) == set(account.reasons)

    @precondition(lambda self: self.closed)
    @rule(data=st.data(), on=st.booleans())
    def hold(self, data: st.DataObject, on: bool) -> None:
        account = data.draw(st.sampled_from(self.closed))
        raw = {"siteworx_id": str(account.id), "hold": str(int(on))}
        assert self.ask("master", "holdSiteWorxAccount", raw)[0] == set()
        account.hold = on

    @precondition(lambda self: self.closed)
    @rule(data=st.data())
    def purge(self, data: st.DataObject) -> None:
        account = data.draw(st.sampled_from(self.closed))
        codes, _ = self.ask("master", "purgeSiteWorxAccount", {"siteworx_id": str(account.id)})
        assert codes == ({"INVALID_INPUT"} if account.hold else set())
        if not codes:
            self.closed.remove(account)

    @rule(on=st.booleans())
    def reseller(self, on: bool) -> None:
        name = "unsuspendReseller" if on else "suspendReseller"
        assert self.ask("master", name, {"reseller_id": self.reseller_id})[0] == set()
        self.selling = on
        for account in self.accounts.values():
            if account.owner == "reseller":
                account.reasons.pop("reseller", None)
                if not on:
                    account.reasons["reseller"] = True

    @rule(hours=st.sampled_from([1, 20, 8 * 24, 31 * 24]))
    def wait(self, hours: int) -> None:
        self.world.clock.forward(hours * 3600)
        now = self.world.clock.now
        self.world.sweep()
        self.world.sweep()
        self.said = [one for one in self.said if one[0] > now]
        self.closed = [one for one in self.closed if one.hold or one.purge_at > now]
        by_id = {one.id: one for one in (*self.accounts.values(), *self.closed)}
        for what, (at, _) in sorted(self.due.items(), key=lambda item: item[1]):
            if at > now:
                continue
            account = by_id.get(what[0])
            if account is None:  # its data was purged
                continue
            if what[1] == "lift":
                account.reasons.pop(what[2], None)
            else:
                account.reasons[what[2]] = True
        self.due = {what: one for what, one in self.due.items() if one[0] > now}

    # What must hold after each.

    @invariant()
    def what_is_told_is_what_was_done(self) -> None:
        for owner in OWNERS:
            if self.out(owner):
                continue
            page = self.world.call("listSiteWorxAccounts", by=self.by[owner])
            mine = {one.id: one for one in self.accounts.values() if self.mine(owner, one)}
            assert {
                row.siteworx_id: (row.master_domain, row.status, row.nickname) for row in page.accounts
            } == {one.id: (one.domain, one.status, one.nickname) for one in mine.values()}
            closed = self.world.call("listClosedSiteWorxAccounts", by=self.by[owner])
            assert {(row.siteworx_id, row.hold) for row in closed.accounts} == {
                (one.id, one.hold) for one in self.closed if self.mine(owner, one)
            }

    @invariant()
    def each_account_is_as_its_model(self) -> None:
        for one in self.accounts.values():
            told = self.world.call("getSiteWorxAccount", {"domain": one.domain})
            assert (set(told.remaining_reasons), told.external_id) == (set(one.reasons), one.external_id)

    @invariant()
    def what_is_served_is_what_is_wanted(self) -> None:
        has = {want.account_id: want.state for want in self.driver.has.values()}
        wanted = {one.id: one.status for one in self.accounts.values()}
        assert has == wanted | {one.id: "parked" for one in self.closed}

    @invariant()
    def nothing_is_left_open(self) -> None:
        open_ = self.world.rows("select account_id from job where finished is null and due is null")
        assert open_ == []
        assert self.world.value("select count(*) from job where finished is null") == len(self.due)


@pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))], indirect=True
)
@pytest.mark.parametrize(
    ("lives", "steps"),
    [(15, 30), pytest.param(300, 60, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])],
)
def test_any_business_ends_where_its_model_ends(
    store: str, lives: int, steps: int, tmp_path: Path, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Business, "store", store, raising=False)
    monkeypatch.setattr(Business, "folder", tmp_path / "state", raising=False)
    some = settings(
        max_examples=lives, stateful_step_count=steps, deadline=None, derandomize=lives < 100,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Business, settings=some)
