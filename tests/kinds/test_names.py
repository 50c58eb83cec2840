"""Names are parsed whole, in ASCII, and come out in the one form that is kept."""

import time
from typing import Any, get_args

import pytest

from iwapi.kinds import (
    Address,
    Cursor,
    Domain,
    Email,
    IPv4,
    IPv6,
    Kind,
    Name,
    NewDomain,
    Nickname,
    Reason,
    Rules,
    UnixName,
    Wrong,
    choice,
)
from iwapi.kinds.reserved import SPECIAL_USE, UNIX_NAMES

SERVER = Rules(own_names=frozenset({"panel.host-company.net", "ns1.host-company.net"}))
SANDBOX = Rules(allow_reserved_domains=True)


def parse(hint: Any, text: str, rules: Rules = SERVER) -> Any:
    return get_args(hint)[1].parse(text, rules)


def refused(hint: Any, text: str, rules: Rules = SERVER) -> str:
    with pytest.raises(Wrong) as wrong:
        parse(hint, text, rules)
    return wrong.value.problem


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("blog-company.com", "blog-company.com"),
        ("WWW.Blog-Company.COM", "blog-company.com"),
        ("www.www.blog.co.uk", "blog.co.uk"),
        ("www.com", "www.com"),
        ("bücher.ch", "xn--bcher-kva.ch"),
        ("BÜCHER.CH", "xn--bcher-kva.ch"),
        ("XN--BCHER-KVA.ch", "xn--bcher-kva.ch"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),  # an ideographic full stop is a dot
        ("ｆｕｌｌ.com", "full.com"),  # full-width letters
        ("a" * 63 + ".com", "a" * 63 + ".com"),
        (".".join(["a" * 49] * 5) + ".de", ".".join(["a" * 49] * 5) + ".de"),  # 252 octets
        ("1.de", "1.de"),
        ("3com.com", "3com.com"),
    ],
)
def test_a_domain_is_kept_as_lower_case_a_labels_without_www(text: str, kept: str) -> None:
    assert parse(Domain, text) == kept


NO_DOMAIN = [
    "", "a", "com", ".", "..", "a.b", "a.", "blog.com.", ".blog.com", "blog..com", "blog", "localhost",
    "blog.com\n", "blog.com\0", " blog.com", "blog.com ", "blog .com", "blog\t.com", "blog.com\r\n",
    "-blog.com", "blog-.com", "blog.-com", "bl_og.com", "blog.com/", "http://blog.com", "blog.com:80",
    "me@blog.com", "*.blog.com", "blog,com", "blog.com;", "'blog.com", "blog$.com", "../blog.com",
    "blog\\com", "192.0.2.1", "1.2", "0x7f.1", "blog.123", "[::1]", "2001:db8::1", "١.com", "blog.٢",
    "a" * 64 + ".com", "a." * 126 + "com", ("ü" * 40 + ".") * 6 + "com", "ü" * 250 + ".de", "😀" * 60 + ".de",
    "xn--.com", "xn--a.com", "xn--\0.com", "xn--99999999999.com", "xn--" + "a" * 59 + ".com", "blog.xn--",
    "xn--bcher-kv\u0430.ch", "xn--xn--a-0000.com", "b\u00adlog\ud800.com", "\ud800.com",
    "blog\u200b\u200d.com\u202e", "\u0301a.com", "ａ" * 200 + "․" * 53, "ß" * 64 + ".de", "faß" * 84,
    "%62log.com", "blog.c\x7fom",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_DOMAIN, ids=ascii)
def test_what_is_no_domain_name_is_refused(text: str) -> None:
    assert refused(Domain, text) == "This is not a valid domain name"


@pytest.mark.parametrize("hint", [Domain, NewDomain, Email, UnixName, IPv4, IPv6, Name, Cursor], ids=str)
@pytest.mark.parametrize("junk", ["a", "ü", "xn--", "a.", "1", "@", "\ud800", ":", "-", " "], ids=ascii)
def test_sixty_four_kilobytes_of_junk_cost_nothing(hint: Any, junk: str) -> None:
    text = (junk * 65536)[:65536]
    began = time.process_time()
    refused(hint, text)
    assert time.process_time() - began < 0.05


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("co.uk", "public suffix"),
        ("www.co.uk", "public suffix"),
        ("github.io", "public suffix"),
        ("xn--p1ai.com", None),
        ("рф.рф", None),
        ("kawasaki.jp", "public suffix"),
        ("city.kawasaki.jp", None),  # an exception of the list's wildcard
        ("blog.zzzzz", None),  # a top-level domain that the list does not know
        ("panel.host-company.net", "belongs to this server"),
        ("www.panel.host-company.net", "belongs to this server"),
        ("PANEL.host-company.net", "belongs to this server"),
        ("host-company.net", "belongs to this server"),  # a zone that would hold the server's own name
        ("ns1.host-company.net", "belongs to this server"),
        ("customer.host-company.net", None),
        *((f"name.{special}", "reserved for special use") for special in SPECIAL_USE),
        *((special, "reserved for special use") for special in SPECIAL_USE if "." in special),
        ("example.co", None),
        ("myexample.com", None),
        ("a." * 9 + "com", None),  # the longest that a zone is looked for
        ("a." * 10 + "com", "too many labels"),
    ],
)
def test_an_account_gets_no_name_that_belongs_to_others(text: str, problem: str | None) -> None:
    if problem is None:
        parse(NewDomain, text)
    else:
        assert problem in refused(NewDomain, text)


def test_a_sandbox_accepts_the_names_kept_for_examples_and_no_more() -> None:
    assert parse(NewDomain, "example.com", SANDBOX) == "example.com"
    assert parse(NewDomain, "shop.test", SANDBOX) == "shop.test"
    assert "public suffix" in refused(NewDomain, "co.uk", SANDBOX)
    own = Rules(allow_reserved_domains=True, own_names=frozenset({"panel.test"}))
    for name in ("panel.test", "customer.panel.test"):
        assert "belongs to this server" in refused(NewDomain, name, own)
    assert parse(NewDomain, "my-panel.test", own) == "my-panel.test"


@pytest.mark.parametrize("text", ["a", "examplec", "a123456789012345", "z9"])
def test_a_unix_name_is_a_letter_then_letters_and_digits(text: str) -> None:
    assert parse(UnixName, text) == text


@pytest.mark.parametrize(
    "text",
    ["", "A", "Example", "1abc", "_a", "a_b", "a-b", "a.b", "a b", " a", "a ", "a\n", "a\0", "ä", "а", "a١",
     "ａ", "a" * 17, "-rf", "../x", "a/b", "a:b", "a\ud800", "a\x7f", "a\u200b"],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_unix_name_is_refused(text: str) -> None:
    assert refused(UnixName, text) == "This is not a valid Unix name"


def test_a_hundred_unix_names_and_more_are_reserved() -> None:
    assert len(UNIX_NAMES) >= 100
    for name in UNIX_NAMES:
        assert name == name.strip()
        assert len(name) > 16 or refused(UnixName, name) == "This Unix name is reserved"
    assert {"root", "www", "iwapi", "iworx", "mail", "nobody", "daemon", "sshd", "mysql"} <= UNIX_NAMES


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("me@example.com", "me@example.com"),
        ("Me.And+You@EXAMPLE.com", "Me.And+You@example.com"),
        ("me@www.example.com", "me@www.example.com"),
        ("me@bücher.ch", "me@xn--bcher-kva.ch"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_email_address_keeps_its_local_part_as_it_came(text: str, kept: str) -> None:
    assert parse(Email, text) == kept


@pytest.mark.parametrize(
    "text",
    ["", "@", "me", "me@", "@example.com", "me@localhost", "me@example.com\n", " me@example.com",
     "me@example.com ", "me@example..com", ".me@example.com", "me.@example.com", "m..e@example.com",
     "me@me@example.com", '"me"@example.com', "me you@example.com", "me@[192.0.2.1]", "me\0@example.com",
     "mé@example.com", "a" * 65 + "@example.com", "<me@example.com>", "me@example.com>",
     "me\r\nBcc: you@example.com", "me@\ud800.com", "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".commmmmmm",
     "a" * 64 + "@" + ("ü" * 40 + ".") * 4 + "ch"],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_email_address_is_refused(text: str) -> None:
    assert refused(Email, text) == "This is not a valid e-mail address"


@pytest.mark.parametrize(
    ("hint", "text", "kept"),
    [
        (IPv4, "192.0.2.10", "192.0.2.10"),
        (IPv4, "0.0.0.0", "0.0.0.0"),
        (IPv6, "2001:DB8:0:0::10", "2001:db8::10"),
        (IPv6, "::", "::"),
        (Address, "192.0.2.10", "192.0.2.10"),
        (Address, "2001:db8::10", "2001:db8::10"),
    ],
)
def test_an_ip_address_is_kept_in_its_short_form(hint: Any, text: str, kept: str) -> None:
    assert parse(hint, text) == kept


@pytest.mark.parametrize("hint", [IPv4, IPv6, Address])
@pytest.mark.parametrize(
    "text",
    ["", "1", "192.0.2", "192.0.2.256", "192.0.2.010", "0xC0.0.2.1", "3221225994", "192.0.2.10/24",
     "192.0.2.10 ", " 192.0.2.10", "192.0.2.10\n", "١٩٢.0.2.10", "fe80::1%eth0", "2001:db8::/32",
     "2001:db8:::1", "[2001:db8::1]",
     "2001:db8::1\n", ":", "١::1", "192.0.2.10\0"],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_ip_address_is_refused(hint: Any, text: str) -> None:
    assert refused(hint, text) == "This is not a valid IP address"


def test_an_address_of_the_other_version_is_refused() -> None:
    refused(IPv4, "2001:db8::10")
    refused(IPv6, "192.0.2.10")


@pytest.mark.parametrize(
    "text", ["Example Ltd", "ACME & Söhne <Köln>", "例え", "a\u00a0b", "'; drop table --", "😀"]
)
def test_a_text_may_hold_every_printable_character(text: str) -> None:
    assert parse(Nickname, text) == text


@pytest.mark.parametrize("hint", [Nickname, Name, Reason])
@pytest.mark.parametrize(
    "char",
    ["\u202e", "\0", "\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\ud800", "\uffff"],
    ids=ascii,
)
def test_a_text_holds_no_control_character(hint: Any, char: str) -> None:
    assert refused(hint, f"a{char}b") == "This text holds a control character"


@pytest.mark.parametrize(("hint", "low", "high"), [(Nickname, 0, 100), (Name, 1, 64), (Reason, 0, 255)])
def test_a_text_has_its_length(hint: Any, low: int, high: int) -> None:
    for length in (low, high):
        parse(hint, "a" * length)
    assert refused(hint, "a" * (high + 1)) == "This text is too long"
    if low:
        assert refused(hint, "") == "This input is required"


def test_a_place_in_a_list_is_digits() -> None:
    assert parse(Cursor, "123") == "123"
    for text in ("", "-1", "+1", "1_0", "1.0", " 1", "1\n", "١", "MTIz", "1" * 19):
        assert refused(Cursor, text) == "This is not a place in a list"


def test_a_choice_is_one_of_its_values_exactly() -> None:
    kind: Kind = choice("accountstatus", "active", "inactive")
    assert kind.parse("inactive", SERVER) == "inactive"
    for text in ("", "Active", "active ", "active\n", "active|inactive"):
        with pytest.raises(Wrong, match="not a valid option"):
            kind.parse(text, SERVER)
