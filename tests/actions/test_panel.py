"""What the pages are told: the state of the account, or of the user, that calls."""

from __future__ import annotations

import dataclasses

from iwapi.asked import Credentials
from iwapi.errors import AccountNotFound, NotAuthenticated, NotPermitted
from iwapi.kinds import Plain
from tests.helpers import ADMIN, ADMIN_PASSWORD, LOCAL, PASSWORD, World

MASTER = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")
RESELLER = dataclasses.replace(MASTER, email="reseller@example.com", password=Plain(PASSWORD))
OWN = Credentials(email="me@example.com", password=Plain(PASSWORD), domain="example.com")


def test_an_account_s_own_log_in_sees_it_and_its_use(world: World) -> None:
    world.open("example.com")
    state = world.call("/panel/show_site", by=OWN)
    assert state.user is None
    assert (state.site.account.master_domain, state.site.usage.storage) == ("example.com", 10)


def test_who_sells_accounts_sees_them_too_and_no_others(world: World) -> None:
    world.reseller()
    world.open("example.com", RESELLER)
    world.open("other.test")
    for by, domains in ((MASTER, ("example.com", "other.test")), (RESELLER, ("example.com",))):
        for domain in domains:
            state = world.call("/panel/show_site", by=dataclasses.replace(by, domain=domain))
            assert state.site.account.master_domain == domain
    other = dataclasses.replace(RESELLER, domain="other.test")
    assert type(world.refused("/panel/show_site", by=other)) is AccountNotFound


def test_a_reseller_sees_its_limits_and_what_it_gave(world: World) -> None:
    world.reseller()
    world.open("example.com", RESELLER)
    user = world.call("/panel/show_user", by=RESELLER).user
    assert (user.nodeworx_id, user.email, user.active) == (2, "reseller@example.com", True)
    assert (user.reseller.accounts, user.reseller.given_storage) == (1, 10)
    assert user.reseller.RSL_OPT_STORAGE == 999999999


def test_the_master_has_no_limits_to_see(world: World) -> None:
    user = world.call("/panel/show_user", by=MASTER).user
    assert (user.email, user.reseller) == (ADMIN, None)


def test_a_suspended_reseller_learns_that_it_is_and_nothing_else(world: World) -> None:
    world.reseller()
    world.open("example.com", RESELLER)
    world.call("editReseller", {"reseller_id": "2", "status": "inactive"})
    user = world.call("/panel/show_user", by=RESELLER).user
    assert (user.active, user.reseller.status) == (False, "inactive")
    inside = dataclasses.replace(RESELLER, domain="example.com")
    assert type(world.refused("/panel/show_site", by=inside)) is NotPermitted


def test_a_session_of_calls_is_traded_for_its_page_once(world: World) -> None:
    reseller = world.reseller()
    world.open("example.com", reseller)
    for by, email in ((LOCAL, ADMIN), (reseller, "reseller@example.com")):
        own = begun(world, "nodeworx", by)
        assert world.call("/panel/open_link", by=own).user.email == email
        inside = begun(world, "siteworx", dataclasses.replace(by, domain="example.com"))
        assert world.call("/panel/open_link", by=inside).site.account.master_domain == "example.com"
        for spent in (own, inside):
            for name in ("/panel/open_link", "ping"):
                assert type(world.refused(name, by=spent)) is NotAuthenticated


def begun(world: World, controller: str, by: Credentials) -> Credentials:
    """A session of calls."""
    token = world.call(f"/{controller}/index/getSession", by=by).token
    return Credentials(session=token, address="203.0.113.5")


def test_a_suspended_customer_s_session_is_traded_for_the_page_that_tells_why(world: World) -> None:
    world.open("example.com")
    world.call("suspendSiteWorxAccount", {"domain": "example.com", "message": "unpaid"})
    by = dataclasses.replace(LOCAL, domain="example.com")
    state = world.call("/panel/open_link", by=begun(world, "siteworx", by))
    assert state.site.account.inactive_msg == "unpaid"
