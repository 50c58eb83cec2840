"""What is wrong gets one clear answer that names every field, on both envelopes, and nothing is stored."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from iwapi.cli.outside import Answered, ask, route, typed
from tests.clients.byhand import OPENING, call, create, endpoint, said
from tests.sandbox import Sandbox

GOOD = {"master_domain": "example.com", **OPENING}
REQUIRED = "This input is required"
NO_DOMAIN = "This is not a valid domain name"
NO_NAME = "This is not a valid Unix name"
NO_EMAIL = "This is not a valid e-mail address"
NO_NUMBER = "This is not a whole number"
NO_ADDRESS = "This is not a valid IP address"
NO_FLAG = "This is not a flag"
NO_OPTION = "This is not a valid option"
WEAK = "This password is too weak"
SIZES = {"OPT_STORAGE", "OPT_BANDWIDTH"}


@dataclass(frozen=True)
class Wrong:
    """One wrong value of a create, and what must be said of it."""

    field: str
    value: str
    problem: str
    code: str = "INVALID_INPUT"


WRONG = [
    *(Wrong("master_domain", value, NO_DOMAIN) for value in (
        "localhost", "-a.com", "a..com", "exa mple.com", "a.com/../../etc", "a.com;reboot",
        "a.com' or '1'='1", "127.0.0.1", "a" * 64 + ".com", ".".join(["a" * 60] * 5), "*.example.com",
        "a_b.com", "xn--a.com", "exa\u202emple.com", "http://example.com", "example.com:80", "example.com\n",
        ".example.com",
    )),
    Wrong("master_domain", "co.uk", "This is a public suffix"),
    Wrong("master_domain", "com", NO_DOMAIN),
    *(Wrong("uniqname", value, NO_NAME) for value in (
        "9x", "Upper", "a" * 17, "a-b", "../x", "a b", "ünix", "a\n",
    )),
    *(Wrong("uniqname", value, "This Unix name is reserved") for value in ("root", "www", "iwapi")),
    *(Wrong("email", value, NO_EMAIL) for value in (
        "me", "me@", "@example.com", "a b@example.com", "me@example.com\nBcc: you@example.com",
        "<me@example.com>", "me@localhost", "a" * 65 + "@example.com", "me@example.com,you@example.com",
    )),
    *(Wrong("password", value, WEAK) for value in ("Sh0rt", "alllower")),
    Wrong("password", "Aa1" + "x" * 254, "This password is too long"),
    Wrong("password", "Correct\thorse7", "holds a character that is not printable"),
    Wrong("packagetemplate", "nope", NO_OPTION, "PACKAGE_NOT_FOUND"),
    Wrong("packagetemplate", "a" * 65, "too long"),
    *(Wrong("master_domain_ipv4", value, NO_ADDRESS) for value in (
        "999.1.1.1", "::1", "127.1", "127.0.0.01", "0x7f.0.0.1",
    )),
    Wrong("master_domain_ipv4", "192.0.2.77", NO_OPTION, "ADDRESS_NOT_FREE"),
    *(Wrong("master_domain_ipv6", value, NO_ADDRESS) for value in ("127.0.0.1", "::1%lo", "1:2:3")),
    *(Wrong("OPT_STORAGE", value, NO_NUMBER) for value in (
        "1_000", "\u0661\u0662", "1e3", "1.5", "0x10", "many", "NaN",
    )),
    *(Wrong("OPT_STORAGE", value, "out of range") for value in ("-1", "99999999999", "9" * 18)),
    Wrong("OPT_BANDWIDTH", "0", "out of range"),
    *(Wrong("OPT_SSL", value, NO_FLAG) for value in ("maybe", "yes", "2", "TRUE")),
    Wrong("nickname", "a" * 101, "too long"),
    Wrong("nickname", "two\nlines", "holds a control character"),
]  # fmt: skip
"""Values that both envelopes refuse. Of a text with a line's end only what is refused anyway is here."""


def shown(wrong: Wrong) -> str:
    return "********" if wrong.field == "password" else wrong.value[:100]


@pytest.fixture(autouse=True)
def _nothing_is_stored(sandbox: Sandbox) -> Iterator[None]:
    before = stored(sandbox)
    yield
    assert stored(sandbox) == before


def stored(sandbox: Sandbox) -> tuple[str, str, list[str], list[str]]:
    """What there is of accounts and packages, by the API and on the disk."""
    accounts, packages = (call(sandbox, name).body for name in ("listSiteWorxAccounts", "listPackages"))
    return accounts, packages, sorted(os.listdir(sandbox.homes)), os.listdir(sandbox.homes / "accounts")


def problems(answered: Answered) -> dict[str, dict[str, str]]:
    """The problems of a typed fault, by field."""
    found = [
        {part.tag.rpartition("}")[2]: part.text or "" for part in element}
        for element in ET.fromstring(answered.body).iter()
        if element.tag.endswith("}problems")
    ]
    named = {problem["field"]: problem for problem in found}
    assert len(named) == len(found), "a field is named twice"
    return named


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.field}-{wrong.value[:20]}")
def test_a_wrong_value_is_named_with_what_is_wrong_and_what_is_allowed(
    sandbox: Sandbox, wrong: Wrong
) -> None:
    sent = GOOD | {wrong.field: wrong.value}
    answered = call(sandbox, "createSiteWorxAccount", **sent)
    (found,) = problems(answered).values()
    assert (answered.status, said(answered)) == (500, wrong.code)
    assert (found["field"], found["value"], found["code"]) == (wrong.field, shown(wrong), wrong.code)
    assert wrong.problem in found["problem"]
    assert found["allowed"] or wrong.code != "INVALID_INPUT"

    by_route = routed(sandbox, "add", sent)
    assert by_route.entry("status") == "11"
    assert f"{wrong.field}: {shown(wrong)} " in by_route.entry("payload")
    assert wrong.problem in by_route.entry("payload")
    assert "Usage: " in by_route.entry("payload")


def routed(sandbox: Sandbox, action: str, inputs: dict[str, str]) -> Answered:
    return route(endpoint(sandbox.soap), sandbox.api_key, "/nodeworx/siteworx", action, inputs)


def test_all_wrong_fields_are_named_in_one_answer(sandbox: Sandbox) -> None:
    sent = {wrong.field: wrong.value for wrong in WRONG if wrong.code == "INVALID_INPUT"}
    answered = call(sandbox, "createSiteWorxAccount", **sent, no_such="x")
    assert set(problems(answered)) == {*sent, "no_such"}
    by_route = routed(sandbox, "add", sent).entry("payload")
    assert all(f"\n{field}: " in by_route for field in sent)


def test_what_is_missing_is_named(sandbox: Sandbox) -> None:
    named = {"master_domain", "email", "password", *SIZES}
    found = problems(call(sandbox, "createSiteWorxAccount"))
    assert {field: problem["problem"] for field, problem in found.items()} == dict.fromkeys(named, REQUIRED)
    by_route = routed(sandbox, "add", {}).entry("payload")
    assert all(f"\n{field}: (nothing) {REQUIRED}" in by_route for field in named)
    sizes = {name: value for name, value in GOOD.items() if name != "packagetemplate"}
    assert set(problems(call(sandbox, "createSiteWorxAccount", **sizes))) == SIZES


def test_earlier_names_are_named_as_they_were_sent(sandbox: Sandbox) -> None:
    old = {"domainname": "x", "ipaddress": "y", "package_template": "nope", "email": "me@example.com"}
    text = routed(sandbox, "add", old).entry("payload")
    assert "\ndomainname: x This" in text
    assert "\nipaddress: y This" in text
    differ = routed(sandbox, "add", GOOD | {"domainname": "example.org"}).entry("payload")
    assert f"master_domain: {GOOD['master_domain']} This input differs from domainname" in differ


ELEMENTS = {
    "an element twice": ("<domain>a.com</domain><domain>b.com</domain>", "domain", "given more than once"),
    "an element that is not known": ("<domain>a.com</domain><domian/>", "domian", "not known"),
    "an attribute": ('<domain x="1">a.com</domain>', "domain", "cannot have the attribute x"),
    "elements in a text": ("<domain><b>a.com</b></domain>", "domain", "must be a single value"),
    "nil where it is needed": (
        '<domain xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="1"/>', "domain", REQUIRED,
    ),
    "another namespace": ('<domain xmlns="urn:x">a.com</domain>', "domain", "must be in the namespace"),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "field", "problem"), ELEMENTS.values(), ids=ELEMENTS)
def test_wrong_elements_are_named(sandbox: Sandbox, inside: str, field: str, problem: str) -> None:
    for operation in ("getSiteWorxAccount", "suspendSiteWorxAccount"):
        answered = ask(endpoint(sandbox.soap_typed), "/soap/billing", envelope(sandbox, operation, inside))
        assert (answered.status, said(answered)) == (500, "INVALID_INPUT")
        assert problem in problems(answered)[field]["problem"]


def envelope(sandbox: Sandbox, operation: str, inside: str) -> str:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        f'<s:Header><Auth xmlns="urn:iwapi:billing:1"><apikey>{sandbox.api_key}</apikey></Auth></s:Header>'
        f'<s:Body><{operation} xmlns="urn:iwapi:billing:1">{inside}</{operation}></s:Body></s:Envelope>'
    )


OTHERS: list[tuple[str, dict[str, str], str, set[str]]] = [
    ("getSiteWorxAccount", {"domain": "no.example"}, "ACCOUNT_NOT_FOUND", {"domain"}),
    ("getSiteWorxAccount", {}, "INVALID_INPUT", {"domain"}),
    ("editSiteWorxAccount", {"domain": "x", "status": "maybe"}, "INVALID_INPUT", {"domain", "status"}),
    ("suspendSiteWorxAccount", {"domain": "no.example", "message": "a" * 256, "reason": "unpaid"},
     "INVALID_INPUT", {"domain", "message", "reason"}),
    ("changeSiteWorxPassword", {"domain": "no.example"}, "INVALID_INPUT", {"domain", "password"}),
    ("deleteSiteWorxAccount", {"domain": "no.example"}, "ACCOUNT_NOT_FOUND", {"domain"}),
    ("listSiteWorxAccounts", {"after": "x", "limit": "1001"}, "INVALID_INPUT", {"after", "limit"}),
    ("getPackage", {}, "INVALID_INPUT", {"package_name"}),
    ("getPackage", {"id": "99"}, "PACKAGE_NOT_FOUND", {"id"}),
    ("createPackage", {"package_name": "basic"}, "INVALID_INPUT", {*SIZES, "package_name"}),
    ("editPackage", {"id": "1", "new_package_name": "pro"}, "PACKAGE_NAME_TAKEN", {"new_package_name"}),
    ("getUsage", {"domain": "no.example"}, "ACCOUNT_NOT_FOUND", {"domain"}),
    ("dropTables", {}, "UNKNOWN_ACTION", set()),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "inputs", "code", "fields"), OTHERS)
def test_the_other_operations_name_what_is_wrong_too(
    sandbox: Sandbox, operation: str, inputs: dict[str, Any], code: str, fields: set[str]
) -> None:
    answered = call(sandbox, operation, **inputs)
    assert (answered.status, said(answered)) == (500, code)
    assert set(problems(answered)) == fields


def test_without_a_good_key_nothing_is_told_of_the_inputs(sandbox: Sandbox) -> None:
    for auth in ({}, {"apikey": ""}, {"apikey": "nonsense"}, {"apikey": sandbox.api_key[:-40]}):
        answered = typed(
            endpoint(sandbox.soap_typed), "billing", auth, "createSiteWorxAccount", {"no_such": "x"}
        )
        assert (answered.status, said(answered), problems(answered)) == (500, "NOT_AUTHENTICATED", {})


@pytest.fixture(scope="module")
def account(sandbox: Sandbox) -> str:
    """What is known of an account that is there."""
    return create(sandbox, "there.example").body.replace("createSite", "getSite")


def test_an_account_is_not_changed_by_a_change_that_is_half_wrong(sandbox: Sandbox, account: str) -> None:
    for half in (
        {"packagetemplate": "nope", "email": "new@example.com"},
        {"status": "0", "OPT_STORAGE": "x"},
    ):
        assert call(sandbox, "editSiteWorxAccount", domain="there.example", **half).status == 500
        assert routed(sandbox, "edit", {"domain": "there.example", **half}).entry("status") == "11"
    assert call(sandbox, "getSiteWorxAccount", domain="there.example").body == account
