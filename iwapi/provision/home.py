"""The embedded host's files: a folder for each account, and a link from its Unix name to it.

The folder is named by the account's id and never moves: to park an account is to take its link away, so its
names are free at once and its data is whole. A folder is made beside its place and renamed into it, so a
crash leaves a whole one or none. The document roots of further domains are made when they are wanted and left
when they are not: what a customer put there stays. Of an account that was brought back with another main
domain the folder of the former one gets the new name.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from iwapi.core.domains import docroot, site_of
from iwapi.core.want import Want
from iwapi.provision import folders
from iwapi.provision.driver import Observed

log = logging.getLogger(__name__)


def folder(homes: Path, account_id: int) -> Path:
    """Where an account's files are."""
    return homes / "accounts" / str(account_id)


class Home:
    """Keeps folders in `homes/accounts/<id>` and links `homes/<Unix name>`."""

    name = "home"
    needs: tuple[str, ...] = ()

    def __init__(self, homes: Path, placeholder: Callable[[str], bytes]) -> None:
        self._homes = homes
        self._placeholder = placeholder
        (homes / "accounts").mkdir(parents=True, exist_ok=True, mode=0o711)

    def fingerprint(self, want: Want) -> str:
        if want.state not in ("active", "inactive"):
            return f"{want.state} {want.uniqname} {want.domain}"
        further = hashlib.sha256("\n".join(want.folders).encode()).hexdigest() if want.folders else ""
        return f"home {want.uniqname} {want.domain} {further}".rstrip()

    def ensure(self, want: Want) -> None:
        if want.state in ("active", "inactive"):
            if not folder(self._homes, want.account_id).exists():
                self._make(want)
            self._follow(want)
            self._link(want)
            self._make_folders(want)
        else:
            self._unlink(want)

    def absent(self, want: Want) -> None:
        self._unlink(want)
        place, aside = folder(self._homes, want.account_id), self._aside(want)
        if aside.exists():
            shutil.rmtree(aside)
        if place.exists():
            os.rename(place, aside)
            shutil.rmtree(aside)

    def observe(self, want: Want) -> Observed:
        place = folder(self._homes, want.account_id)
        return Observed(place.exists(), _size(place))

    def _make(self, want: Want) -> None:
        aside = self._aside(want)
        shutil.rmtree(aside, ignore_errors=True)
        root = aside / docroot(want.domain)
        root.mkdir(parents=True, mode=0o755)
        (root / "index.html").write_bytes(self._placeholder(want.domain))
        os.rename(aside, folder(self._homes, want.account_id))

    def _follow(self, want: Want) -> None:
        """Let the folder of the main domain have its name, unless the former is a secondary domain now."""
        if want.former is None or docroot(want.former) in want.folders:
            return
        with _blocked(want, want.domain):
            folders.rename(folder(self._homes, want.account_id), want.former, want.domain)
        self._make_folder(want, docroot(want.domain))

    def _make_folders(self, want: Want) -> None:
        for path in want.folders:
            self._make_folder(want, path)

    def _make_folder(self, want: Want, path: str) -> None:
        """Make a document root that is missing."""
        home, aside = folder(self._homes, want.account_id), self._aside(want)
        with _blocked(want, path):
            folders.make(home, path, self._placeholder(site_of(path)), aside)

    def _aside(self, want: Want) -> Path:
        return self._homes / "accounts" / f".{want.account_id}"

    def _target(self, want: Want) -> str:
        return f"accounts/{want.account_id}"

    def _points_here(self, want: Want) -> bool:
        try:
            return os.readlink(self._homes / want.uniqname) == self._target(want)
        except OSError:
            return False

    def _link(self, want: Want) -> None:
        if self._points_here(want):
            return
        fresh = self._homes / f".link-{want.account_id}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self._target(want))
        os.replace(fresh, self._homes / want.uniqname)

    def _unlink(self, want: Want) -> None:
        """Take the name's link away, unless it already leads to an account opened later."""
        if self._points_here(want):
            os.unlink(self._homes / want.uniqname)


@contextmanager
def _blocked(want: Want, path: str) -> Iterator[None]:
    """What a tenant put in the way must not keep the account from its other changes."""
    try:
        yield
    except OSError as error:
        if error.errno not in folders.BLOCKED:
            raise
        log.warning("no folder for %s of account %d: %s", path, want.account_id, error)


def _size(top: Path) -> int:
    """The bytes on disk below a folder; links are counted, not followed."""
    total = 0
    for place, _, files in os.walk(top):
        for name in files:
            try:
                total += os.lstat(os.path.join(place, name)).st_blocks * 512
            except OSError:
                continue  # gone since the folder was read
    return total
