"""Who wants the same thing at the same time: exactly one gets it, and everybody is told."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from iwapi.cli.outside import ask
from tests.clients.byhand import at_once, call, create, endpoint, said
from tests.sandbox import Sandbox


def accounts(sandbox: Sandbox) -> int:
    return call(sandbox, "listSiteWorxAccounts", limit="1000").body.count("<siteworx_id>")


def test_of_a_hundred_who_create_the_same_domain_one_gets_it(sandbox: Sandbox) -> None:
    before = accounts(sandbox)
    racers = [partial(create, sandbox, "wanted.example", nickname=f"racer {at}") for at in range(100)]
    answers = at_once(racers)
    assert Counter(map(said, answers)) == {"ok": 1, "DOMAIN_TAKEN": 99}
    assert accounts(sandbox) == before + 1
    assert ask(endpoint(sandbox.site), "/", host="wanted.example").status == 200


def test_a_hundred_who_send_the_same_join_or_come_too_late(sandbox: Sandbox) -> None:
    before = accounts(sandbox)
    answers = at_once([partial(create, sandbox, "joined.example")] * 100)
    told = Counter(map(said, answers))
    assert told.pop("ok") >= 1
    assert set(told) <= {"DOMAIN_TAKEN"}
    assert len({answer.body for answer in answers if said(answer) == "ok"}) == 1
    assert accounts(sandbox) == before + 1


def test_one_unix_name_is_given_once(sandbox: Sandbox) -> None:
    domains = [f"name{number}.example" for number in range(30)]
    answers = at_once([partial(create, sandbox, domain, uniqname="thename") for domain in domains])
    assert Counter(map(said, answers)) == {"ok": 1, "UNIX_NAME_TAKEN": 29}


def test_names_that_the_server_makes_never_collide(sandbox: Sandbox) -> None:
    domains = [f"samestart{number}.example" for number in range(30)]
    answers = at_once([partial(create, sandbox, domain) for domain in domains])
    assert {said(answer) for answer in answers} == {"ok"}
    assert len({answer.member("uniqname") for answer in answers}) == 30


def test_a_dedicated_address_is_given_once(sandbox: Sandbox) -> None:
    domains = [f"alone{number}.example" for number in range(20)]
    wish = {"master_domain_ipv4": "127.0.0.12"}
    answers = at_once([partial(create, sandbox, domain, **wish) for domain in domains])
    assert Counter(map(said, answers)) == {"ok": 1, "ADDRESS_NOT_FREE": 19}


@pytest.mark.parametrize("operation", ["deleteSiteWorxAccount", "suspendSiteWorxAccount"])
def test_what_may_be_repeated_may_be_repeated_at_once(sandbox: Sandbox, operation: str) -> None:
    create(sandbox, "twice.example")
    answers = at_once([partial(call, sandbox, operation, domain="twice.example")] * 20)
    assert {said(answer) for answer in answers} <= {"ok", "PENDING"}
    assert len({answer.member("siteworx_id") for answer in answers if answer.status == 200}) == 1
    call(sandbox, "deleteSiteWorxAccount", domain="twice.example")


def test_creates_and_deletes_of_one_domain_end_whole(sandbox: Sandbox) -> None:
    calls = [
        partial(create, sandbox, "torn.example"),
        partial(call, sandbox, "deleteSiteWorxAccount", domain="torn.example"),
    ]
    answers = at_once(calls * 20)
    assert {said(answer) for answer in answers} <= {"ok", "DOMAIN_TAKEN", "ACCOUNT_NOT_FOUND", "PENDING"}
    there = said(call(sandbox, "getSiteWorxAccount", domain="torn.example")) == "ok"
    assert ask(endpoint(sandbox.site), "/", host="torn.example").status == (200 if there else 404)
