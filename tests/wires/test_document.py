"""Typed SOAP, read: one row for each thing that a client may send."""

import pytest

from iwapi.asked import Credentials
from iwapi.errors import MustUnderstand, Problem, UnknownAction, Unreadable
from iwapi.kinds import Plain
from iwapi.wires.document import TypedCall
from iwapi.wires.services import TypedService
from tests.wires.made_up import ADMIN, BILLING, list_names
from tests.wires.typed import read

NAMESPACES = (
    'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:iwapi:billing:1" '
    'xmlns:a="urn:iwapi:admin:1" xmlns:o="urn:other" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
KEY = Credentials(apikey=Plain("k"))
NIL_AND_MORE = "This element says that it is nil, and holds something"
ANOTHER_NAMESPACE = "This element must be in the namespace urn:iwapi:billing:1"


def asked(call: str, header: str = "", service: TypedService = BILLING) -> TypedCall:
    envelope = f"<s:Envelope {NAMESPACES}><s:Header>{header}</s:Header><s:Body>{call}</s:Body></s:Envelope>"
    return read(service, envelope.encode())


def inputs(members: str) -> TypedCall:
    return asked(f"<t:createThing>{members}</t:createThing>")


@pytest.mark.parametrize(
    ("members", "raw"),
    [
        ("", {}),
        ("<t:domain>a.com</t:domain><t:email> b </t:email>", {"domain": "a.com", "email": " b "}),
        ("\n  <t:domain>a.com</t:domain>\n", {"domain": "a.com"}),
        ("<t:domain>a<!-- b -->b<![CDATA[<&]]></t:domain>", {"domain": "ab<&"}),
        ("<t:domain/>", {"domain": ""}),
        ('<t:domain xsi:nil="true"/><t:email xsi:nil="0">b</t:email>', {"email": "b"}),
        ('<t:domain xsi:type="o:whatever">a.com</t:domain>', {"domain": "a.com"}),
        ('<domain xmlns="urn:iwapi:billing:1">a.com</domain>', {"domain": "a.com"}),
        ("<t:aliases>a</t:aliases>", {"aliases": ["a"]}),
        ("<t:aliases>a</t:aliases><t:why/><t:aliases>b</t:aliases>", {"aliases": ["a", "b"], "why": ""}),
        ('<t:aliases xsi:nil="1"/>', {}),
        ("<t:place><t:ports>2</t:ports></t:place>", {"place": {"ports": ["2"]}}),
        ("<t:place/>", {"place": {}}),
        ("<t:others> </t:others><t:others><t:note>n</t:note></t:others>", {"others": [{}, {"note": "n"}]}),
    ],
)  # fmt: skip
def test_members_are_read_as_texts_lists_and_mappings(members: str, raw: dict) -> None:
    got = inputs(members)
    assert (got.raw, got.problems) == (raw, ())


@pytest.mark.parametrize(
    ("members", "raw"),
    [
        ("<t:domain>a</t:domain><t:domain>b</t:domain><t:domain/>", {"domain": ["a", "b", ""]}),
        ("<t:place/><t:place/>", {"place": [{}, {}]}),
        ("<t:pasword>hunter2</t:pasword>", {"pasword": ""}),
        ("<o:pasword>hunter2</o:pasword>", {"pasword": ""}),
        ('<t:pasword xsi:nil="true"/>', {"pasword": ""}),
        ("<t:domain><t:a>b</t:a></t:domain>", {"domain": {}}),
        ("<t:place>here</t:place>", {"place": "here"}),
        ("<t:place><t:adress/></t:place>", {"place": {"adress": ""}}),
    ],
)
def test_what_dispatch_must_name_reaches_it_without_unknown_values(members: str, raw: dict) -> None:
    assert inputs(members).raw == raw


@pytest.mark.parametrize(
    ("members", "field", "problem"),
    [
        ("<domain>a</domain>", "domain", ANOTHER_NAMESPACE),
        ("<o:domain>a</o:domain>", "domain", ANOTHER_NAMESPACE),
        ("<t:place><address>a</address></t:place>", "address", ANOTHER_NAMESPACE),
        ('<t:domain lang="en">a</t:domain>', "domain", "This element cannot have the attribute lang"),
        ('<t:domain o:nil="true">a</t:domain>', "domain", "This element cannot have the attribute nil"),
        ('<t:domain xsi:nil="yes">a</t:domain>', "domain", "This element cannot have the attribute nil"),
        ('<t:place id="1"/>', "place", "This element cannot have the attribute id"),
        ('<t:domain xsi:nil="true">a</t:domain>', "domain", NIL_AND_MORE),
        ('<t:email xsi:nil="1"/><t:email>a</t:email>', "email", "This element is given, and given as nil"),
    ],
)  # fmt: skip
def test_what_only_the_wire_can_see_is_named(members: str, field: str, problem: str) -> None:
    assert inputs(members).problems == (Problem(field, "", problem),)


def test_every_problem_is_named_at_once() -> None:
    found = inputs('<domain>a</domain><t:email x="1">b</t:email><t:place><o:note/></t:place>').problems
    assert [problem.field for problem in found] == ["domain", "email", "note"]


def test_attributes_of_the_operation_are_named_too_and_nil_means_no_inputs() -> None:
    assert asked('<t:listNames xsi:nil="true"/>').problems == ()
    assert [problem.field for problem in asked('<t:listNames x="1"/>').problems] == ["listNames"]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("<t:creatThing/>", "creatThing is not offered by this server. The nearest is createThing."),
        ("<t:zzz/>", "zzz is not offered by this server. The nearest is "),
        ("<o:createThing/>", "createThing is not offered by this server. Its namespace must be urn:"),
        ("<createThing/>", "createThing is not offered by this server. Its namespace must be urn:"),
        ("<a:makeSecret/>", "makeSecret is not offered by this server. The nearest is "),
        (f"<t:{'x' * 1000}/>", f"{'x' * 64} is not offered by this server."),
    ],
)  # fmt: skip
def test_an_operation_that_is_not_there_is_refused_with_the_nearest_that_is(call: str, text: str) -> None:
    with pytest.raises(UnknownAction) as refused:
        asked(call)
    assert refused.value.text.startswith(text)


@pytest.mark.parametrize(
    ("header", "credentials"),
    [
        ("", Credentials()),
        ("<t:Auth><t:apikey>k &amp; 1\n2</t:apikey></t:Auth>", Credentials(apikey=Plain("k & 1\n2"))),
        ('<t:Auth s:mustUnderstand="1" s:actor=""><t:apikey>k</t:apikey></t:Auth>', KEY),
        ("<o:Options><o:x/></o:Options><t:Auth><t:apikey>k</t:apikey></t:Auth>", KEY),
        ("<o:Auth><t:apikey>k</t:apikey></o:Auth>", Credentials()),
        ("<t:Auth/>", Credentials()),
    ],
)  # fmt: skip
def test_the_auth_header_holds_the_credentials(header: str, credentials: Credentials) -> None:
    got = asked("<t:listNames/>", header)
    assert (got.action, got.credentials, got.problems) == (list_names, credentials, ())


def test_the_admin_services_header_is_a_log_in() -> None:
    header = "<a:Auth><a:email>me@example.com</a:email><a:password>pw</a:password></a:Auth>"
    got = asked("<a:makeSecret/>", header, ADMIN)
    assert got.credentials == Credentials(email="me@example.com", password=Plain("pw"))


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("<t:Auth><t:apikey>k</t:apikey></t:Auth><t:Auth><t:apikey>l</t:apikey></t:Auth>", ["Auth"]),
        ("<t:Auth><t:apikey>k</t:apikey><t:apikey>l</t:apikey></t:Auth>", ["apikey"]),
        ("<t:Auth><t:apikey><t:x/></t:apikey></t:Auth>", ["apikey"]),
        ("<t:Auth><t:email>e</t:email><t:password>p</t:password></t:Auth>", ["email", "password"]),
    ],
)
def test_a_header_that_could_be_read_in_two_ways_authenticates_nobody(header: str, fields: list[str]) -> None:
    got = asked("<t:listNames/>", header)
    assert got.credentials == Credentials()
    assert [problem.field for problem in got.problems] == fields


def test_a_secret_is_never_repeated_in_a_problem() -> None:
    got = asked("<t:createThing><password>s3cret</password><t:x>s3cret</t:x></t:createThing>",
                "<t:Auth><t:apikey>s3cret</t:apikey><t:key>s3cret</t:key></t:Auth>")  # fmt: skip
    assert "s3cret" not in repr(got.problems) + repr(got.credentials)
    assert got.raw["x"] == ""


@pytest.mark.parametrize("header", ["<t:Other %s/>", "<o:Options %s/>", "<o:Auth %s/>", "<a:Options %s/>"])
def test_the_service_understands_its_two_headers_and_no_other(header: str) -> None:
    with pytest.raises(MustUnderstand):
        asked("<t:listNames/>", header % 's:mustUnderstand="1"')
    for known in ("<t:Options %s/>", "<t:Auth %s/>"):
        assert not asked("<t:listNames/>", known % 's:mustUnderstand="1" s:actor=""').problems


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("", {}),
        ("<t:Options/>", {}),
        ('<t:Options xsi:nil="true"/>', {}),
        ("<t:Options> \n </t:Options>", {}),
        ("<t:Options><t:idempotency_key>a-key-1</t:idempotency_key></t:Options>",
         {"idempotency_key": "a-key-1"}),
        ("<t:Options><t:idempotency_key>a\r\nb&#13;&#10;c</t:idempotency_key></t:Options>",
         {"idempotency_key": "a\nb\r\nc"}),
        ("<t:Options><t:dry_run>true</t:dry_run><t:wait_seconds> 5 </t:wait_seconds></t:Options>",
         {"dry_run": "true", "wait_seconds": " 5 "}),
        ('<t:Options><t:wait_seconds xsi:nil="1"/></t:Options>', {}),
        ("<t:Options><t:dry_run/></t:Options>", {"dry_run": ""}),
        ("<t:Auth><t:apikey>k</t:apikey></t:Auth><t:Options><t:dry_run>1</t:dry_run></t:Options>",
         {"dry_run": "1"}),
        ("<o:Options><t:dry_run>1</t:dry_run></o:Options>", {}),
        ("<Options><t:dry_run>1</t:dry_run></Options>", {}),
    ],
)  # fmt: skip
def test_the_options_header_holds_the_options(header: str, options: dict[str, str]) -> None:
    got = asked("<t:listNames/>", header)
    assert (got.options, got.problems) == (options, ())


@pytest.mark.parametrize(
    ("header", "options", "fields"),
    [
        ("<t:Options/><t:Options><t:dry_run>1</t:dry_run></t:Options>", {}, ["Options"]),
        ("<t:Options/><t:Options/><t:Options/>", {}, ["Options", "Options"]),
        ("<t:Options><t:dry_run>0</t:dry_run><t:dry_run>1</t:dry_run></t:Options>", {}, ["dry_run"]),
        ("<t:Options><t:dry_run><t:dry_run>1</t:dry_run></t:dry_run></t:Options>", {}, ["dry_run"]),
        ("<t:Options><t:Options><t:dry_run>1</t:dry_run></t:Options></t:Options>", {}, ["Options"]),
        ("<t:Options><o:dry_run>1</o:dry_run></t:Options>", {"dry_run": "1"}, ["dry_run"]),
        ("<t:Options><dry_run>1</dry_run></t:Options>", {"dry_run": "1"}, ["dry_run"]),
        ("<t:Options><t:dryrun>1</t:dryrun></t:Options>", {}, ["dryrun"]),
        ("<t:Options><t:apikey>k</t:apikey></t:Options>", {}, ["apikey"]),
        ('<t:Options><t:dry_run x="1">1</t:dry_run></t:Options>', {"dry_run": "1"}, ["dry_run"]),
        ("<t:Auth><t:dry_run>1</t:dry_run></t:Auth>", {}, ["dry_run"]),
    ],
)
def test_an_option_that_could_be_read_in_two_ways_is_a_wrong_input(
    header: str, options: dict[str, str], fields: list[str]
) -> None:
    got = asked("<t:listNames/>", header)
    assert got.options == options
    assert [problem.field for problem in got.problems] == fields


def test_a_huge_option_is_refused_by_the_gate_and_one_that_is_long_is_handed_on() -> None:
    header = "<t:Options><t:idempotency_key>%s</t:idempotency_key></t:Options>"
    with pytest.raises(Unreadable):
        asked("<t:listNames/>", header % ("k" * 65_537))
    assert asked("<t:listNames/>", header % ("k" * 65_536)).options == {"idempotency_key": "k" * 65_536}
