"""Opens a file beneath a folder that a tenant may write to: no link and no race leads out of it.

Linux 5.6 and newer resolve the whole path in one call, openat2, and follow links that stay inside. Where
that call is missing, or forbidden by a container's filter, the path is walked folder by folder, and then
no link is followed at all.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable

_OPENAT2 = 437  # the same number on every architecture that CPython supports on Linux
_NO_MAGICLINKS = 0x02
_BENEATH = 0x08
_TRIES = 16

# O_NONBLOCK: opening a FIFO must not wait for a writer.
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC


class _How(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


_how = _How(_READ, 0, _BENEATH | _NO_MAGICLINKS)
_syscall = ctypes.CDLL(None, use_errno=True).syscall
_syscall.restype = ctypes.c_long
_syscall.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(_How), ctypes.c_size_t)


def by_openat2(anchor: int, path: bytes) -> int:
    """A descriptor for `path`, resolved by the kernel beneath the folder `anchor`. Raises OSError."""
    if b"\0" in path:
        raise ValueError("embedded null byte")
    for _ in range(_TRIES):
        opened: int = _syscall(_OPENAT2, anchor, path, _how, ctypes.sizeof(_How))
        if opened >= 0:
            return opened
        code = ctypes.get_errno()
        # EAGAIN: something was renamed just now, and the kernel cannot tell whether `..` stayed inside.
        if code not in (errno.EAGAIN, errno.EINTR):
            break
    raise OSError(code, os.strerror(code), path)


def by_walk(anchor: int, path: bytes) -> int:
    """The same by opening one folder after another, each relative to the last. Raises OSError."""
    *folders, name = path.split(b"/")
    if {b"", b".", b".."}.intersection((*folders, name)):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), path)
    here = anchor
    try:
        for folder in folders:
            above, here = here, os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=here)
            if above != anchor:
                os.close(above)
        return os.open(name, _READ | os.O_NOFOLLOW, dir_fd=here)
    finally:
        if here != anchor:
            os.close(here)


def _best() -> Callable[[int, bytes], int]:
    root = os.open("/", _FOLDER)
    try:
        os.close(by_openat2(root, b"."))
    except OSError:
        return by_walk
    finally:
        os.close(root)
    return by_openat2


_open = _best()


def open_beneath(folder: str, path: bytes) -> int:
    """A descriptor for reading `path`, relative to `folder`, whatever it is; the caller closes it.

    Raises OSError: EXDEV or ELOOP (ENOTDIR without openat2) when the path would leave the folder.
    """
    anchor = os.open(folder, _FOLDER)
    try:
        return _open(anchor, path)
    finally:
        os.close(anchor)
