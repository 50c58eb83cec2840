"""The contract: what the WSDL says, and Spyne's own server with zeep against it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import zeep
from lxml import etree

from iwapi.action import Catalogue, action
from iwapi.asked import Asked, Credentials, Dispatch, Outcome, Reply
from iwapi.errors import DomainTaken, Problem
from iwapi.kinds import Plain
from iwapi.wires._spyne import WsgiApplication
from iwapi.wires.contract import application, wsdl
from iwapi.wires.services import TypedService, typed_services
from tests.wires import made_up
from tests.wires.made_up import ADMIN, BILLING, Nothing
from tests.wires.test_answers import THING

NAMES = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "soap": "http://schemas.xmlsoap.org/wsdl/soap/",
    "x": "http://www.w3.org/2001/XMLSchema",
}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(service: TypedService, dispatch: Dispatch) -> Iterator[zeep.Client]:
    """zeep, with the WSDL that Spyne's own server gives, calling that server."""
    app = WsgiApplication(application(service, dispatch, lambda: "r-1"))
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield zeep.Client(f"http://127.0.0.1:{server.server_port}/?wsdl")
        finally:
            server.shutdown()
            thread.join()


class Told:
    """A dispatch that answers as it was told, from another thread, and keeps what it was asked."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        threading.Timer(0, reply, [self.outcome]).start()


def test_spynes_own_server_hands_the_values_of_a_call_to_dispatch_and_answers_what_it_says() -> None:
    told = Told(Outcome(replace(THING, nickname="A & B")))
    with served(BILLING, told) as client:
        answer = client.service.createThing(
            domain="a.com", email="me@a.com", password="pw", OPT_STORAGE=5, OPT_SSL=True,
            aliases=["b.com", "c.com"], until="2026-11-24T10:00:00Z",
            place={"address": "192.0.2.1", "ports": [80]}, _soapheaders={"Auth": {"apikey": "k"}},
        )  # fmt: skip
    assert (answer.id, answer.secret, answer.nickname) == (7, "x>y", "A & B")
    assert (answer.aliases, answer.place.ports) == (["b.com", "c.com"], [80, 443])
    assert (answer.active, answer.used, answer.made, answer.email) == (True, 2**40, THING.made, None)
    (asked,) = told.asked
    assert asked.credentials == Credentials(apikey=Plain("k"))
    assert asked.options == {}
    assert {name: value for name, value in asked.raw.items() if value is not None} == {
        "domain": "a.com", "email": "me@a.com", "password": "pw", "OPT_STORAGE": "5", "OPT_SSL": "true",
        "aliases": ["b.com", "c.com"], "until": "2026-11-24T10:00:00+00:00",
        "place": {"address": "192.0.2.1", "note": None, "ports": ["80"]},
    }  # fmt: skip


def test_spynes_own_server_answers_an_error_as_the_typed_fault() -> None:
    told = Told(Outcome(error=DomainTaken(Problem("domain", "a.com", "is taken"))))
    with served(BILLING, told) as client, pytest.raises(zeep.exceptions.Fault) as raised:
        client.service.listNames()
    assert raised.value.message == "The domain name is taken.\ndomain: a.com is taken"
    detail = client.wsdl.types.deserialize(raised.value.detail[0])
    assert (detail.code, detail.request_id, detail.problems[0].value) == ("DOMAIN_TAKEN", "r-1", "a.com")
    assert told.asked[0].credentials == Credentials()


def test_the_admin_service_is_served_with_its_own_header() -> None:
    told = Told(Outcome(Plain("new")))
    with served(ADMIN, told) as client:
        header = {"Auth": {"email": "me@a.com", "password": "pw"}}
        assert client.service.makeSecret(_soapheaders=header) == "new"
    assert told.asked[0].credentials == Credentials(email="me@a.com", password=Plain("pw"))


@pytest.mark.parametrize("auth", [{}, {"Auth": {"apikey": "k"}}])
def test_spynes_own_server_hands_the_options_of_a_call_to_dispatch(auth: dict) -> None:
    told = Told(Outcome(7))
    with served(BILLING, told) as client:
        options = {"idempotency_key": "order-1234", "wait_seconds": 5, "dry_run": True}
        assert client.service.countThings(_soapheaders={**auth, "Options": options}) == 7
        assert client.service.countThings(_soapheaders={**auth, "Options": {"dry_run": False}}) == 7
    assert [asked.options for asked in told.asked] == [
        {"idempotency_key": "order-1234", "wait_seconds": "5", "dry_run": "true"},
        {"dry_run": "false"},
    ]
    assert told.asked[0].credentials == Credentials(apikey=Plain("k") if auth else None)


def found(service: TypedService, path: str) -> list:
    return etree.fromstring(wsdl(service, "http://localhost:1/")).xpath(path, namespaces=NAMES)


def test_the_address_is_the_callers_and_nothing_of_it_is_kept() -> None:
    for address in ("https://a.example/soap?x=1&y=2", 'http://b.example/"<'):
        root = etree.fromstring(wsdl(BILLING, address))
        assert root.xpath("//soap:address/@location", namespaces=NAMES) == [address]


def test_only_soap_1_1_is_declared_and_no_prefix_is_unused() -> None:
    text = wsdl(BILLING, "http://localhost:1/").decode()
    root = etree.fromstring(text.encode())
    assert set(root.nsmap) == {"xs", "wsdl", "wsdlsoap11", "tns"}
    assert "soap12" not in text


def test_nothing_is_nillable_and_what_is_optional_may_be_absent() -> None:
    assert found(BILLING, "//@nillable") == []
    optional = found(BILLING, "//x:complexType[@name='createThing']//x:element[@minOccurs='0']/@name")
    needed = found(BILLING, "//x:complexType[@name='createThing']//x:element[not(@minOccurs)]/@name")
    assert needed == ["domain", "email", "password", "OPT_STORAGE"]
    assert "wait" in optional
    assert found(BILLING, "//x:complexType[@name='findThing']//x:element/@minOccurs") == []


def test_lists_are_repeated_elements() -> None:
    many = found(BILLING, "//x:element[@maxOccurs='unbounded']/@name")
    assert many.count("aliases") == 2
    assert "result" in many
    assert found(BILLING, "//x:complexType[contains(@name, 'Array')]") == []


def test_own_members_precede_inherited_ones() -> None:
    members = found(BILLING, "//x:complexType[@name='Thing']/x:sequence/x:element/@name")
    assert (members[0], members[-3:]) == ("id", ["OPT_STORAGE", "OPT_BANDWIDTH", "OPT_SSL"])


def test_the_header_is_a_named_complex_type() -> None:
    assert found(BILLING, "//x:complexType[@name='Auth']//x:element/@name") == ["apikey"]
    assert found(ADMIN, "//x:complexType[@name='Auth']//x:element/@name") == ["email", "password"]
    for service in (BILLING, ADMIN):
        members = found(service, "//x:complexType[@name='Options']//x:element[@minOccurs='0']/@name")
        assert members == ["idempotency_key", "wait_seconds", "dry_run"]


def test_an_operation_may_have_each_header_and_all_share_their_messages() -> None:
    for name in BILLING.operations:
        headers = found(BILLING, f"//w:binding/w:operation[@name='{name}']/w:input/soap:header")
        assert [header.get("message") for header in headers] == ["tns:Auth", "tns:Options"]
        assert [header.get("part") for header in headers] == ["Auth", "Options"]
    assert found(BILLING, "//w:message[w:part[@name='Options']]/@name") == ["Options"]
    assert found(BILLING, "//w:message[w:part[@name='Auth']]/@name") == ["Auth"]


def test_messages_are_wrapped_and_have_the_part_name_that_svcutil_wants() -> None:
    for name in BILLING.operations:
        for message in (name, name + "Response"):
            assert found(BILLING, f"//w:message[@name='{message}']/w:part/@name") == ["parameters"]
            assert found(BILLING, f"//w:message[@name='{message}']/w:part/@element") == [f"tns:{message}"]


def test_an_operation_declares_its_own_errors_and_those_of_every_operation() -> None:
    def faults(name: str) -> set[str]:
        declared = found(BILLING, f"//w:portType/w:operation[@name='{name}']/w:fault/@name")
        assert declared == found(BILLING, f"//w:binding/w:operation[@name='{name}']/w:fault/soap:fault/@name")
        return set(declared)

    common = faults("countThings")
    assert {"InvalidInputFault", "NotAuthenticatedFault", "InternalErrorFault"} <= common
    writing = {"OutcomeUnknownFault", "IdempotencyMismatchFault", "DryRunFault"}
    assert faults("deleteThing") - common == writing
    assert faults("createThing") - common == {
        "DomainTakenFault",
        "ServerFullFault",
        "AlreadyDoneFault",  # a thing has a secret
        *writing,
    }


def test_the_facets_of_kinds_are_named_types() -> None:
    def facets(name: str) -> dict[str, str]:
        restriction = found(BILLING, f"//x:simpleType[@name='{name}']/x:restriction/*")
        return {etree.QName(facet).localname: facet.get("value") for facet in restriction}

    assert facets("megabytes") == {"minInclusive": "0", "maxInclusive": "999999999"}
    assert facets("unixname") == {"pattern": "[a-z][a-z0-9]{0,15}"}
    assert facets("name") == {"minLength": "1", "maxLength": "64"}
    assert found(BILLING, "//x:simpleType[@name='strength']//@value") == ["weak", "very strong"]
    assert found(BILLING, "//x:complexType[@name='Thing']//x:element[@name='strength']/@type") == [
        "tns:strength"
    ]


def test_it_is_documented_by_the_declarations() -> None:
    operation = found(BILLING, "//w:portType/w:operation[@name='createThing']/w:documentation/text()")
    assert operation == ["Make a thing & return it."]
    wait = found(BILLING, "//x:complexType[@name='createThing']//x:element[@name='wait']//text()")
    allowed = "a whole number from 0 to 999999999 seconds"
    assert "".join(wait).strip() == f"how long to wait ({allowed}; example: 20; default: 20)"
    struct = found(BILLING, "//x:complexType[@name='Thing']/x:annotation/x:documentation/text()")
    assert struct == ["A thing."]
    member = found(BILLING, "//x:complexType[@name='Thing']//x:element[@name='former']//text()")
    assert "".join(member).strip() == "where it was"


@dataclass(frozen=True)
class thing(Nothing):  # noqa: N801
    """A struct whose name differs from another's in case only."""


def test_two_types_that_a_client_could_take_for_one_are_refused() -> None:
    @action("getThing", scope="things")
    def get(call: object, wanted: Nothing) -> thing: ...

    clashing = typed_services(Catalogue((*made_up.CATALOGUE.actions, get)))["billing"]
    with pytest.raises(TypeError, match="two types of one name: thing"):
        wsdl(clashing, "http://localhost:1/")
