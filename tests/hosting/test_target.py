"""Request targets as rows."""

from __future__ import annotations

import time

import pytest

from iwapi.hosting.target import BadTarget, Target, read_target

HOST = b"example.com"


@pytest.mark.parametrize(
    ("uri", "segments", "folder", "query"),
    [
        (b"/", (), True, b""),
        (b"/a", (b"a",), False, b""),
        (b"/a/", (b"a",), True, b""),
        (b"//a//b", (b"a", b"b"), False, b""),
        (b"/a%20b/%C3%BC", (b"a b", b"\xc3\xbc"), False, b""),
        (b"/%61%2561", (b"a%61",), False, b""),
        (b"/a?b=/../%zz?c", (b"a",), False, b"b=/../%zz?c"),
        (b"/...", (b"...",), False, b""),
        (b"http://example.com", None, None, None),
        (b"http://example.com/a", (b"a",), False, b""),
        (b"https://example.com/a", None, None, None),
        (b"/%2e", None, None, None),
        (b"/a/%2E./b", None, None, None),
        (b"/a%2fb", None, None, None),
        (b"/a%5Cb", None, None, None),
        (b"/a\\b", None, None, None),
        (b"/%00", None, None, None),
        (b"/%1f", None, None, None),
        (b"/%4", None, None, None),
        (b"/%+1", None, None, None),
        (b"a", None, None, None),
        (b"", None, None, None),
        (b"*", None, None, None),
        (b"?", None, None, None),
    ],
)
def test_a_path_is_taken_apart_once_or_refused(
    uri: bytes, segments: tuple[bytes, ...] | None, folder: bool, query: bytes
) -> None:
    if segments is None:
        with pytest.raises(BadTarget):
            read_target(uri, [HOST])
    else:
        assert read_target(uri, [HOST]) == Target("example.com", segments, folder, query)


@pytest.mark.parametrize(
    ("field", "host"),
    [
        (b"Example.COM:80", "example.com"),
        (b"example.com.", "example.com"),
        (b"example.com.:80", "example.com"),
        (b"xn--bcher-kva.example", "xn--bcher-kva.example"),
        (b"127.0.0.1:8080", "127.0.0.1"),
        (b"[::1]:8080", "[::1]"),
        (b"localhost", "localhost"),
        (b"a_b.example", "a_b.example"),
        (b"b\xc3\xbccher.example", None),
        (b"\xc4\xb0.example", None),
        (b"\xe2\x84\xaa.example", None),
        (b"a..example", None),
        (b".example", None),
        (b"-a.example", None),
        (b"a-.example", None),
        (b"a" * 64 + b".example", None),
        (b"example.com:http", None),
        (b"user@example.com", None),
        (b"example.com/path", None),
        (b"example.com example.org", None),
        (b"%65xample.com", None),
        (b"", None),
        (b".", None),
        (b":80", None),
    ],
)
def test_a_host_is_a_name_or_refused(field: bytes, host: str | None) -> None:
    if host is None:
        with pytest.raises(BadTarget):
            read_target(b"/", [field])
    else:
        assert read_target(b"/", [field]).host == host


@pytest.mark.parametrize("field", [b"a." * 8000 + b"!", b"a" * 16000, (b"a" * 63 + b".") * 250 + b"!"])
def test_a_long_host_is_refused_at_once(field: bytes) -> None:
    before = time.perf_counter()
    with pytest.raises(BadTarget):
        read_target(b"/", [field])
    assert time.perf_counter() - before < 0.1


@pytest.mark.parametrize(
    ("segments", "query", "address"),
    [((), b"", b"/"), ((b"a", b"b c"), b"", b"/a/b%20c/"), ((b"\xff?#%",), b"x=1", b"/%FF%3F%23%25/?x=1")],
)
def test_an_address_made_of_segments_is_read_as_the_same_segments(
    segments: tuple[bytes, ...], query: bytes, address: bytes
) -> None:
    target = Target("example.com", segments, True, query)
    assert target.path(slash=True) == address
    assert read_target(address, [HOST]) == target


@pytest.mark.parametrize("address", [b"/", b"/a", b"/a/", b"/a/b?x", b"/%2E%2E%2E/?a=b?c"])
def test_a_path_is_told_as_it_was_asked_for(address: bytes) -> None:
    target = read_target(address, [HOST])
    assert read_target(target.path(), [HOST]) == target


@pytest.mark.parametrize(
    ("segments", "hidden"),
    [((b"a",), False), ((b".a",), True), ((b"a", b".b", b"c"), True), ((b".well-known",), False),
     ((b".well-known", b"a"), False), ((b".well-known", b".a"), True), ((b"a", b".well-known"), True)],
)  # fmt: skip
def test_a_dot_hides(segments: tuple[bytes, ...], hidden: bool) -> None:
    assert Target("example.com", segments, False).hidden is hidden
