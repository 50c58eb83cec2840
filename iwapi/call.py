"""Call: what an action may use. Everything in it is bound to the caller's owner and to one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from iwapi.asked import Credentials
from iwapi.core.accounts import Account
from iwapi.core.caller import Caller
from iwapi.core.pepper import Pepper
from iwapi.core.resellers import Reseller, Shares
from iwapi.core.server import Server
from iwapi.core.times import moment
from iwapi.core.want import Want
from iwapi.errors import (
    A_RESELLER,
    NOT_AN_OPTION,
    REQUIRED,
    YOUR_ACCOUNT,
    AccountNotFound,
    InvalidInput,
    NotPermitted,
    Pending,
    Problem,
    ResellerNotFound,
)
from iwapi.kinds import Wrong, domain
from iwapi.store import jobs, shares, wanted
from iwapi.store.accounts import Accounts
from iwapi.store.addresses import Addresses
from iwapi.store.db import Tx
from iwapi.store.domains import Domains
from iwapi.store.jobs import Building
from iwapi.store.keys import Keys
from iwapi.store.names import Names
from iwapi.store.packages import Packages
from iwapi.store.resellerpackages import ResellerPackages
from iwapi.store.resellers import Resellers
from iwapi.store.sessions import Sessions
from iwapi.store.siteusers import SiteUsers
from iwapi.store.usage import Usages
from iwapi.store.users import Users
from iwapi.store.zones import Zones

Touches = Callable[[Want, dict[str, str]], bool]
"""Whether a service must do something to become as wanted, given the fingerprints of what is applied."""


@dataclass
class Call:
    """One call of an action.

    `building` collects the accounts that services must build before the reply, `about` names what the call
    changed.
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

    @property
    def addresses(self) -> Addresses:
        """The pool, so far as the caller's accounts may have addresses of it; all of it for the master."""
        return Addresses(self.tx, None if self.caller.master else self.caller.owner)

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

    def site(self) -> Account:
        """The account that the call acts inside: a SiteWorx user's own, or the one named with the log-in."""
        if self.caller.site is not None:
            found = self.accounts.by_id(self.caller.site)
            if found is None:
                raise AccountNotFound()
            self.about = found.master_domain
            return found
        if not self.credentials.domain:
            raise InvalidInput(Problem("domain", "", REQUIRED, "beside the key: the account to act inside"))
        try:
            return self.account(domain(self.credentials.domain))
        except Wrong as wrong:
            raise InvalidInput(Problem("domain", self.credentials.domain[:100], wrong.problem)) from None

    def wait_for_closing(self, uniqname: str) -> None:
        """Refuse, for now, while a closed account's data still stands under this Unix name."""
        job = jobs.closing(self.tx, uniqname)
        if job is not None:
            raise Pending(job=job)

    def finish(self, account_id: int) -> None:
        """Wait for what was asked of an account before, if it is not real yet."""
        if jobs.is_waiting(self.tx, account_id):
            self.build(account_id)

    def build(self, account_id: int) -> None:
        """An account's wanted state was changed: have it made real, before the reply where it must be."""
        want = wanted.raised(self.tx, account_id, self.now)
        applied = jobs.fingerprints(self.tx, account_id)
        settled = want.generation == jobs.reached(self.tx, account_id) + 1  # no earlier change is under way
        if settled and not self.touches(want, applied):
            jobs.settle(self.tx, account_id, want.generation, applied)
            return
        self.building.append(
            jobs.begin(self.tx, account_id, want.generation, self.action, self.request_id, self.now)
        )
        jobs.lease(self.tx, account_id, self.server.process)
