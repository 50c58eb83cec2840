"""Content types as rows."""

from __future__ import annotations

import pytest

from iwapi.hosting.media import media_type


@pytest.mark.parametrize(
    ("name", "media"),
    [
        (b"index.html", b"text/html; charset=utf-8"),
        (b"A.HTM", b"text/html; charset=utf-8"),
        (b"a.min.js", b"text/javascript; charset=utf-8"),
        (b"a.svg", b"image/svg+xml; charset=utf-8"),
        (b"a.json", b"application/json; charset=utf-8"),
        (b"a.png", b"image/png"),
        (b"a.woff2", b"font/woff2"),
        (b"a.tar.gz", b"application/gzip"),
        (b"a.php", b"application/octet-stream"),
        (b"html", b"application/octet-stream"),
        (b"a.", b"application/octet-stream"),
        (b"\xff.txt", b"text/plain; charset=utf-8"),
    ],
)
def test_the_ending_tells_the_type(name: bytes, media: bytes) -> None:
    assert media_type(name) == media
