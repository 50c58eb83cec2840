"""Questions and answers as rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from iwapi.hosting.messages import Answer, Code, Kind, Question, Record
from iwapi.hosting.zones import Names, answer, zone_of
from iwapi.store.served import ServedRecord, ServedZone
from tests.hosting.conftest import Held, Rows, record, zone

ZONE = zone("example.com", ("192.0.2.1", "192.0.2.2"), ("2001:db8::1",), 2026010101)
NAMES = Names(("ns1.example.net", "ns2.example.net"), "hostmaster@example.net", ttl=3600, negative_ttl=300)
SOA = "ns1.example.net hostmaster.example.net 2026010101 10800 3600 604800 300"
Found = tuple[ServedZone, Sequence[ServedRecord]] | None
ADDRESSES = ["A 192.0.2.1", "A 192.0.2.2", "AAAA 2001:db8::1"]


def asked(name: str, kind: int, *zones: Held, names: Names = NAMES, family: int = 1) -> Answer:
    rows = Rows(held={held.zone.name: held for held in zones or (ZONE,)})
    return answer(Question(name, kind, family), rows, names)


def with_more(*more: ServedRecord) -> Held:
    return zone("example.com", ("192.0.2.1", "192.0.2.2"), ("2001:db8::1",), 2026010101, *more)


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
    sub = zone("sub.example.com", ("192.0.2.9",), (), 1)
    assert written(asked("www.sub.example.com", Kind.A, ZONE, sub).records) == ["A 192.0.2.9"]
    assert asked("www.subs.example.com", Kind.A, ZONE, sub).authority[0].name == "example.com"


def test_a_question_looks_for_a_bounded_number_of_zones() -> None:
    class Counting(Rows):
        looked_up = 0

        def zone(self, names: Sequence[str], host: str, kind: str) -> Found:
            self.looked_up += len(names)
            return super().zone(names, host, kind)

    rows = Counting()
    assert zone_of(rows, ".".join("a" * 127), "A") is None
    assert rows.looked_up <= 10


def test_the_directory_sees_no_name_that_a_zone_cannot_have() -> None:
    class Strict(Rows):
        def zone(self, names: Sequence[str], host: str, kind: str) -> Found:
            assert list(names) == ["example.com", "com"]
            return ZONE.zone, [record(host, "A", "192.0.2.1")]

    assert zone_of(Strict(), "a b.\xe9\0'.example.com", "A") == (ZONE.zone, ())


def test_a_zone_without_addresses_of_a_family_denies_them() -> None:
    four = zone("example.com", ("192.0.2.1",), (), 1)
    assert asked("example.com", Kind.AAAA, four).code == Code.OK
    assert asked("example.com", Kind.AAAA, four).authority
    bare = zone("example.com", (), (), 1)
    assert asked("www.example.com", Kind.A, bare).code == Code.NO_SUCH_NAME
    empty = Held(bare.zone, ())
    assert written(asked("example.com", Kind.ANY, empty).records)[0].startswith("SOA ")
    assert asked("example.com", Kind.A, empty).code == Code.OK


def test_addresses_of_mail_servers_come_along() -> None:
    assert written(asked("example.com", Kind.MX).additional) == ADDRESSES


def test_name_servers_outside_the_zone_bring_no_addresses() -> None:
    assert asked("example.com", Kind.NS).additional == ()


def test_name_servers_inside_the_zone_have_addresses_and_bring_them_along() -> None:
    inside = Names(("ns1.dns.example.com", "ns2.example.net"), "hostmaster@example.com")
    assert written(asked("ns1.dns.example.com", Kind.A, names=inside).records) == ADDRESSES[:1]
    glue = asked("example.com", Kind.NS, names=inside).additional
    assert written(glue) == [ADDRESSES[0], ADDRESSES[2]]
    assert {record.name for record in glue} == {"ns1.dns.example.com"}
    assert asked("dns.example.com", Kind.A, names=inside).code == Code.OK
    assert asked("dns.example.com", Kind.A, names=inside).records == ()
    assert asked("no.dns.example.com", Kind.A, names=inside).code == Code.NO_SUCH_NAME


def test_a_name_server_inside_the_zone_has_the_addresses_that_its_records_say() -> None:
    inside = Names(("ns1.example.com",), "hostmaster@example.com")
    text = with_more(record("ns1.example.com", "TXT", "hello"))
    assert written(asked("ns1.example.com", Kind.A, text, names=inside).records) == ADDRESSES[:1]
    own = with_more(record("ns1.example.com", "A", "192.0.2.77"))
    assert written(asked("ns1.example.com", Kind.A, own, names=inside).records) == ["A 192.0.2.77"]
    assert written(asked("ns1.example.com", Kind.AAAA, own, names=inside).records) == ADDRESSES[2:]
    assert written(asked("example.com", Kind.NS, own, names=inside).additional) == [
        "A 192.0.2.77", ADDRESSES[2],
    ]  # fmt: skip
    alias = with_more(record("ns1.example.com", "CNAME", "www.example.com"))
    assert written(asked("ns1.example.com", Kind.A, alias, names=inside).records)[0].startswith("CNAME ")


def test_a_serial_is_a_number_of_32_bits() -> None:
    grown = zone("example.com", (), (), 2**32 + 5)
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


def at(name: str, kind: int, *more: ServedRecord) -> tuple[Code, list[str], set[str]]:
    """The code of an answer, its records, and their names."""
    got = asked(name, kind, with_more(*more))
    return got.code, written(got.records), {one.name for one in got.records}


ALIAS = record("shop.example.com", "CNAME", "www.example.com")
WILD = record("*.example.com", "A", "192.0.2.9")
WILD_ALIAS = record("*.b.example.com", "CNAME", "ftp.example.com")
DEEP = record("x.y.example.com", "TXT", "deep")


@pytest.mark.parametrize(
    ("name", "kind", "code", "expected"),
    [
        ("shop.example.com", Kind.A, Code.OK, ["CNAME www.example.com", *ADDRESSES[:2]]),
        ("shop.example.com", Kind.CNAME, Code.OK, ["CNAME www.example.com"]),
        ("shop.example.com", Kind.ANY, Code.OK, ["CNAME www.example.com"]),
        ("shop.example.com", Kind.MX, Code.OK, ["CNAME www.example.com"]),
        ("a.shop.example.com", Kind.A, Code.NO_SUCH_NAME, []),
        ("any.example.com", Kind.A, Code.OK, ["A 192.0.2.9"]),
        ("any.at.all.example.com", Kind.A, Code.OK, ["A 192.0.2.9"]),
        ("*.example.com", Kind.A, Code.OK, ["A 192.0.2.9"]),
        ("any.*.example.com", Kind.A, Code.NO_SUCH_NAME, []),
        ("\xff 'b.example.com", Kind.A, Code.OK, ["A 192.0.2.9"]),
        ("any.example.com", Kind.MX, Code.OK, []),
        ("www.example.com", Kind.MX, Code.OK, []),
        ("a.www.example.com", Kind.A, Code.NO_SUCH_NAME, []),
        ("y.example.com", Kind.TXT, Code.OK, []),
        ("z.y.example.com", Kind.A, Code.NO_SUCH_NAME, []),
        ("y y.example.com", Kind.A, Code.OK, ["A 192.0.2.9"]),
        ("a.b.example.com", Kind.A, Code.OK, ["CNAME ftp.example.com", *ADDRESSES[:2]]),
        ("b.example.com", Kind.A, Code.OK, []),
    ],
)
def test_aliases_wildcards_and_names_between(name: str, kind: int, code: Code, expected: list[str]) -> None:
    got = asked(name, kind, with_more(ALIAS, WILD, WILD_ALIAS, DEEP))
    assert (got.code, written(got.records)) == (code, [*expected])
    assert got.records[:1] == () or got.records[0].name == name
    denied = not any(one.kind in (kind, Kind.CNAME) and kind in (one.kind, Kind.ANY) for one in got.records)
    assert bool(got.authority) == denied


@pytest.mark.parametrize(
    ("target", "code", "authority"),
    [("www.example.org", Code.OK, 0), ("nothing.example.com", Code.NO_SUCH_NAME, 1),
     ("shop.example.com", Code.OK, 0), ("example.com", Code.OK, 1), ("xexample.com", Code.OK, 0)],
)  # fmt: skip
def test_an_alias_is_followed_as_far_as_the_zone_goes(target: str, code: Code, authority: int) -> None:
    got = asked("shop.example.com", Kind.SRV, with_more(record("shop.example.com", "CNAME", target)))
    assert (got.code, written(got.records), len(got.authority)) == (code, [f"CNAME {target}"], authority)


def test_aliases_in_a_ring_or_a_long_row_come_to_an_end() -> None:
    there, back = ("a.example.com", "b.example.com"), ("b.example.com", "a.example.com")
    ring = [record(host, "CNAME", target) for host, target in (there, back)]
    assert at("a.example.com", Kind.A, *ring) == (
        Code.OK, ["CNAME b.example.com", "CNAME a.example.com"], {"a.example.com", "b.example.com"},
    )  # fmt: skip
    row = [record(f"n{at}.example.com", "CNAME", f"n{at + 1}.example.com") for at in range(50)]
    code, values, _ = at("n0.example.com", Kind.A, *row)
    assert (code, len(values)) == (Code.OK, 8)


def test_an_alias_into_a_longer_zone_is_left_to_who_asks() -> None:
    alias = with_more(record("shop.example.com", "CNAME", "www.sub.example.com"))
    sub = zone("sub.example.com", ("192.0.2.9",), (), 1)
    got = asked("shop.example.com", Kind.A, alias, sub)
    assert (written(got.records), got.authority) == (["CNAME www.sub.example.com"], ())


def test_records_of_one_kind_are_kept_equally_long() -> None:
    more = (record("a.example.com", "A", "192.0.2.7", 60), record("a.example.com", "A", "192.0.2.8", 900),
            record("a.example.com", "TXT", "x"))  # fmt: skip
    assert [one.ttl for one in asked("a.example.com", Kind.A, with_more(*more)).records] == [60, 60]
    assert [one.ttl for one in asked("a.example.com", Kind.TXT, with_more(*more)).records] == [3600]


def test_addresses_of_a_service_s_servers_come_along_but_not_without_end() -> None:
    servers = [record("_sip._tcp.example.com", "SRV", f"1 2 5060 s{at}.example.com") for at in range(40)]
    hosts = [record(f"s{at}.example.com", "A", "192.0.2.7") for at in range(40) for _ in range(3)]
    got = asked("_sip._tcp.example.com", Kind.SRV, with_more(*servers, *hosts))
    assert len(got.records) == 40
    assert 10 <= len(got.additional) <= 20
    outside = record("_sip._tcp.example.com", "SRV", "1 2 5060 s.example.org")
    assert asked("_sip._tcp.example.com", Kind.SRV, with_more(outside)).additional == ()


def test_any_question_costs_a_bounded_number_of_lookups() -> None:
    class Counting(Rows):
        looked_up = 0

        def zone(self, names: Sequence[str], host: str, kind: str) -> Found:
            self.looked_up += 1
            return super().zone(names, host, kind)

        def records(self, zone: ServedZone, host: str) -> Sequence[ServedRecord]:
            self.looked_up += 1
            return super().records(zone, host)

        def neighbours(self, zone: ServedZone, host: str) -> Sequence[str]:
            self.looked_up += 1
            return super().neighbours(zone, host)

    wild = [record(f"*.w{at}.example.com", "CNAME", f"a.w{at + 1}.example.com") for at in range(50)]
    rows = Counting(held={"example.com": with_more(*wild)})
    for name in ("a.w0.example.com", ".".join(["a"] * 100 + ["w0.example.com"]), ".".join("\xff" * 120)):
        rows.looked_up = 0
        answer(Question(name, Kind.A), rows, NAMES)
        assert rows.looked_up <= 50
    rows.looked_up = 0
    answer(Question("example.com", Kind.A), rows, NAMES)
    assert rows.looked_up == 1
