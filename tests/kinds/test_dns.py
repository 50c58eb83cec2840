"""Names of a zone and values of records: what is kept of them, and what is refused."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from iwapi.kinds import Alias, CaaValue, Host, HostName, Prefix, RecordText, Rules, Service, Ttl, Word, Wrong


def parse(hint: Any, text: str) -> Any:
    return get_args(hint)[1].parse(text, Rules())


LONG = ".".join(["a" * 62] * 4)  # 251 characters


@pytest.mark.parametrize(
    ("hint", "text", "kept"),
    [
        (Host, "", ""),
        (Host, "@", ""),
        (Host, "WWW", "www"),
        (Host, "*", "*"),
        (Host, "*.a", "*.a"),
        (Host, "_dmarc.a-b", "_dmarc.a-b"),
        (Host, "www.example.com.", "www.example.com."),
        (Host, "bücher", "xn--bcher-kva"),
        (Host, LONG + ".", LONG + "."),
        (HostName, "Mail", "mail"),
        (HostName, "mail.example.com.", "mail.example.com."),
        (HostName, ".", "."),
        (HostName, "@", "@"),
        (HostName, "10", "10"),
        (Alias, "k1._domainkey.example.com", "k1._domainkey.example.com"),
        (Alias, "@", "@"),
        (Service, "SIP", "_sip"),
        (Service, "_sip", "_sip"),
        (Prefix, "Blog", "blog"),
        (Prefix, "a.b", "a.b"),
        (Prefix, "wwww", "wwww"),
        (Prefix, "ü", "xn--tda"),
        (RecordText, '"v=spf1 \\ ü"', '"v=spf1 \\ ü"'),
        (RecordText, "ü" * 512, "ü" * 512),
        (CaaValue, "ca.example; policy=ev", "ca.example; policy=ev"),
        (CaaValue, ";", ";"),
        (Ttl, "0", 0),
        (Ttl, "2147483647", 2147483647),
        (Word, "65535", 65535),
    ],
)
def test_it_is_kept_like_this(hint: Any, text: str, kept: Any) -> None:
    assert parse(hint, text) == kept


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        *((hint, text) for hint in (Host, HostName, Alias, Prefix)
          for text in ("a..b", ".a", "a b", "-a", "a-", "a" * 64, "a." * 130, "a\n", "a/b", "a\0", "ü\ud800",
                       "xn--a", "a.*", "**", "..")),
        *((hint, "*") for hint in (HostName, Alias, Prefix)),
        *((hint, "") for hint in (HostName, Alias, Prefix, Service, RecordText, CaaValue, Ttl)),
        (Host, "."), (Alias, "."), (Prefix, "."), (Prefix, "a."), (Prefix, "a_b"),
        (HostName, "a_b.example.com"), (HostName, "com."), (Alias, "com."),
        *((hint, text) for hint in (HostName, Alias) for text in ("192.0.2.1", "192.0.2.1.", "a.1")),
        *((Prefix, name) for name in ("www", "mail", "FTP", "www.blog", "@")),
        *((Service, name) for name in ("__a", "a_b", "-a", "a" * 16, "a.b", "*")),
        (RecordText, "ü" * 513), (RecordText, "a\nb"), (RecordText, "a\x7f"), (RecordText, "\ud800"),
        (CaaValue, 'a"b'), (CaaValue, "a\\b"), (CaaValue, "ü"), (CaaValue, "a" * 256),
        (Ttl, "-1"), (Ttl, "2147483648"), (Ttl, "1h"), (Word, "65536"), (Word, "٣"),
    ],
    ids=ascii,
)  # fmt: skip
def test_it_is_refused(hint: Any, text: str) -> None:
    with pytest.raises(Wrong):
        parse(hint, text)
