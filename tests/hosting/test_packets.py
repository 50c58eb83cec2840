"""DNS messages: what dnspython writes is understood, what is written it reads, and nothing raises."""

from __future__ import annotations

import itertools
import random
import struct

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwapi.core.records import MOST_TOGETHER
from iwapi.hosting import packets
from iwapi.hosting.messages import Answer, Code, Question
from iwapi.hosting.zones import Names, answer
from tests.hosting.conftest import Rows, record, zone

NAMES = Names(("ns1.example.net", "ns2.example.net"), "hostmaster@example.net")
ROWS = Rows(held={"example.com": zone("example.com", ("192.0.2.1",), ("2001:db8::1",), 1)})
MANY = Rows(held={"example.com": zone("example.com", tuple(f"192.0.2.{n}" for n in range(1, 41)), (), 1)})
QUERY = dns.message.make_query("example.com", "A", use_edns=False)


def replied(packet: bytes, rows: Rows = ROWS, over_udp: bool = True) -> bytes | None:
    def find(question: Question) -> Answer:
        return answer(question, rows, NAMES)

    return packets.reply(packet, find, over_udp)


def asked(query: dns.message.Message, rows: Rows = ROWS, over_udp: bool = True) -> dns.message.Message:
    got = replied(query.to_wire(), rows, over_udp)
    assert got is not None
    reply = dns.message.from_wire(got)
    assert reply.id == query.id
    assert reply.flags & dns.flags.QR
    return reply


def test_an_answer_is_authoritative_and_offers_no_recursion() -> None:
    reply = asked(QUERY)
    assert reply.rcode() == dns.rcode.NOERROR
    assert (
        reply.flags & (dns.flags.AA | dns.flags.RA | dns.flags.RD | dns.flags.TC)
        == dns.flags.AA | dns.flags.RD
    )
    assert reply.question == QUERY.question
    assert reply.edns == -1


def test_the_spelling_of_a_name_comes_back_as_it_was_sent() -> None:
    query = dns.message.make_query("wWw.ExAmPlE.cOm", "A", use_edns=False)
    reply = asked(query)
    assert str(reply.question[0].name) == str(reply.answer[0].name) == "wWw.ExAmPlE.cOm."
    assert len(reply.to_wire()) == len(query.to_wire()) + 16


def test_a_question_without_a_known_name_is_refused() -> None:
    reply = asked(dns.message.make_query(".", "NS", use_edns=False))
    assert (reply.rcode(), bool(reply.flags & dns.flags.AA)) == (dns.rcode.REFUSED, False)


# EDNS


@pytest.mark.parametrize("dnssec", [False, True])
def test_edns_is_answered_with_edns(dnssec: bool) -> None:
    cookie = dns.edns.GenericOption(dns.edns.OptionType.COOKIE, b"12345678")
    reply = asked(
        dns.message.make_query("example.com", "A", want_dnssec=dnssec, payload=4096, options=[cookie])
    )
    assert (reply.edns, reply.payload, reply.options) == (0, 1232, ())
    assert bool(reply.ednsflags & dns.flags.DO) is dnssec


def test_a_later_version_of_edns_is_told_ours() -> None:
    reply = asked(dns.message.make_query("example.com", "A", use_edns=1))
    assert (reply.rcode(), reply.edns, len(reply.answer)) == (dns.rcode.BADVERS, 0, 0)


def test_two_edns_records_are_a_format_error() -> None:
    option = b"\0" + struct.pack("!HHIH", 41, 1232, 0, 0)
    packet = bytearray(QUERY.to_wire() + option + option)
    packet[11] = 2
    assert dns.message.from_wire(replied(bytes(packet))).rcode() == dns.rcode.FORMERR


@pytest.mark.parametrize(
    ("payload", "truncated"),
    [(None, True), (0, True), (512, True), (700, False), (4096, False), (65535, False)],
)
def test_an_answer_fits_or_says_that_it_is_cut(payload: int | None, truncated: bool) -> None:
    query = dns.message.make_query(
        "example.com", "A", use_edns=payload is not None and 0, payload=payload or 0
    )
    reply = asked(query, MANY)
    assert bool(reply.flags & dns.flags.TC) is truncated
    assert len(reply.answer) == (0 if truncated else 1)
    assert not asked(query, MANY, over_udp=False).flags & dns.flags.TC


def test_no_datagram_is_longer_than_every_path_takes() -> None:
    rows = Rows(
        held={"example.com": zone("example.com", (), tuple(f"2001:db8::{n}" for n in range(1, 50)), 1)}
    )
    query = dns.message.make_query("example.com", "AAAA", use_edns=0, payload=65535)
    assert asked(query, rows).flags & dns.flags.TC
    assert len(asked(query, rows, over_udp=False).answer[0]) == 49


def test_what_is_beside_an_answer_is_left_out_before_the_answer_is_cut() -> None:
    hosts = [f"a{n}.example.com" for n in range(8)]
    mail = [record("m.example.com", "MX", f"{n} {host}") for n, host in enumerate(hosts)]
    addresses = [record(host, "AAAA", f"2001:db8::{n:x}") for host in hosts for n in range(2)]
    rows = Rows(held={"example.com": zone("example.com", (), (), 1, *mail, *addresses)})
    query = dns.message.make_query("m.example.com", "MX", use_edns=False)
    reply = asked(query, rows)
    assert (bool(reply.flags & dns.flags.TC), len(reply.answer[0]), reply.additional) == (False, 8, [])
    assert sum(map(len, asked(query, rows, over_udp=False).additional)) == 16


def longest(number: int) -> str:
    """A name of 253 characters that shares no more than its zone with others."""
    labels = [f"{number:02}" + "x" * 60] * 3 + [f"{number:02}" + "y" * 50]
    return ".".join([*labels, "example.com"])


@pytest.mark.parametrize(("kind", "first"), [("TXT", ""), ("MX", "7 "), ("SRV", "7 8 9 ")])
def test_the_most_and_longest_records_of_a_name_arrive_whole(kind: str, first: str) -> None:
    """Behind the longest row of aliases; and no name is pointed to where a pointer cannot lead."""
    texts = [f"{n:02}" + "x" * 1022 for n in range(MOST_TOGETHER)]
    hosts = [first + longest(n) for n in range(MOST_TOGETHER)]
    names = [longest(90 + n) for n in range(8)]
    row = [record(here, "CNAME", there) for here, there in itertools.pairwise(names)]
    end = [record(names[-1], kind, value) for value in (texts if kind == "TXT" else hosts)]
    beside = [record(host.split()[-1], "A", "192.0.2.1") for host in hosts[:10]]
    rows = Rows(held={"example.com": zone("example.com", (), (), 1, *row, *end, *beside)})
    reply = asked(dns.message.make_query(names[0], kind), rows, over_udp=False)
    assert [len(rrset) for rrset in reply.answer] == [1] * 7 + [MOST_TOGETHER]
    assert {len(str(rrset.name)) for rrset in reply.answer} == {254}


def test_no_message_is_longer_than_a_stream_can_tell() -> None:
    texts = [record("t.example.com", "TXT", f"{n:03}" + "x" * 1000) for n in range(100)]
    rows = Rows(held={"example.com": zone("example.com", (), (), 1, *texts)})
    reply = asked(dns.message.make_query("t.example.com", "TXT"), rows, over_udp=False)
    assert (bool(reply.flags & dns.flags.TC), reply.answer) == (True, [])


def test_where_there_is_no_server_the_name_is_the_root() -> None:
    none = [record("n.example.com", "MX", "0 ."), record("n.example.com", "SRV", "0 0 0 .")]
    rows = Rows(held={"example.com": zone("example.com", (), (), 1, *none)})
    assert asked(dns.message.make_query("n.example.com", "MX"), rows).answer[0][0].to_text() == "0 ."
    assert asked(dns.message.make_query("n.example.com", "SRV"), rows).answer[0][0].to_text() == "0 0 0 ."


def test_only_the_name_that_was_asked_for_is_spelled_as_it_was_asked() -> None:
    alias = record("shop.example.com", "CNAME", "www.example.com")
    rows = Rows(held={"example.com": zone("example.com", ("192.0.2.1",), (), 1, alias)})
    reply = asked(dns.message.make_query("SHOP.example.com", "A"), rows)
    assert [str(rrset.name) for rrset in reply.answer] == ["SHOP.example.com.", "www.example.com."]


# What is no question


def flagged(flags: int, counts: tuple[int, int, int, int] = (1, 0, 0, 0)) -> bytes:
    return struct.pack("!HHHHHH", 0x1234, flags, *counts) + QUERY.to_wire()[12:]


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        (flagged(0x0800), Code.NOT_IMPLEMENTED),
        (flagged(0x1000), Code.NOT_IMPLEMENTED),
        (flagged(0x2000), Code.NOT_IMPLEMENTED),
        (flagged(0x2800), Code.NOT_IMPLEMENTED),
        (flagged(0x7800), Code.NOT_IMPLEMENTED),
        (flagged(0, (0, 0, 0, 0)), Code.FORMAT_ERROR),
        (flagged(0, (2, 0, 0, 0)), Code.FORMAT_ERROR),
        (flagged(0, (1, 1, 0, 0)), Code.FORMAT_ERROR),
        (flagged(0, (1, 0, 65535, 65535)), Code.FORMAT_ERROR),
        (flagged(0, (1, 0, 0, 1)), Code.FORMAT_ERROR),
        (flagged(0)[:12], Code.FORMAT_ERROR),
        (flagged(0)[:-1], Code.FORMAT_ERROR),
        (flagged(0)[:12] + b"\x0bexample.com\x00\0\1\0\1", Code.FORMAT_ERROR),
        (flagged(0)[:12] + b"\x03www\x07example.com\x00\0\1\0\1", Code.FORMAT_ERROR),
        (flagged(0)[:12] + b"\xc0\x0c\0\1\0\1", Code.FORMAT_ERROR),
        (flagged(0)[:12] + b"\x03www\xc0\x00\0\1\0\1", Code.FORMAT_ERROR),
        (flagged(0)[:12] + b"\x80\0\1\0\1", Code.FORMAT_ERROR),
        (
            flagged(0)[:12]
            + b"\x3f"
            + b"a" * 63
            + b"\x3f"
            + b"b" * 63
            + b"\x3f"
            + b"c" * 63
            + b"\x3f"
            + b"d" * 63
            + b"\0\0\1\0\1",
            Code.FORMAT_ERROR,
        ),
    ],
)
def test_what_is_no_question_gets_a_header_with_an_error(packet: bytes, code: Code) -> None:
    reply = replied(packet)
    assert reply is not None
    assert len(reply) == 12
    assert reply[:2] == packet[:2]
    assert (reply[2] & 0x80, reply[2] & 0x78, reply[3] & 0xF) == (0x80, packet[2] & 0x78, code)


@pytest.mark.parametrize("packet", [b"", b"\0" * 11, flagged(0x8000), flagged(0x8400), flagged(0xA800)])
def test_an_answer_or_less_than_a_header_gets_silence(packet: bytes) -> None:
    assert replied(packet) is None


def test_a_label_with_a_dot_in_it_is_not_taken_for_two() -> None:
    packet = flagged(0)[:12] + b"\x0bwww.example\x03com\x00\0\1\0\1"
    reply = replied(packet)
    assert reply is not None
    assert reply[3] & 0xF == Code.FORMAT_ERROR


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    replied(data)


@given(st.binary(max_size=300))
def test_no_bytes_after_a_header_raise(data: bytes) -> None:
    reply = replied(struct.pack("!HHHHHH", 1, 0, 1, 0, 1, 2) + data)
    assert reply is not None
    dns.message.from_wire(reply)


def test_no_damage_to_a_real_question_raises_and_each_gets_a_well_formed_reply() -> None:
    chance = random.Random(1)
    query = dns.message.make_query(
        "www.example.com", "MX", want_dnssec=True, options=[dns.edns.NSIDOption(b"")]
    )
    whole = query.to_wire()
    for _ in range(2_000):
        packet = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            packet[chance.randrange(2, len(packet))] = chance.randrange(256)
        reply = replied(bytes(packet))
        if packet[2] & 0x80:
            assert reply is None
        else:
            assert reply is not None
            assert reply[:2] == whole[:2]
            dns.message.from_wire(reply, ignore_trailing=False)
