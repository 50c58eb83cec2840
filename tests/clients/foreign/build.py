"""What a client program needs made first: made once, kept while its sources are the same."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.sandbox import ROOT

HERE = Path(__file__).parent
CACHE = ROOT / ".cache"
WSDL = ROOT / "wsdl" / "iwapi.wsdl"


@dataclass(frozen=True)
class Build:
    """Commands that fill an empty folder, run in it, one after the other.

    In them {here} is the folder of the programs, {built} the one to fill, and {wsdl} the committed WSDL of
    the typed service. `sources` are paths or patterns below {here}: when one of them, or a command, changes,
    it is made again. `wsdl` says that the WSDL is a source too. Clients may share a build.
    """

    name: str
    sources: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    wsdl: bool = False

    def folder(self) -> Path:
        """The folder with everything made; a command that fails is an AssertionError with what it said."""
        made = CACHE / "clients" / f"{self.name}-{self._hash()}"
        if not made.exists():
            making = made.with_name(f"{made.name}.{os.getpid()}")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(parents=True)
            for command in self.commands:
                _do([placed(word, here=HERE, wsdl=WSDL, built=making) for word in command], making)
            for old in made.parent.iterdir():
                if re.fullmatch(rf"{re.escape(self.name)}-[0-9a-f]{{16}}", old.name):
                    shutil.rmtree(old, ignore_errors=True)
            making.rename(made)
        return made

    def _hash(self) -> str:
        known = hashlib.sha256(repr(self.commands).encode())
        for file in self._files():
            known.update(file.name.encode() + b"\0" + file.read_bytes())
        return known.hexdigest()[:16]

    def _files(self) -> Iterator[Path]:
        for pattern in self.sources:
            found = sorted(HERE.glob(pattern))
            assert found, f"{self.name}: no file is called {pattern}"
            yield from found
        if self.wsdl:
            yield WSDL


def placed(word: str, **places: Path) -> str:
    """A word of a command with the folders and files that it names in braces."""
    for name, place in places.items():
        word = word.replace("{" + name + "}", str(place))
    return word


def _do(command: list[str], folder: Path) -> None:
    env = os.environ | {"npm_config_cache": str(CACHE / "npm"), "LANG": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, f"{' '.join(command)}\n{said}"
