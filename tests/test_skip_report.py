"""The run's end tells what was skipped, and CI accepts no skip."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

NEEDY = """
    import pytest

    @pytest.mark.needs("sh", "no-such-program")
    def test_needy(): pass
"""
SKIPPING = """
    import pytest
    pytest.skip("not today", allow_module_level=True)
"""
EXPECTED_FAILURE = """
    import pytest

    @pytest.mark.xfail
    def test_known_wrong(): assert False

    @pytest.mark.needs("sh")
    def test_runs(): pass
"""


@pytest.mark.parametrize(
    ("source", "ci", "exit_code", "lines"),
    [
        (NEEDY, "", 0, ["*::test_needy: needs no-such-program", "*make test-deps*", "*1 skipped*"]),
        (NEEDY, "true", 1, ["*::test_needy: needs no-such-program", "CI=true accepts no*", "*1 skipped*"]),
        (SKIPPING, "true", 1, ["*not today*", "CI=true accepts no*"]),
        (EXPECTED_FAILURE, "true", 0, ["*1 passed, 1 xfailed*"]),
    ],
    ids=["told", "fails in CI", "a skipped file fails in CI", "an expected failure is no skip"],
)
def test_a_skip_is_told_and_fails_only_in_ci(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    ci: str,
    exit_code: int,
    lines: list[str],
) -> None:
    monkeypatch.setenv("CI", ci)
    pytester.makeini("[pytest]\nmarkers = needs")
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text())
    pytester.makepyfile(test_one=source)
    ran = pytester.runpytest()
    ran.stdout.fnmatch_lines(lines)
    assert ran.ret == exit_code
