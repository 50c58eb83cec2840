"""Finds the file of a site that a path names, and opens it beneath the account's home."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass

from iwapi.hosting.beneath import open_beneath
from iwapi.hosting.conditions import Stamp
from iwapi.hosting.directory import Site
from iwapi.hosting.media import media_type
from iwapi.hosting.target import Target

_INDEX = b"index.html"


@dataclass(frozen=True)
class Found:
    """A regular file, open for reading. Who gets it closes the descriptor."""

    descriptor: int
    stamp: Stamp
    media: bytes


def find(site: Site, target: Target) -> Found | None:
    """The file to send, or None for a folder that was asked for without its slash.

    Raises OSError: FileNotFoundError also for what is there and not served (dot files, folders without
    an index, anything but regular files).
    """
    if target.hidden:
        raise FileNotFoundError(errno.ENOENT, "a dot file")
    names = (*target.segments, _INDEX) if target.folder else target.segments
    path = b"/".join((os.fsencode(site.docroot), *names))
    descriptor = open_beneath(site.home, path)
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return Found(descriptor, Stamp(status.st_size, status.st_mtime_ns), media_type(names[-1]))
    os.close(descriptor)
    if stat.S_ISDIR(status.st_mode) and not target.folder:
        return None
    raise FileNotFoundError(errno.ENOENT, "not a regular file")


def status_of(error: OSError) -> int:
    """The HTTP status that tells a visitor what opening a file came to."""
    if isinstance(error, PermissionError):
        return 403
    if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EAGAIN):
        return 503
    return 404
