"""Root becomes the owner of the state folder; nobody else becomes anybody."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from iwapi.cli.owner import become_owner, who_runs

NOBODY = 65534


@pytest.fixture
def state() -> Iterator[Path]:
    """A folder that its owner can reach, whoever that is: pytest's are closed, and the project may be."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def in_a_child(work: Callable[[], bool]) -> bool:
    """Whether `work` is true, in a process that ends with it."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if work() else 1)
        finally:
            os._exit(2)
    return os.waitpid(child, 0)[1] == 0


def test_root_becomes_the_owner_for_good_and_others_stay(state: Path) -> None:
    root = os.geteuid() == 0
    expected = os.geteuid(), os.getgroups()
    if root:
        os.chown(state, NOBODY, NOBODY)
        expected = NOBODY, [NOBODY]

    def owned() -> bool:
        become_owner(state)
        (state / "file").touch()
        known = os.geteuid(), os.getgroups()
        try:
            os.seteuid(0)
            back = True
        except PermissionError:
            back = False
        return known == expected and back is False and (state / "file").stat().st_uid == state.stat().st_uid

    assert in_a_child(owned)


def test_a_folder_of_an_unknown_user_has_an_owner_too(state: Path) -> None:
    uid = os.geteuid()
    if uid == 0:
        uid = 54321
        os.chown(state, uid, uid)

    def owned() -> bool:
        become_owner(state)
        return os.getuid() == uid and who_runs() != ""

    assert in_a_child(owned)


def test_who_runs_the_program_stays_as_it_is_where_there_is_no_folder(tmp_path: Path) -> None:
    before = os.geteuid()
    become_owner(tmp_path / "missing")
    become_owner(tmp_path)
    assert os.geteuid() == before
