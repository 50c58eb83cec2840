"""A trial folder whose first start was cut short is finished by the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import pytest

from iwapi.__main__ import TOOLS
from iwapi.cli.trial import Secrets, keep, open_trial, secrets_of
from iwapi.config import load
from tests.helpers import rows


class CutShort(Exception):
    pass


def cut(*_: object) -> None:
    raise CutShort


def test_each_step_of_the_first_start_may_be_the_last(tmp_path: Path) -> None:
    state, config = tmp_path / "state", load(None, {})
    secrets = secrets_of(state, Secrets("Correct-horse7"))
    with pytest.raises(CutShort):
        open_trial(replace(TOOLS, install=cut), state, secrets.admin_password, config)
    assert secrets_of(state, Secrets("another")) == secrets
    with pytest.raises(CutShort):
        open_trial(replace(TOOLS, open=cut), state, secrets.admin_password, config)
    for _ in range(2):
        open_trial(TOOLS, state, secrets.admin_password, config).close()
    assert [name for (name,) in rows(state, "select name from package order by id")] == ["basic", "pro"]
    shared = {address for (address,) in rows(state, "select address from address where shared = 1")}
    assert {"127.0.0.1", "127.0.0.2", "127.0.0.3"} <= shared
    assert rows(state, "select address from address where shared = 0 order by position") == [
        ("127.0.0.11",),
        ("127.0.0.12",),
    ]


def test_a_key_that_was_kept_is_found_again(tmp_path: Path) -> None:
    secrets_of(tmp_path, Secrets("x"))
    keep(tmp_path, Secrets("x", "a key"))
    assert secrets_of(tmp_path, Secrets("y")) == Secrets("x", "a key")


def test_a_folder_without_the_file_is_a_real_one(tmp_path: Path) -> None:
    (tmp_path / "pepper").touch()
    with pytest.raises(click.ClickException, match="real server"):
        secrets_of(tmp_path, Secrets("x"))
