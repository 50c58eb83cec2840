"""Checking the settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import trustme

from tests.cli.conftest import Console


def test_good_settings_are_good(console: Console) -> None:
    assert console("check-config").exit_code == 0


def test_every_problem_is_told_with_its_line(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text('# mine\nhostname = "panel.example.net"\nlisen = []\n\ngrace_days = "many"\n')
    found = console("check-config", "--config", str(file))
    assert found.exit_code == 1
    assert found.stderr.splitlines() == [
        f"{file}:3: lisen: there is no such setting",
        f"{file}:5: grace_days: many this must be a whole number",
    ]


def test_a_variable_that_is_not_known_is_a_problem(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IWAPI_LISEN", "127.0.0.1:1")
    assert "IWAPI_LISEN: there is no such setting" in console("check-config").stderr


def test_the_variables_that_name_the_files_are_no_settings(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IWAPI_STATE", str(console.state))
    monkeypatch.setenv("IWAPI_CONFIG", str(console.state / "iwapi.toml"))
    assert console("check-config").exit_code == 0


def test_a_file_that_is_not_there_is_told(console: Console) -> None:
    missing = console("check-config", "--config", str(console.state / "no.toml"))
    assert missing.exit_code == 1
    assert "no.toml: [Errno 2] No such file" in missing.stderr


def test_a_file_that_is_no_text_is_told(console: Console) -> None:
    (console.state / "iwapi.toml").write_bytes(b"hostname = '\xff'\n")
    broken = console("check-config")
    assert broken.exit_code == 1
    assert "iwapi.toml: 'utf-8' codec can't decode" in broken.stderr


def test_a_file_that_is_no_toml_is_told_with_the_line(console: Console) -> None:
    (console.state / "iwapi.toml").write_text("hostname = 'x'\nlisten = ]\n")
    assert re.search(r"iwapi.toml: .*line", console("check-config").stderr)


def test_a_certificate_that_cannot_be_used_is_told(console: Console, tmp_path: Path) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    (console.state / "iwapi.toml").write_text(f'tls_cert = "{chain}"\ntls_key = "{key}"\n')
    missing = console("check-config")
    assert missing.exit_code == 1
    assert "chain.pem" in missing.stderr
    made = trustme.CA().issue_cert("panel.example.net")
    made.cert_chain_pems[0].write_to_path(chain)
    made.private_key_pem.write_to_path(key)
    assert console("check-config").exit_code == 0
    trustme.CA().issue_cert("panel.example.net").private_key_pem.write_to_path(key)
    wrong = console("check-config")
    assert wrong.exit_code == 1
    assert "is not the key of" in wrong.stderr


def test_a_wrong_database_is_told_without_its_password(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text('database = "mysql://me:Known-to-nobody@host/name"\n')
    found = console("check-config", "--config", str(file))
    assert found.exit_code == 1
    assert "database: ******** this must be a URL" in found.stderr
    assert "Known-to-nobody" not in found.output
