"""Records of a zone: what a name means in it, and what may stand beside what."""

from __future__ import annotations

import pytest

from iwapi.core.records import MOST_TOGETHER, Data, whole_host, whole_target, wrong_beside
from iwapi.errors import InvalidInput

ZONE = "example.com"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", ZONE), ("www", "www.example.com"), ("a.b", "a.b.example.com"), ("*", "*.example.com"),
        ("example.com", ZONE), ("example.com.", ZONE), ("www.example.com", "www.example.com"),
        ("www.example.com.", "www.example.com"), ("www.example.org", "www.example.org.example.com"),
        ("xexample.com", "xexample.com.example.com"),
    ],
)  # fmt: skip
def test_a_host_is_below_its_zone_unless_it_is_whole(text: str, whole: str) -> None:
    assert whole_host(text, ZONE) == whole


@pytest.mark.parametrize("text", ["www.example.org.", "com.", "xexample.com.", ".".join(["a" * 49] * 5)])
def test_a_host_outside_of_its_zone_or_beyond_what_a_name_may_be_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        whole_host(text, ZONE, "domain")
    assert [(one.field, one.value) for one in refused.value.problems] == [("domain", text)]


@pytest.mark.parametrize(
    ("text", "whole"),
    [("mail", "mail.example.com"), ("mail.sub", "mail.sub"), ("mail.example.org.", "mail.example.org"),
     ("@", ZONE), (".", ".")],
)  # fmt: skip
def test_a_target_is_whole_unless_it_is_one_label(text: str, whole: str) -> None:
    assert whole_target(text, ZONE, "alias") == whole


def wrongs(new: Data, *others: Data) -> list[str]:
    return [f"{problem.field}: {problem.problem}" for problem in wrong_beside(new, ZONE, others, "host")]


A = Data("www.example.com", "A", "192.0.2.1")
ALIAS = Data("www.example.com", "CNAME", "example.org")
MX = Data("example.com", "MX", "mail.example.org", priority=10)


def test_records_stand_beside_each_other() -> None:
    assert wrongs(A) == wrongs(A, Data("www.example.com", "A", "192.0.2.2"), Data(A.host, "TXT", "x")) == []
    assert wrongs(MX, Data("example.com", "MX", "mail.example.org", priority=20)) == []
    assert wrongs(ALIAS) == []


def test_an_alias_stands_alone_and_never_at_the_zone_itself() -> None:
    assert wrongs(ALIAS, A) == ["host: An alias cannot stand beside other records of its name"]
    assert len(wrongs(ALIAS, Data(ALIAS.host, "CNAME", "example.net"))) == 1
    assert wrongs(A, ALIAS) == ["host: This name is an alias, which other records cannot stand beside"]
    assert wrongs(Data(ZONE, "CNAME", "example.org")) == ["host: The zone itself cannot be an alias"]


def test_the_same_record_stands_once_whatever_its_time_to_live() -> None:
    assert wrongs(A, Data(A.host, "A", A.value, ttl=5)) == ["host: This record is there already"]
    assert wrongs(MX, MX) == ["host: This record is there already"]


def test_a_name_has_so_many_records_of_a_type() -> None:
    many = [Data(A.host, "A", f"192.0.2.{at}") for at in range(2, 2 + MOST_TOGETHER)]
    (problem,) = wrong_beside(A, ZONE, many, "host")
    assert problem.code == "LIMIT_REACHED"
    assert wrongs(A, *many[1:]) == []
    assert wrongs(Data(A.host, "TXT", "x"), *many) == []
