"""Opening beneath a folder, by both ways."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from iwapi.hosting import beneath
from iwapi.hosting.beneath import by_openat2, by_walk, open_beneath

Open = Callable[[bytes], bytes]
WAYS = list(dict.fromkeys((by_walk, beneath._open)))  # the kernel may have the first only
REFUSED = "|".join(
    os.strerror(code)
    for code in (errno.EXDEV, errno.ELOOP, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files, and beside it the file that must not be reached."""
    inside = tmp_path / "inside"
    (inside / "a" / "b").mkdir(parents=True)
    (inside / "a" / "b" / "file").write_bytes(b"harmless")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_bytes(b"SECRET")
    return inside


@pytest.fixture(params=WAYS)
def read(request: pytest.FixtureRequest, folder: Path) -> Iterator[Open]:
    anchor = os.open(folder, os.O_PATH)

    def read(path: bytes) -> bytes:
        descriptor = request.param(anchor, path)
        try:
            return os.read(descriptor, 100)
        finally:
            os.close(descriptor)

    yield read
    os.close(anchor)


def test_a_file_is_opened_by_its_path(read: Open) -> None:
    assert read(b"a/b/file") == b"harmless"


@pytest.mark.parametrize(
    "path",
    [
        *(b"../outside/file", b"a/../../outside/file", b"/etc/passwd", b"/", b"", b"missing"),
        *(b"a/b/file/", b"a/b/file/x", b"a" * 300, b"a/" * 3000),
    ],
)
def test_a_path_that_names_nothing_inside_is_an_error(read: Open, path: bytes) -> None:
    with pytest.raises(OSError, match=REFUSED):
        read(path)


def test_a_nul_never_cuts_a_path(read: Open) -> None:
    with pytest.raises(ValueError, match="null"):
        read(b"a/b/file\0.txt")


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../outside/file", "/proc/self/root/etc/passwd", "file", "{outside}/file"]
)
def test_a_link_out_of_the_folder_is_an_error(read: Open, folder: Path, target: str) -> None:
    (folder / "file").symlink_to(target.format(outside=folder.parent / "outside"))
    with pytest.raises(OSError, match=REFUSED):
        read(b"file")


def test_a_folder_that_is_a_link_out_is_an_error(read: Open, folder: Path) -> None:
    (folder / "away").symlink_to("../outside")
    with pytest.raises(OSError, match=REFUSED):
        read(b"away/file")


@pytest.mark.parametrize("way", WAYS)
def test_a_link_that_stays_inside_is_followed_by_the_kernel_only(
    folder: Path, way: Callable[[int, bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a" / "link").symlink_to("../a/b")
    monkeypatch.setattr(beneath, "_open", way)
    if way is by_openat2:
        os.close(open_beneath(str(folder), b"a/link/file"))
    else:
        with pytest.raises(OSError, match=REFUSED):
            open_beneath(str(folder), b"a/link/file")


def test_a_fifo_does_not_wait_for_its_writer(read: Open, folder: Path) -> None:
    os.mkfifo(folder / "fifo")
    before = time.monotonic()
    assert read(b"fifo") == b""
    assert time.monotonic() - before < 1


def test_a_race_of_renames_reads_the_file_or_nothing(read: Open, folder: Path) -> None:
    (folder / "link").symlink_to("../outside")
    done = threading.Event()

    def swap() -> None:
        shown, link, spare = folder / "a" / "b", folder / "link", folder / "spare"
        while not done.is_set():
            shown.rename(spare)
            link.rename(shown)
            shown.rename(link)
            spare.rename(shown)

    thread = threading.Thread(target=swap)
    thread.start()
    seen = {True: 0, False: 0}
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        try:
            assert read(b"a/b/file") == b"harmless"
            seen[True] += 1
        except OSError:
            seen[False] += 1
    done.set()
    thread.join()
    assert all(seen.values()), seen


def test_no_descriptor_is_left_over(read: Open, folder: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for path in (b"a/b/file", b"a/b/missing", b"a/missing/file", b"a/b/file/x"):
        with suppress(OSError):
            read(path)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_forbidden_call_leads_to_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beneath, "_OPENAT2", 9999)
    assert beneath._best() is by_walk
