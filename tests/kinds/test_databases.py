"""The URL of a database shows no password."""

from __future__ import annotations

import pytest

from iwapi.kinds import MASK, DatabaseUrl, database_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@host/name", f"postgresql://me:{MASK}@host/name"),
        ("postgresql://me:se@cret@host:5433/name?sslmode=require",
         f"postgresql://me:{MASK}@host:5433/name?sslmode=require"),
        ("postgres://me@host/name", "postgres://me@host/name"),
        ("postgresql://host/name", "postgresql://host/name"),
        ("postgresql:///name?host=/run/postgresql", "postgresql:///name?host=/run/postgresql"),
        ("postgresql:///name?user=me&password=secret&host=/run",
         f"postgresql:///name?user=me&password={MASK}&host=/run"),
    ],
)  # fmt: skip
def test_it_is_what_was_written_and_shows_a_mask(url: str, shown: str) -> None:
    parsed = database_url(url)
    assert parsed == url
    assert parsed.shown == shown
    assert repr([parsed]) == f"['{shown}']"


@pytest.mark.parametrize(
    "url",
    ["mysql://host/name", "postgresql://host", "postgresql://host/", "postgresql://host:x/name", "name",
     "postgresql://host/a b", "postgresql://host/a\nb", "postgresql://[::1/name"],
)  # fmt: skip
def test_what_is_no_url_of_postgresql_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="this must be a URL"):
        database_url(url)


def test_a_url_is_a_text() -> None:
    assert isinstance(DatabaseUrl("postgresql://host/name"), str)
