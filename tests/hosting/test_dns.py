"""The name server over real sockets: dig and dnspython ask, and strangers send rubbish."""

from __future__ import annotations

import random
import re
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress

import dns.exception
import dns.message
import dns.query
import dns.rcode
import pytest
from twisted.internet.udp import Port

from iwapi.hosting import dns as served
from tests.hosting.conftest import World, until, zone

FOUR, SIX = 0, 1


def dig(world: World, *question: str, family: int = FOUR) -> str:
    """What dig prints."""
    host, port = world.host.dns[family]
    command = ["dig", f"@{host}", "-p", str(port), "+tries=1", "+timeout=3", *question]
    return subprocess.run(command, capture_output=True, text=True).stdout


def lines(world: World, *question: str, family: int = FOUR) -> list[str]:
    """The records in dig's answer section, their white space made one."""
    return [
        re.sub(r"\s+", " ", line)
        for line in dig(world, *question, "+noall", "+answer", family=family).splitlines()
    ]


EVERY_TYPE = [
    (
        "example.com",
        "SOA",
        ["SOA ns1.example.net. hostmaster.host.example.net. 2026010101 10800 3600 604800 300"],
    ),
    ("example.com", "NS", ["NS ns1.example.net.", "NS ns2.example.net."]),
    ("example.com", "A", ["A 192.0.2.1", "A 192.0.2.2"]),
    ("example.com", "AAAA", ["AAAA 2001:db8::1"]),
    ("example.com", "MX", ["MX 10 mail.example.com."]),
    ("example.com", "TXT", ['TXT "v=spf1 a mx ~all"']),
    ("www.example.com", "A", ["A 192.0.2.1", "A 192.0.2.2"]),
    ("mail.example.com", "AAAA", ["AAAA 2001:db8::1"]),
    ("ftp.example.com", "A", ["A 192.0.2.1", "A 192.0.2.2"]),
]


@pytest.mark.needs("dig")
@pytest.mark.parametrize("family", [FOUR, SIX])
@pytest.mark.parametrize("way", ["+notcp", "+tcp"])
def test_dig_reads_every_type_over_both_families_and_transports(world: World, family: int, way: str) -> None:
    for name, kind, records in EVERY_TYPE:
        assert lines(world, way, name, kind, family=family) == [
            f"{name}. 3600 IN {record}" for record in records
        ]


@pytest.mark.needs("dig")
@pytest.mark.parametrize("more", ["+edns=0", "+noedns", "+dnssec", "+tcp", "+nsid", "+subnet=192.0.2.0/24"])
def test_dig_has_nothing_to_warn_of(world: World, more: str) -> None:
    names = ("example.com", "www.example.com", "nothing.example.com", "EXAMPLE.com")
    kinds = ("A", "MX", "TXT", "SOA", "NS", "ANY", "DNSKEY", "CNAME")
    questions = [part for name in names for kind in kinds for part in (name, kind)]
    said = dig(world, "+norecurse", more, *questions)
    assert said.count("flags: qr aa") == len(names) * len(kinds)
    assert (said.count("status: NOERROR"), said.count("status: NXDOMAIN")) == (24, 8)
    assert said.count("EDNS: version: 0") == (0 if more == "+noedns" else 32)
    for bad in ("WARN", "Warn", "malformed", "Truncated", ";; Got bad", "mismatch", "communications error"):
        assert bad not in said, said


@pytest.mark.needs("dig")
@pytest.mark.parametrize(
    ("question", "status"),
    [
        (("nothing.example.com",), "NXDOMAIN"),
        (("example.org",), "REFUSED"),
        ((".", "NS"), "REFUSED"),
        (("version.bind", "CH", "TXT"), "REFUSED"),
        (("example.com", "-c", "ANY"), "REFUSED"),
        (("+opcode=notify", "example.com"), "NOTIMP"),
        (("+opcode=update", "example.com"), "NOTIMP"),
        (("+opcode=status", "example.com"), "NOTIMP"),
        (("+edns=5", "+noednsneg", "example.com"), "BADVERS"),
        (("+header-only",), "FORMERR"),
    ],
)
def test_dig_is_told_why_not(world: World, question: tuple[str, ...], status: str) -> None:
    assert f"status: {status}" in dig(world, *question)


@pytest.mark.needs("dig")
@pytest.mark.parametrize("kind", ["AXFR", "IXFR=1"])
def test_dig_gets_no_transfer_of_the_zone(world: World, kind: str) -> None:
    said = dig(world, "example.com", kind)
    assert "Transfer failed" in said
    assert "192.0.2" not in said


@pytest.mark.needs("dig")
def test_dig_comes_again_over_tcp_for_what_does_not_fit(world: World) -> None:
    addresses = tuple(f"2001:db8::{number:x}" for number in range(1, 100))
    world.rows.held["example.com"] = zone("example.com", (), addresses, 1)
    said = dig(world, "example.com", "AAAA")
    assert "retrying in TCP mode" in said
    assert said.count("\tAAAA\t2001:db8::") == 99


def test_a_change_of_the_rows_is_answered_at_once(world: World) -> None:
    query = dns.message.make_query("new.example", "A")
    host, port = world.host.dns[FOUR]
    assert dns.query.udp(query, host, 3, port).rcode() == dns.rcode.REFUSED
    world.rows.held["new.example"] = zone("new.example", ("192.0.2.3",), (), 1)
    assert dns.query.udp(query, host, 3, port).answer[0][0].to_text() == "192.0.2.3"
    del world.rows.held["new.example"]
    assert dns.query.udp(query, host, 3, port).rcode() == dns.rcode.REFUSED


def test_a_directory_that_fails_is_a_server_failure(
    world: World, no_traceback: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the store is gone")

    monkeypatch.setattr(world.rows, "read", fail)
    host, port = world.host.dns[FOUR]
    reply = dns.query.udp(dns.message.make_query("example.com", "A"), host, 3, port)
    assert reply.rcode() == dns.rcode.SERVFAIL
    assert "the store is gone" in no_traceback[0]
    no_traceback.clear()


@pytest.mark.parametrize("family", [FOUR, SIX])
def test_rubbish_over_udp_leaves_the_server_answering(world: World, family: int) -> None:
    chance = random.Random(family)
    address = world.host.dns[family]
    real = dns.message.make_query("www.example.com", "A", want_dnssec=True).to_wire()
    with socket.socket(socket.AF_INET6 if family == SIX else socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for count in range(2_000):
            if count % 2:
                packet = bytearray(real)
                for _ in range(3):
                    packet[chance.randrange(len(packet))] = chance.randrange(256)
            else:
                packet = bytearray(chance.randbytes(chance.choice((0, 1, 11, 12, 13, 40, 512, 5_000))))
            sender.sendto(packet, address)
            if count % 40 == 39:  # now and then, or the kernel would throw most of them away
                query = dns.message.make_query("example.com", "A")
                assert dns.query.udp(query, address[0], 5, address[1]).answer


def test_rubbish_over_tcp_leaves_the_server_answering(world: World) -> None:
    chance = random.Random(1)
    address = world.host.dns[FOUR]
    for _ in range(200):
        with socket.create_connection(address, timeout=5) as connection:
            data = chance.randbytes(chance.randrange(300))
            connection.sendall(chance.choice((data, struct.pack("!H", len(data)) + data)))
    assert dns.query.tcp(dns.message.make_query("example.com", "A"), address[0], 5, address[1]).answer


def test_many_questions_in_one_connection_are_answered_in_order(world: World) -> None:
    queries = [dns.message.make_query("example.com", "A") for _ in range(500)]
    with socket.create_connection(world.host.dns[FOUR], timeout=5) as connection:
        for query in queries:
            dns.query.send_tcp(connection, query.to_wire(), time.time() + 5)
        assert [dns.query.receive_tcp(connection, time.time() + 5)[0].id for _ in queries] == [
            query.id for query in queries
        ]


def send_until_full(connection: socket.socket, data: bytes) -> int:
    """How many bytes the server took before it took no more for a while, or dropped the connection."""
    connection.settimeout(0.3)
    sent = 0
    with suppress(TimeoutError, ConnectionError):
        while sent < 100_000_000:
            sent += connection.send(data)
    return sent


def test_who_asks_over_tcp_and_never_reads_is_not_read_from_and_then_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "_IDLE_SECONDS", 0.5)
    wire = dns.message.make_query("example.com", "A").to_wire()
    with socket.create_connection(world.host.dns[FOUR]) as connection:
        assert send_until_full(connection, (struct.pack("!H", len(wire)) + wire) * 100) < 50_000_000
        assert until(lambda: not world.host.connections[1]._open, 20)


@pytest.mark.parametrize("sent", [b"", b"\0", b"\x00\x20abc", b"\xff\xff" + b"a" * 5_000])
def test_a_connection_without_a_question_ends(
    world: World, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "_IDLE_SECONDS", 0.2)
    with socket.create_connection(world.host.dns[FOUR], timeout=3) as connection:
        connection.sendall(sent)
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def test_a_question_from_nowhere_is_no_error(world: World) -> None:
    datagrams = next(port.protocol for port in world.host.ports if isinstance(port, Port))
    packet = dns.message.make_query("example.com", "A").to_wire()
    world.in_reactor(datagrams.datagramReceived, packet, ("127.0.0.1", 0))


FLOOD = """
import socket, sys
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
packet, address = bytes.fromhex(sys.argv[1]), (sys.argv[2], int(sys.argv[3]))
while True:
    sender.sendto(packet, address)
"""


def test_a_flood_of_questions_leaves_turns_for_the_sites(world: World) -> None:
    world.write("a.txt")
    packet = dns.message.make_query("www.example.com", "A").to_wire().hex()
    host, port = world.host.dns[FOUR]
    with subprocess.Popen([sys.executable, "-c", FLOOD, packet, host, str(port)]) as flood:
        try:
            time.sleep(0.2)
            times = []
            for _ in range(5):
                before = time.monotonic()
                assert world.get("/a.txt").status == 200
                times.append(time.monotonic() - before)
        finally:
            flood.kill()
    assert sorted(times)[2] < 0.3
