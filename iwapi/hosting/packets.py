"""DNS messages: bytes to a question, an answer to bytes. What cannot be read is answered with an error."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

from twisted.names import dns

from iwapi.hosting.messages import Answer, Code, Kind, Question, Record

_HEADER = struct.Struct("!HHHHHH")
_IS_ANSWER, _OPCODE, _RECURSION_DESIRED = 0x8000, 0x7800, 0x0100
_DNSSEC_OK = 0x8000
_LONGEST_QUESTION = 255 + 4  # bytes: a name, its type and class
_PLAIN_LIMIT = 512
_OUR_LIMIT = 1232  # bytes: fits every path without fragments (DNS flag day 2020)
_STREAM_LIMIT = 0xFFFF
_NAMES_LIMIT = 0x3FFF  # where names end that others may point to; what must be told ends before
_LONGEST_STRING = 255


def reply(packet: bytes, find: Callable[[Question], Answer], over_udp: bool) -> bytes | None:
    """The bytes to send back, or None where silence is right: no header, or an answer to something.

    `find` may raise; its errors pass through.
    """
    if len(packet) < _HEADER.size or packet[2] & _IS_ANSWER >> 8:
        return None
    asked = _read(packet)
    if isinstance(asked, Code):
        return failure(packet, asked)
    option = next((record for record in asked.additional if record.type == dns.OPT), None)
    query = asked.queries[0]
    if option and option.ttl >> 16 & 0xFF:
        found = Answer(Code.BAD_VERSION)
    else:
        found = find(Question(_text(query.name.name), query.type, query.cls))
    limit = _STREAM_LIMIT
    if over_udp:
        limit = min(max(option.cls, _PLAIN_LIMIT), _OUR_LIMIT) if option else _PLAIN_LIMIT
    written = _write(asked, found, option)
    if found.additional and len(written) > min(limit, _NAMES_LIMIT):
        written = _write(asked, replace(found, additional=()), option)
    if len(written) > limit:
        return _write(asked, Answer(found.code, found.authoritative), option, truncated=True)
    return written


def failure(packet: bytes, code: Code) -> bytes:
    """A header alone, which says what kept the packet, which has one, from being answered."""
    identity, flags, *_ = _HEADER.unpack_from(packet)
    kept = flags & (_OPCODE | _RECURSION_DESIRED)
    return _HEADER.pack(identity, _IS_ANSWER | kept | code, 0, 0, 0, 0)


def _read(packet: bytes) -> dns.Message | Code:
    """A message with one question, or why there is none."""
    _, flags, questions, answers, authorities, additionals = _HEADER.unpack_from(packet)
    if flags & _OPCODE:
        return Code.NOT_IMPLEMENTED
    # No question has more than these (IXFR one authority, OPT and TSIG), which bounds what reading costs.
    if questions != 1 or answers or authorities > 1 or additionals > 2:
        return Code.FORMAT_ERROR
    message = dns.Message()
    try:
        message.fromStr(packet)
    except Exception:  # noqa: BLE001 - the readers of thirty record types fail in thirty ways
        return Code.FORMAT_ERROR
    if not message.queries or len(message.additional) != additionals:
        return Code.FORMAT_ERROR
    if [record.type for record in message.additional].count(dns.OPT) > 1:
        return Code.FORMAT_ERROR
    # A dot inside a label, or a compressed question, would be sent back as another question.
    again = BytesIO()
    message.queries[0].encode(again)
    question = again.getvalue()
    if len(question) > _LONGEST_QUESTION or not packet.startswith(question, _HEADER.size):
        return Code.FORMAT_ERROR
    return message


def _write(asked: dns.Message, found: Answer, option: dns.RRHeader | None, truncated: bool = False) -> bytes:
    message = dns.Message(
        asked.id, answer=1, recDes=asked.recDes, auth=found.authoritative, rCode=found.code & 0xF, maxSize=0
    )
    message.trunc = int(truncated)
    message.queries = asked.queries
    # The asker's own spelling of the name: two bytes, since it stands in the question.
    spelling: bytes = asked.queries[0].name.name
    name = _text(spelling)
    message.answers = [
        _record(record, spelling if record.name == name else record.name.encode()) for record in found.records
    ]
    message.authority = [_record(record, record.name.encode()) for record in found.authority]
    message.additional = [_record(record, record.name.encode()) for record in found.additional]
    if option:
        extended = found.code >> 4 << 24 | option.ttl & _DNSSEC_OK
        nothing: Any = dns.UnknownRecord()
        message.additional.append(dns.RRHeader(type=dns.OPT, cls=_OUR_LIMIT, ttl=extended, payload=nothing))
    return message.toStr()


def _text(name: bytes) -> str:
    """A name as records have it."""
    return name.lower().decode("latin-1")


def _record(record: Record, name: bytes) -> dns.RRHeader:
    return dns.RRHeader(name, record.kind, ttl=record.ttl, payload=_PAYLOADS[record.kind](record.value))


def _host(text: str) -> bytes:
    """A dot says that there is none, which is the empty name."""
    return b"" if text == "." else text.encode()


def _mx(value: str) -> dns.Record_MX:
    preference, host = value.split(" ")
    return dns.Record_MX(int(preference), _host(host))


def _srv(value: str) -> dns.Record_SRV:
    priority, weight, port, host = value.split(" ")
    return dns.Record_SRV(int(priority), int(weight), int(port), _host(host))


def _txt(value: str) -> dns.Record_TXT:
    data = value.encode()
    starts = range(0, len(data), _LONGEST_STRING)
    return dns.Record_TXT(*(data[start : start + _LONGEST_STRING] for start in starts))


def _caa(value: str) -> dns.UnknownRecord:
    flags, tag, text = value.split(" ", 2)
    return dns.UnknownRecord(bytes([int(flags), len(tag)]) + tag.encode() + text.encode())


def _soa(value: str) -> dns.Record_SOA:
    server, mailbox, *numbers = value.split()
    return dns.Record_SOA(server.encode(), mailbox.encode(), *map(int, numbers))


_PAYLOADS: dict[Kind, Callable[[str], Any]] = {
    Kind.A: dns.Record_A,
    Kind.AAAA: dns.Record_AAAA,
    Kind.NS: lambda value: dns.Record_NS(value.encode()),
    Kind.MX: _mx,
    Kind.SOA: _soa,
    Kind.CNAME: lambda value: dns.Record_CNAME(value.encode()),
    Kind.TXT: _txt,
    Kind.SRV: _srv,
    Kind.CAA: _caa,
}
