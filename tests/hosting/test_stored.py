"""The host on a real store: its answers are those that dnspython's own zone gives, record by record."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iwapi.core.records import TYPES, Data, wrong_beside
from iwapi.hosting import packets
from iwapi.hosting.messages import Code, Kind, Question
from iwapi.hosting.stored import Stored
from iwapi.hosting.zones import Names, answer
from iwapi.provision.recording import Recording
from iwapi.store.zones import Zones
from tests.helpers import World, copy_installed, open_world

ORIGIN = "example.com"
NAMES = Names(("ns1.example.net", "ns2.example.net"), "hostmaster@example.net", ttl=600)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    state = copy_installed("sqlite", tmp_path_factory.mktemp("stored") / "state")
    world = open_world(state, [Recording()])
    world.open(ORIGIN)
    yield world
    world.panel.close()


def stored(world: World) -> Stored:
    return Stored(world.panel.database, lambda account_id: f"/homes/{account_id}")


LABELS = ("a", "b", "a-b")
BELOW = [
    ORIGIN,
    *(f"{one}.{ORIGIN}" for one in LABELS),
    *(f"{two}.{one}.{ORIGIN}" for one in LABELS for two in LABELS),
]
HOSTS = st.sampled_from([*BELOW, *(f"*.{name}" for name in BELOW)])
ASKED = [f"{first}{name}" for first in ("", "*.", "q.q.", "a\\032b.", "\\255.a.") for name in BELOW]
TARGETS = st.sampled_from([*BELOW, f"q.{ORIGIN}", "www.example.org", "xexample.com"])
NUMBERS = st.sampled_from([0, 1, 65535])
VALUES: dict[str, st.SearchStrategy[tuple[str, int | None]]] = {
    "A": st.tuples(st.sampled_from(["192.0.2.1", "192.0.2.2"]), st.none()),
    "AAAA": st.tuples(st.sampled_from(["2001:db8::1", "::"]), st.none()),
    "CNAME": st.tuples(TARGETS, st.none()),
    "MX": st.tuples(TARGETS | st.just("."), NUMBERS),
    "TXT": st.tuples(st.sampled_from(["x", 'a "quoted" \\ text; ü', "y" * 255, "z" * 1024]), st.none()),
    "SRV": st.tuples(st.builds("{} {} {}".format, NUMBERS, NUMBERS, TARGETS | st.just(".")), NUMBERS),
    "CAA": st.tuples(st.sampled_from(["0 issue a.example; x=y", "128 iodef mailto:a@b.example"]), st.none()),
}  # fmt: skip
RECORDS = st.sampled_from(TYPES).flatmap(
    lambda kind: st.builds(
        lambda host, value, ttl: Data(host, kind, value[0], ttl, value[1]),
        HOSTS, VALUES[kind], st.sampled_from([None, 0, 60]),
    )
)  # fmt: skip
ALIASES = st.builds(
    lambda host, target: Data(host, "CNAME", target), st.sampled_from(BELOW[1:]), st.sampled_from(BELOW)
)


def as_text(data: Data) -> str:
    """The value as in a zone file, for dnspython to read."""
    if data.type == "TXT":
        value = data.value.encode()
        parts = [value[start : start + 255] for start in range(0, len(value), 255)]
        return " ".join('"' + "".join(f"\\{byte:03}" for byte in part) + '"' for part in parts)
    if data.type == "CAA":
        flags, tag, value = data.value.split(" ", 2)
        return f'{flags} {tag} "{value}"'
    words = data.value.split(" ")
    if data.type in ("CNAME", "MX", "SRV") and words[-1] != ".":
        words[-1] += "."
    return " ".join(words if data.priority is None else [str(data.priority), *words])


def standing(records: list[Data]) -> list[Data]:
    """Those that can stand beside each other."""
    kept: list[Data] = []
    for one in records:
        if not list(wrong_beside(one, ORIGIN, [other for other in kept if other.host == one.host], "host")):
            kept.append(one)
    return kept


def known(records: list[Data]) -> dns.zone.Zone:
    zone = dns.zone.Zone(ORIGIN + ".", relativize=False)
    for one in records:
        kind = dns.rdatatype.from_text(one.type)
        rdata = dns.rdata.from_text(dns.rdataclass.IN, kind, as_text(one))
        rdataset = zone.find_rdataset(one.host + ".", kind, create=True)
        rdataset.add(rdata, NAMES.ttl if one.ttl is None else one.ttl)
    return zone


def expected(zone: dns.zone.Zone, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> tuple[int, Any]:
    """What RFC 1034 and RFC 4592 say, walked label by label."""
    assert zone.origin is not None
    there = {zone.origin}
    for owner in zone.nodes:
        above = owner
        while above != zone.origin:
            there.add(above)
            above = above.parent()
    found: set[tuple[dns.name.Name, int, int, dns.rdata.Rdata]] = set()
    seen: set[dns.name.Name] = set()
    while name not in seen and name.is_subdomain(zone.origin) and len(seen) < 8:
        seen.add(name)
        node = zone.get_node(name)
        if node is None and name not in there:
            encloser = name.parent()
            while encloser not in there:
                encloser = encloser.parent()
            node = zone.get_node(dns.name.Name((b"*", *encloser.labels)))
            if node is None:
                return dns.rcode.NXDOMAIN, found
        wanted = node.get_rdataset(dns.rdataclass.IN, kind) if node else None
        alias = node.get_rdataset(dns.rdataclass.IN, dns.rdatatype.CNAME) if node else None
        rdataset = wanted or alias
        if rdataset is None:
            break
        found |= {(name, int(rdataset.rdtype), rdataset.ttl, rdata) for rdata in rdataset}
        if wanted is not None:
            break
        name = rdataset[0].target
    return dns.rcode.NOERROR, found


@settings(max_examples=30, deadline=None)
@given(records=st.lists(RECORDS | ALIASES, min_size=1, max_size=25))
def test_every_question_gets_the_answer_that_the_records_give(world: World, records: list[Data]) -> None:
    kept = standing(records)

    def write(tx: Any) -> None:
        zones = Zones(tx, 1)
        (zone,) = zones.list()
        zones.delete(zones.records(zone.zone_id))
        for one in kept:
            zones.add(zone.zone_id, one)

    world.panel.database.change(write)
    zone = known(kept)
    find = partial(answer, directory=stored(world), names=NAMES)
    types = sorted({"A", *(one.type for one in kept)})
    for name in ASKED:
        told = {kind: asked(find, name, kind) for kind in (*types, "ANY")}
        for kind in types:
            assert told[kind] == expected(zone, dns.name.from_text(name), dns.rdatatype.from_text(kind))
        own = [records_of_name(name, told[kind][1]) for kind in types]
        (code, some), there = told["ANY"], [found for found in own if found]
        assert code == told["A"][0] or there
        assert some in there if there else {kind for _, kind, *_ in some} <= {dns.rdatatype.SOA}


Values = set[tuple[dns.name.Name, int, int, dns.rdata.Rdata]]


def asked(find: Any, name: str, kind: str) -> tuple[int, Values]:
    """The code and the records of an answer. What is denied has the SOA beside it, what is told has not."""
    query = dns.message.make_query(name + ".", kind, use_edns=False)
    reply = packets.reply(query.to_wire(), find, over_udp=False)
    assert reply is not None
    got = dns.message.from_wire(reply)
    assert [rrset.rdtype for rrset in got.authority] in ([], [dns.rdatatype.SOA])
    assert not got.authority or all(rrset.rdtype == dns.rdatatype.CNAME for rrset in got.answer)
    values = {(rrset.name, int(rrset.rdtype), rrset.ttl, rdata) for rrset in got.answer for rdata in rrset}
    return got.rcode(), values


def records_of_name(name: str, values: Values) -> Values:
    """Without those of the names behind an alias."""
    return {value for value in values if value[0] == dns.name.from_text(name)}


def test_a_name_between_two_zones_is_there_though_it_has_nothing(
    installed: Path, tmp_path: Path, cheap_passwords: None
) -> None:
    """A resolver takes NXDOMAIN for all names below (RFC 8020), and would lose the zone there."""
    world = open_world(Path(shutil.copytree(installed, tmp_path / "state")), [Recording()])
    world.open(ORIGIN, OPT_SLAVE_DOMAINS="1")
    world.open("p.q.example.com")
    codes = {
        name: answer(Question(name, Kind.A), stored(world), NAMES).code
        for name in ("q.example.com", "r.example.com", "o.q.example.com", "p.q.example.com", "qq.example.com")
    }
    world.panel.close()
    assert codes == {
        "q.example.com": Code.OK, "r.example.com": Code.NO_SUCH_NAME, "o.q.example.com": Code.NO_SUCH_NAME,
        "p.q.example.com": Code.OK, "qq.example.com": Code.NO_SUCH_NAME,
    }  # fmt: skip
