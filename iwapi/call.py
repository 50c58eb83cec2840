"""Call: what an action may use. Everything in it is bound to the caller's owner and to one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from iwapi.asked import Credentials
from iwapi.core.accounts import Account
from iwapi.core.caller import Caller
from iwapi.core.closing import Revival
from iwapi.core.jobs import Job
from iwapi.core.pepper import Pepper
from iwapi.core.resellers import Reseller, Shares
from iwapi.core.server import Server
from iwapi.core.suspension import Intent
from iwapi.core.times import moment
from iwapi.errors import (
    A_RESELLER,
    NOT_AN_OPTION,
    REQUIRED,
    YOUR_ACCOUNT,
    AccountNotFound,
    InvalidInput,
    JobNotFound,
    NotPermitted,
    Pending,
    Problem,
    ResellerNotFound,
)
from iwapi.kinds import Wrong, domain
from iwapi.store import jobs, restoring, schedules, shares, wanted
from iwapi.store.accounts import Accounts
from iwapi.store.addresses import Addresses
from iwapi.store.breaker import Breaker
from iwapi.store.closing import ClosedAccounts
from iwapi.store.db import Tx
from iwapi.store.domains import Domains
from iwapi.store.joblist import Jobs
from iwapi.store.jobs import Building
from iwapi.store.keys import Keys
from iwapi.store.names import Names
from iwapi.store.packages import Packages
from iwapi.store.resellerpackages import ResellerPackages
from iwapi.store.resellers import Resellers
from iwapi.store.sessions import Sessions
from iwapi.store.siteusers import SiteUsers
from iwapi.store.suspensions import Suspensions
from iwapi.store.usage import Usages
from iwapi.store.users import Users
from iwapi.store.zones import Zones

Touches = jobs.Touches


@dataclass
class Call:
    """One call of an action.

    `building` collects the accounts that services must build before the reply, `scheduled` the jobs that
    wait for their time. `about` names what the call changed, `inside` is the account that it acts inside. A
    reading action that `waits` is run again, each time as things stand then, until it waits no more or the
    call's time is over; its last answer counts.
    """

    tx: Tx
    caller: Caller
    credentials: Credentials
    server: Server
    pepper: Pepper
    random: Callable[[int], bytes]
    now: int
    request_id: str
    action: str
    touches: Touches
    building: list[Building] = field(default_factory=list)
    about: str = ""
    inside: int | None = None
    scheduled: list[int] = field(default_factory=list)
    waits: bool = False

    @property
    def owner(self) -> int:
        """The NodeWorx user it acts as."""
        return self.caller.owner

    @property
    def time(self) -> datetime:
        return moment(self.now)

    @property
    def accounts(self) -> Accounts:
        """The caller's own accounts; all of them for the master."""
        return Accounts(self.tx, self.caller.owner, self.caller.master)

    @property
    def closed(self) -> ClosedAccounts:
        """The caller's own closed accounts; all of them for the master."""
        return ClosedAccounts(self.tx, self.caller.owner, self.caller.master)

    def restore(self, to: Revival) -> None:
        """Let a closed account that the caller reached live again."""
        restoring.restore(self.tx, to, self.now)

    @property
    def breaker(self) -> Breaker:
        """Who closed accounts lately."""
        return Breaker(self.tx, self.now, self.server.terminations_minutes * 60)

    @property
    def names(self) -> Names:
        return self.names_of(self.caller.owner)

    def names_of(self, owner: int) -> Names:
        """Names as the owner of an account may take them; the master acts on those of others. A user of an
        account takes none that is above or below another account's, whoever owns that."""
        return Names(self.tx, owner, self.now, self.caller.site)

    @property
    def domains(self) -> Domains:
        """What the caller's own accounts have beside their main domains; all of it for the master."""
        return Domains(self.tx, self.caller.owner, self.caller.master)

    def zones(self, account: Account) -> Zones:
        """The DNS zones of an account that the caller has reached."""
        return Zones(self.tx, account.siteworx_id)

    def suspensions(self, account: Account) -> Suspensions:
        """Why an account that the caller has reached is suspended."""
        return Suspensions(self.tx, account.siteworx_id)

    def schedule(self, account: Account, wish: Intent, due: int) -> None:
        """Have an account that the caller has reached suspended, or a reason lifted, later."""
        if not wish.by_master and schedules.replaces_master_s(self.tx, account.siteworx_id, wish):
            raise NotPermitted(what="replace what the master administrator scheduled")
        whose = self.action, self.request_id
        self.scheduled.append(schedules.add(self.tx, account.siteworx_id, wish, due, *whose, self.now))
        self.await_opening(account.siteworx_id)

    @property
    def jobs(self) -> Jobs:
        """The jobs of the caller's own accounts; all of them for the master."""
        return Jobs(self.tx, self.caller.owner, self.caller.master)

    @property
    def addresses(self) -> Addresses:
        """The pool, so far as the caller's accounts may have addresses of it; all of it for the master."""
        return Addresses(self.tx, None if self.caller.master else self.caller.owner)

    def addresses_of(self, owner: int) -> Addresses:
        """The pool, so far as the accounts of an owner may have addresses of it."""
        return Addresses(self.tx, None if self.shares(owner) is None else owner)

    @property
    def usage(self) -> Usages:
        """What the caller's own accounts use in this month; all of them for the master."""
        return Usages(self.tx, self.caller.owner, self.caller.master, self.now)

    @property
    def users(self) -> Users:
        return Users(self.tx)

    @property
    def sessions(self) -> Sessions:
        return Sessions(self.tx, self.now)

    @property
    def packages(self) -> Packages:
        return Packages(self.tx, self.caller.owner)

    @property
    def keys(self) -> Keys:
        """The keys of the NodeWorx user that it acts as."""
        return Keys(self.tx, self.caller.owner, self.pepper)

    def keys_of(self, nodeworx_id: int | None) -> Keys:
        """The caller's keys where no other user is named; for the master, those of a reseller."""
        if nodeworx_id in (None, self.caller.owner):
            return self.keys
        reseller = self.reseller(nodeworx_id or 0, "nodeworx_id")
        return Keys(self.tx, reseller.reseller_id, self.pepper)

    def site_users(self, account: Account) -> SiteUsers:
        """The further users of an account that the caller reached."""
        return SiteUsers(self.tx, account.siteworx_id)

    @property
    def resellers(self) -> Resellers:
        """All resellers: for the master's actions."""
        return Resellers(self.tx)

    @property
    def reseller_packages(self) -> ResellerPackages:
        """All reseller packages: for the master's actions."""
        return ResellerPackages(self.tx)

    def reseller(self, reseller_id: int, named: str = "reseller_id") -> Reseller:
        """A reseller, for the master, or `ResellerNotFound`; `named` is its input."""
        found = self.resellers.by_id(reseller_id) if self.caller.master else None
        if found is None:
            problem = Problem(named, str(reseller_id), NOT_AN_OPTION, A_RESELLER, ResellerNotFound.code)
            raise ResellerNotFound(problem)
        self.about = f"reseller:{found.email}"
        return found

    def shares(self, owner: int) -> Shares | None:
        """What the accounts of an owner share; None where it is the master."""
        return shares.of(self.tx, owner)

    def needs(self, scope: str) -> None:
        """Refuse a caller that lacks a scope which only what the call turned out to do needs."""
        if not self.caller.may(scope):
            raise NotPermitted(what=scope)

    def wants_whole(self) -> None:
        """Refuse what was proved by less than the user itself: it must not turn into more."""
        if self.caller.narrow:
            raise NotPermitted(what="it needs a log-in, or a key without scopes and addresses")

    def account(self, domain: str, named: str = "domain") -> Account:
        """The caller's own account of that main domain, or `AccountNotFound`; `named` is its input."""
        self.about = domain
        found = self.accounts.by_domain(domain)
        if found is None:
            problem = Problem(named, domain, NOT_AN_OPTION, YOUR_ACCOUNT, AccountNotFound.code)
            raise AccountNotFound(problem)
        return found

    def job(self, job: int) -> Job:
        """A job of the caller's own accounts, or `JobNotFound`."""
        found = self.jobs.by_id(job)
        if found is None:
            allowed = "the number of a job"
            raise JobNotFound(Problem("job", str(job), NOT_AN_OPTION, allowed, JobNotFound.code))
        self.about = f"job:{job}"
        return found

    def site(self) -> Account:
        """The account that the call acts inside: a SiteWorx user's own, or the one named with the log-in."""
        if self.caller.site is not None:
            found = self.accounts.by_id(self.caller.site)
            if found is None:
                raise AccountNotFound()
            return self._inside(found)
        if not self.credentials.domain:
            raise InvalidInput(Problem("domain", "", REQUIRED, "beside the key: the account to act inside"))
        try:
            return self._inside(self.account(domain(self.credentials.domain)))
        except Wrong as wrong:
            raise InvalidInput(Problem("domain", self.credentials.domain[:100], wrong.problem)) from None

    def _inside(self, account: Account) -> Account:
        self.about = account.master_domain
        self.inside = account.siteworx_id
        return account

    def wait_for_closing(self, uniqname: str) -> None:
        """Refuse, for now, while a closed account's data still stands under this Unix name."""
        job = jobs.closing(self.tx, uniqname)
        if job is not None:
            raise Pending(job=job)

    def wait_for_change(self, account_id: int) -> None:
        """Refuse, for now, while the last change of an account is not real yet."""
        building = jobs.under_way(self.tx, account_id)
        if building is not None:
            raise Pending(job=building.job)

    def finish(self, account_id: int) -> None:
        """Wait for what was asked of an account before, if it is not real yet: join its job."""
        building = jobs.under_way(self.tx, account_id)
        if building is not None:
            self.building.append(building)

    def await_opening(self, account_id: int) -> None:
        """Wait for an account that was never built: if it is taken back, so is what was done to it."""
        if not jobs.reached(self.tx, account_id):
            self.finish(account_id)

    def build(self, account_id: int) -> None:
        """An account's wanted state was changed: have it made real, before the reply where it must be."""
        want = wanted.raised(self.tx, account_id, self.now)
        if jobs.settled_at_once(self.tx, want, self.touches):
            return
        self._begin(account_id, want.generation)

    def build_all(self, owner: int, raised: Sequence[int]) -> None:
        """The same for accounts of an owner whose generations are raised already: few statements settle those
        for which services have nothing to do."""
        now = set(raised)
        wants = [want for want in wanted.of_owner(self.tx, owner) if want.account_id in now]
        for want in jobs.settled_all(self.tx, owner, wants, self.touches):
            self._begin(want.account_id, want.generation)

    def _begin(self, account_id: int, generation: int) -> None:
        self.building.append(
            jobs.begin(self.tx, account_id, generation, self.action, self.request_id, self.now)
        )
        jobs.lease(self.tx, account_id, self.server.process)
