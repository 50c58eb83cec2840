"""Who runs a command: what the audit calls them, and root giving up its power."""

from __future__ import annotations

import os
import pwd
from pathlib import Path


def who_runs() -> str:
    """The name of the user who started this program."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def become_owner(state: Path) -> None:
    """Turn root into the user that owns the state folder, so that no file in it becomes root's.

    Any other user stays what it is, and so does root where the folder is its own or is not there yet.
    """
    if os.geteuid() != 0 or not state.exists() or (folder := state.stat()).st_uid == 0:
        return
    try:
        owner = pwd.getpwuid(folder.st_uid)
        os.initgroups(owner.pw_name, owner.pw_gid)
        os.setgid(owner.pw_gid)
    except KeyError:
        os.setgroups([])
        os.setgid(folder.st_gid)
    os.setuid(folder.st_uid)
