"""Document roots in a home that its tenant may write to: no link that stands there is followed.

A folder is made beside the homes and renamed into its place, so it is there whole or not at all, and nothing
that has anything in it is replaced.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

BLOCKED = frozenset({errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENOTEMPTY, errno.EEXIST})
"""How it fails where a tenant's link or file stands in the way, or a folder that the tenant closed."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def make(home: Path, path: str, page: bytes, aside: Path) -> None:
    """Make a folder below a home with a first page in it, unless something stands there; `aside` is where
    it is made. Raises OSError."""
    *above, name = path.split("/")
    here = os.open(home, _FOLDER)
    try:
        for folder in above:
            here = _step(here, folder)
        if _stands(here, name):
            return
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(0o755)
        (aside / "index.html").write_bytes(page)
        os.rename(aside, name, dst_dir_fd=here)
    finally:
        os.close(here)


def rename(home: Path, old: str, new: str) -> None:
    """Rename what stands in a home, unless there is none of that name or something has the new one. Raises
    OSError."""
    here = os.open(home, _FOLDER)
    try:
        if _stands(here, old) and not _stands(here, new):
            os.rename(old, new, src_dir_fd=here, dst_dir_fd=here)
    finally:
        os.close(here)


def _step(above: int, name: str) -> int:
    """The folder of that name, made where there is none, in place of the one above it."""
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=above)
    here = os.open(name, _FOLDER, dir_fd=above)
    os.close(above)
    return here


def _stands(above: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=above, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
