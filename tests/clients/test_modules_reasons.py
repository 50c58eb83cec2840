"""A module that unsuspends an account which has another reason too must not take it for active."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.byhand import call, create, said
from tests.clients.modules import systems
from tests.clients.modules.module import Module
from tests.clients.modules.outside import SERVED, SUSPENDED, site, stored
from tests.clients.modules.systems import only
from tests.sandbox import Sandbox

pytestmark = pytest.mark.needs("php", "curl", "dig")

REMAINS = "Account {} remains suspended: abuse."


def whmcs(sandbox: Sandbox) -> Module:
    return systems.whmcs(sandbox, domain="why-whmcs.com", username="whywhmcs")


def first(answer: Any) -> tuple[bool, str]:
    """Of those that answer how it ended and a text."""
    return answer[0] in ("success", True), answer[1]


def same(*good: str) -> Callable[[Any], tuple[bool, str]]:
    """Of those that answer a text, or a list where it is an error."""

    def outcome(answer: Any) -> tuple[bool, str]:
        if isinstance(answer, list):
            return False, answer[-1]
        return answer in good or answer.endswith("has been unsuspended."), answer

    return outcome


SYSTEMS: dict[str, tuple[Any, str, str, dict[str, str], Callable[[Any], tuple[bool, str]]]] = {
    "WHMCS": (whmcs, "UnsuspendAccount", "why-whmcs.com", {}, same("success")),
    "Blesta": (systems.blesta, "unsuspend", "why-blesta.com", {"domain": "why-blesta.com"}, first),
    "TastyInterWorx": (systems.tastyinterworx, "unsuspend", "why-tasty.com", {"domain": "why-tasty.com"},
                       same()),
    "Clientexec": (systems.clientexec, "doUnSuspend", "why-clientexec.com", {"domain": "why-clientexec.com"},
                   same()),
    "Upmind": (systems.upmind, "unSuspend", "why-upmind.com", {"username": "whyupmind"}, same()),
    "HostingBilling": (systems.hosting_billing, "unsuspend_account", "why-billing.com",
                       {"domain": "why-billing.com"}, same()),
    "SourceDesk": (systems.sourcedesk, "unsuspend", "why-sourcedesk.com", {"domain": "why-sourcedesk.com"},
                   first),
}  # fmt: skip
"""How each unsuspends, and whether it takes the answer for a success."""


@pytest.mark.parametrize("name", SYSTEMS)
def test_it_is_told_what_remains_and_the_reason_billing_is_lifted(sandbox: Sandbox, name: str) -> None:
    system, function, domain, service, outcome = SYSTEMS[name]
    module: Module = system(sandbox) if name in ("WHMCS", "Clientexec") else only(system(sandbox))
    uniqname = domain.partition(".")[0].replace("-", "")[:16]
    assert said(create(sandbox, domain, uniqname=uniqname)) == "ok"
    for reason in ("billing", "abuse"):
        call(sandbox, "suspendSiteWorxAccount", domain=domain, reason=reason)
    for _ in range(2):
        done, told = outcome(module(function, **service))
        assert not done
        assert REMAINS.format(domain) in told
        assert stored(sandbox, domain, "state", "reasons") == ("inactive", "abuse")
    assert site(sandbox, domain) == SUSPENDED
    call(sandbox, "unsuspendSiteWorxAccount", domain=domain, reason="abuse")
    assert outcome(module(function, **service))[0]
    assert site(sandbox, domain) == SERVED
