"""Which system programs a test needs, and an honest end of the run about every test that was skipped.

`@pytest.mark.needs("php", "dig")` skips a test where one is missing. With CI=true no skip is accepted:
a proof that did not run proves nothing.
"""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests import postgres

TEMPORARY = Path(__file__).parent.parent / ".cache" / "tmp"
SKIPS = pytest.StashKey[list[str]]()
pytest_plugins = ("tests.helpers",)
_PROBES = {  # a command that ends well where the program has the library
    "perl": lambda library: ["perl", f"-M{library}", "-e1"],
    "php": lambda library: ["php", "-r", f"exit((int) !extension_loaded('{library}'));"],
    "ruby": lambda library: ["ruby", f"-r{library}", "-e1"],
}


@cache
def is_here(needed: str) -> bool:
    """Whether a test may use it: a program, a file by its path, or a library as `perl:RPC::XML`.

    PHP counts with its SOAP extension only.
    """
    if needed.startswith("/"):
        return Path(needed).exists()
    if needed == "postgres":
        return postgres.programs() is not None
    program, _, library = needed.partition(":")
    if shutil.which(program) is None:
        return False
    if needed == "php":
        library = "soap"
    return not library or not subprocess.run(_PROBES[program](library), capture_output=True).returncode


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SKIPS] = []
    # Tests, and the programs they start, leave nothing outside of the project.
    TEMPORARY.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(TEMPORARY)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `both_databases` runs on SQLite and on PostgreSQL, where it has a store at all.

    With `slow=True` it runs on PostgreSQL in the slow tests only.
    """
    mark = metafunc.definition.get_closest_marker("both_databases")
    if "store" in metafunc.fixturenames and mark is not None:
        marks = [pytest.mark.needs("postgres"), *([pytest.mark.slow] if mark.kwargs.get("slow") else [])]
        on_server = pytest.param("postgres", marks=marks)
        metafunc.parametrize("store", ["sqlite", on_server], indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    needed = [program for mark in item.iter_markers("needs") for program in mark.args]
    if missing := [program for program in needed if not is_here(program)]:
        pytest.skip(f"needs {', '.join(missing)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        item.config.stash[SKIPS].append(f"{item.nodeid}: {report.longrepr[2].removeprefix('Skipped: ')}")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    report = yield
    if report.skipped:
        collector.config.stash[SKIPS].append(f"{collector.nodeid}: {report.longrepr[2]}")
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash[SKIPS] and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not (skips := config.stash[SKIPS]):
        return
    terminalreporter.section("skipped")
    for skip in skips:
        terminalreporter.line(skip)
    if any(": needs " in skip for skip in skips):
        terminalreporter.line("To run those that need a program, once, as root: make test-deps")
    if os.environ.get("CI") == "true":
        terminalreporter.line("CI=true accepts no skipped test: this run has failed.", red=True)
