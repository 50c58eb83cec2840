"""What opening a file comes to."""

from __future__ import annotations

import errno
import os

import pytest

from iwapi.hosting.files import status_of


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (errno.ENOENT, 404),
        (errno.ENOTDIR, 404),
        (errno.ELOOP, 404),
        (errno.EXDEV, 404),
        (errno.ENAMETOOLONG, 404),
        (errno.ENXIO, 404),
        (errno.EACCES, 403),
        (errno.EPERM, 403),
        (errno.EMFILE, 503),
        (errno.ENFILE, 503),
        (errno.EIO, 503),
        (errno.EAGAIN, 503),
    ],
)
def test_an_error_has_a_status(number: int, status: int) -> None:
    assert status_of(OSError(number, os.strerror(number))) == status
