"""The doctor's words and its exit code; what it looks at is in tests/test_health.py."""

from __future__ import annotations

from tests.cli.conftest import Console


def test_a_state_that_is_well_is_told_line_by_line(console: Console) -> None:
    told = console("doctor")
    assert told.exit_code == 0, told.output
    grades = {
        line.split()[1]: line.split()[0] for line in told.stdout.splitlines() if not line.startswith(" ")
    }
    assert grades["pepper"] == grades["audit"] == grades["accounts"] == "ok"


def test_what_fails_is_told_with_what_to_do(console: Console) -> None:
    (console.state / "pepper").write_bytes(b"\0" * 32)
    told = console("doctor")
    assert told.exit_code == 1
    assert "fail  pepper" in told.stdout
    assert "Restore both from one backup." in told.stdout
