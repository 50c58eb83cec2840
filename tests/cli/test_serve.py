"""The server to try out, and the four lines that it prints."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from iwapi.cli.outside import ask
from iwapi.cli.trial import has_ipv6
from tests.cli.conftest import Console, ended, line_of, started
from tests.helpers import rows

# The ports of `--dev` are known ones, which may be taken here; the environment wins over the file.
FREE_PORTS = {
    f"IWAPI_{name}": "127.0.0.1:0"
    for name in ("LISTEN", "LISTEN_TLS", "ADMIN_LISTEN", "SITES_LISTEN", "DNS_LISTEN")
}


@dataclass(frozen=True)
class Dev:
    """A running server to try out: what it printed, and the lines to paste."""

    process: subprocess.Popen[str]
    printed: list[str]

    @property
    def lines(self) -> list[str]:
        after = next(at for at, line in enumerate(self.printed) if line.startswith("Four lines"))
        return [line for line in self.printed[after + 1 :] if line]

    @property
    def password(self) -> str:
        (found,) = re.findall(
            r"^Administrator +admin@example\.com, password (\w+)$", "\n".join(self.printed), re.MULTILINE
        )
        return str(found)


@contextmanager
def dev(state: Path) -> Iterator[Dev]:
    with started("serve", "--dev", "--state", str(state), **FREE_PORTS) as process:
        printed: list[str] = []
        while sum(line.startswith(("KEY=", "curl ")) for line in printed) < 4:
            line = line_of(process)
            assert line, printed
            printed.append(line.rstrip("\n"))
        yield Dev(process, printed)


@pytest.mark.needs("bash", "curl")
def test_the_four_lines_can_be_pasted_as_they_are(tmp_path: Path) -> None:
    with dev(tmp_path / "state") as server:
        assert len(server.lines) == 4
        shell = subprocess.run(
            ["bash"], input="\necho ---\n".join(server.lines), capture_output=True, text=True
        )
        key, account, site, deleted = shell.stdout.split("---\n")
        assert (shell.returncode, shell.stderr, key) == (0, "", "")
        assert "<master_domain>example.com</master_domain>" in account
        assert "<status>active</status>" in account
        assert "<h1>" in site
        assert "example.com" in site
        assert "API key successfully deleted." in deleted
        again = subprocess.run(["bash"], input="\n".join(server.lines[:2]), capture_output=True, text=True)
        assert "DomainTakenFault" in again.stdout
        no_key = subprocess.run(["bash"], input=server.lines[1], capture_output=True, text=True)
        assert "NotAuthenticatedFault" in no_key.stdout


def test_what_listens_where_is_told(tmp_path: Path) -> None:
    with dev(tmp_path / "state") as server:
        listing = dict(
            line.split(maxsplit=1) for line in server.printed if re.match(r"(Sites|DNS|Certificate) ", line)
        )
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", listing["Sites"])
    assert re.fullmatch(r"127\.0\.0\.1:\d+", listing["DNS"])


def test_a_second_start_has_the_same_administrator_and_packages(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with dev(state) as server:
        first = server.password
        code, _ = ended(server.process, signal.SIGTERM)
        assert code == 0
    with dev(state) as server:
        assert server.password == first
        code, _ = ended(server.process, signal.SIGINT)
        assert code == 0
    assert [name for (name,) in rows(state, "select name from package order by id")] == ["basic", "pro"]
    assert stat.S_IMODE((state / "trial.json").stat().st_mode) == 0o600


def test_its_settings_are_a_file_that_may_be_changed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with dev(state):
        pass
    settings = (state / "iwapi.toml").read_text()
    listen = '["127.0.0.1:2080", "[::1]:2080"]' if has_ipv6() else '["127.0.0.1:2080"]'
    assert f"listen = {listen}\n" in settings
    (state / "iwapi.toml").write_text(settings + "max_accounts = 1\n")
    with dev(state):
        pass
    assert (state / "iwapi.toml").read_text() == settings + "max_accounts = 1\n"


def test_a_real_servers_folder_is_not_for_trying_things_out(console: Console) -> None:
    refused = console("serve", "--dev")
    assert refused.exit_code == 1
    assert "real server" in refused.stderr
    assert not (console.state / "trial.json").exists()


def test_a_folder_that_is_not_set_up_is_not_served(tmp_path: Path) -> None:
    refused = Console(tmp_path / "state")("serve")
    assert refused.exit_code == 1
    assert "run `iwapi init" in refused.stderr


def test_a_server_says_where_it_listens_and_ends_on_a_signal(console: Console) -> None:
    with started("serve", "--state", str(console.state), **FREE_PORTS) as process:
        assert line_of(process).startswith("API ")
        code, rest = ended(process, signal.SIGTERM)
    assert code == 0
    assert "password" not in rest


def test_settings_that_are_written_after_the_start_are_taken_over(console: Console) -> None:
    (console.state / "iwapi.toml").unlink()
    with started("serve", "--state", str(console.state), **FREE_PORTS) as process:
        host, port = line_of(process).split("//")[1].strip().split(":")
        api = host, int(port)
        assert "//localhost:" in ask(api, "/soap?wsdl", host="other.example.com").body
        (console.state / "iwapi.toml").write_text('hostname = "panel.example.net"\n')
        until = time.monotonic() + 20
        while "//panel.example.net:" not in ask(api, "/soap?wsdl", host="other.example.com").body:
            assert time.monotonic() < until
            time.sleep(0.1)
