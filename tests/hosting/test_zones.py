"""Questions and answers as rows."""

from __future__ import annotations

import pytest

from iwapi.hosting.directory import Zone
from iwapi.hosting.zones import Answer, Code, Kind, Names, Question, Record, answer, zone_of
from tests.hosting.conftest import Rows

ZONE = Zone("example.com", ("192.0.2.1", "192.0.2.2"), ("2001:db8::1",), 2026010101)
NAMES = Names(("ns1.example.net", "ns2.example.net"), "hostmaster@example.net", ttl=3600, negative_ttl=300)
SOA = "ns1.example.net hostmaster.example.net 2026010101 10800 3600 604800 300"
ADDRESSES = ["A 192.0.2.1", "A 192.0.2.2", "AAAA 2001:db8::1"]


def asked(name: str, kind: int, *zones: Zone, names: Names = NAMES, family: int = 1) -> Answer:
    rows = Rows(zones={zone.domain: zone for zone in zones or (ZONE,)})
    return answer(Question(name, kind, family), rows, names)


def written(records: tuple[Record, ...]) -> list[str]:
    return [f"{record.kind.name} {record.value}" for record in records]


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("example.com", Kind.SOA, ["SOA " + SOA]),
        ("example.com", Kind.NS, ["NS ns1.example.net", "NS ns2.example.net"]),
        ("example.com", Kind.A, ADDRESSES[:2]),
        ("example.com", Kind.AAAA, ADDRESSES[2:]),
        ("example.com", Kind.MX, ["MX 10 mail.example.com"]),
        ("example.com", Kind.TXT, ["TXT v=spf1 a mx ~all"]),
        ("www.example.com", Kind.A, ADDRESSES[:2]),
        ("mail.example.com", Kind.AAAA, ADDRESSES[2:]),
        ("ftp.example.com", Kind.A, ADDRESSES[:2]),
        ("example.com", Kind.ANY, ADDRESSES[:2]),
    ],
)
def test_a_name_has_these_records(name: str, kind: Kind, expected: list[str]) -> None:
    got = asked(name, kind)
    assert (got.code, got.authoritative, got.authority) == (Code.OK, True, ())
    assert written(got.records) == expected
    assert {(record.name, record.ttl) for record in got.records} == {(name, 3600)}


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("www.example.com", Kind.MX, Code.OK),
        ("www.example.com", Kind.TXT, Code.OK),
        ("example.com", 5, Code.OK),
        ("example.com", 46, Code.OK),
        ("example.com", 65, Code.OK),
        ("example.com", 65280, Code.OK),
        ("nothing.example.com", Kind.A, Code.NO_SUCH_NAME),
        ("nothing.example.com", Kind.ANY, Code.NO_SUCH_NAME),
        ("a.www.example.com", Kind.A, Code.NO_SUCH_NAME),
        ("\xff.example.com", Kind.A, Code.NO_SUCH_NAME),
        ("*.example.com", Kind.A, Code.NO_SUCH_NAME),
        ("w.example.com", Kind.A, Code.NO_SUCH_NAME),
    ],
)
def test_what_is_not_there_is_denied_with_the_soa(name: str, kind: int, code: Code) -> None:
    got = asked(name, kind)
    assert got == Answer(code, True, authority=(Record("example.com", Kind.SOA, 300, SOA),))


@pytest.mark.parametrize(
    ("name", "kind", "family"),
    [
        ("example.org", Kind.A, 1),
        ("xexample.com", Kind.A, 1),
        ("com", Kind.NS, 1),
        ("", Kind.NS, 1),
        ("example.com", 252, 1),
        ("example.com", 251, 1),
        ("example.com", Kind.TKEY, 1),
        ("example.com", 250, 1),
        ("example.com", Kind.A, 3),
        ("version.bind", Kind.TXT, 3),
        ("example.com", Kind.A, 255),
        ("example.com", Kind.A, 254),
    ],
)
def test_what_is_not_ours_is_refused(name: str, kind: int, family: int) -> None:
    assert asked(name, kind, family=family) == Answer(Code.REFUSED)


def test_the_zone_with_the_longest_name_answers() -> None:
    sub = Zone("sub.example.com", ("192.0.2.9",), (), 1)
    assert written(asked("www.sub.example.com", Kind.A, ZONE, sub).records) == ["A 192.0.2.9"]
    assert asked("www.subs.example.com", Kind.A, ZONE, sub).authority[0].name == "example.com"


def test_a_question_costs_a_bounded_number_of_lookups() -> None:
    class Counting(Rows):
        looked_up = 0

        def zone(self, domain: str) -> Zone | None:
            self.looked_up += 1
            return super().zone(domain)

    rows = Counting()
    assert zone_of(rows, ".".join("a" * 127)) is None
    assert rows.looked_up <= 10


def test_the_directory_sees_no_name_that_a_zone_cannot_have() -> None:
    class Strict(Rows):
        def zone(self, domain: str) -> Zone | None:
            assert domain == "example.com"
            return ZONE

    assert zone_of(Strict(), "a b.\xe9\0'.example.com") is ZONE


def test_a_zone_without_addresses_of_a_family_denies_them() -> None:
    four = Zone("example.com", ("192.0.2.1",), (), 1)
    assert asked("example.com", Kind.AAAA, four).code == Code.OK
    assert asked("example.com", Kind.AAAA, four).authority
    none = Zone("example.com", (), (), 1)
    assert asked("www.example.com", Kind.A, none).code == Code.OK
    assert written(asked("example.com", Kind.ANY, none).records)[0].startswith("SOA ")


def test_addresses_of_mail_servers_come_along() -> None:
    assert written(asked("example.com", Kind.MX).additional) == ADDRESSES


def test_name_servers_outside_the_zone_bring_no_addresses() -> None:
    assert asked("example.com", Kind.NS).additional == ()


def test_name_servers_inside_the_zone_have_addresses_and_bring_them_along() -> None:
    inside = Names(("ns1.dns.example.com", "ns2.example.net"), "hostmaster@example.com")
    assert written(asked("ns1.dns.example.com", Kind.A, names=inside).records) == ADDRESSES[:2]
    glue = asked("example.com", Kind.NS, names=inside).additional
    assert written(glue) == ADDRESSES
    assert {record.name for record in glue} == {"ns1.dns.example.com"}
    assert asked("dns.example.com", Kind.A, names=inside).code == Code.OK
    assert asked("dns.example.com", Kind.A, names=inside).records == ()


def test_a_serial_is_a_number_of_32_bits() -> None:
    grown = Zone("example.com", (), (), 2**32 + 5)
    assert asked("example.com", Kind.SOA, grown).records[0].value.split()[2] == "5"


def test_names_that_are_not_set_come_from_the_host() -> None:
    assert Names.of("host.example.net") == Names(
        ("ns1.host.example.net", "ns2.host.example.net"), "hostmaster@host.example.net"
    )
    assert Names.of("h.example", ["NS1.Example.net."], "dns@example.net", 60) == Names(
        ("ns1.example.net",), "dns@example.net", 60
    )


@pytest.mark.parametrize(
    "hostmaster", ["", "example.net", "first.last@example.net", "a@b@c", "a b@example.net"]
)
def test_a_hostmaster_that_no_soa_can_hold_is_an_error(hostmaster: str) -> None:
    with pytest.raises(ValueError, match="hostmaster"):
        Names(("ns1.example.net",), hostmaster)
