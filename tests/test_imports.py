"""Who may import whom: the two lists of docs/architecture.md, held against every import of the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A part is a file or folder directly in iwapi/. Each may import itself, and what stands here.
# The fields of a core value are kinds, so who may import core may import kinds.
MAY_IMPORT = {
    "errors": "",
    "kinds": "errors",
    "shape": "errors kinds",
    "action": "errors kinds shape",
    "asked": "errors kinds shape action",
    "parse": "errors kinds shape",
    "config": "errors kinds",
    "log": "kinds",
    "core": "errors kinds shape",
    "store": "errors kinds core",
    "provision": "errors kinds core",
    "auth": "errors kinds action asked core store",
    "call": "errors kinds asked core store",
    "actions": "errors kinds shape action core call",
    "kept": "kinds shape",
    "timers": "",
    "processes": "",
    "workers": "",
    "once": "errors kept action asked core store call",
    "carry": "errors store timers",
    "preview": "errors kinds shape core store call",
    "task": "errors asked core store",
    "notes": "errors kinds asked core store auth",
    "writing": "errors asked core store auth call once carry preview notes task",
    "dispatch": "errors kinds shape asked parse core store auth call once carry notes task writing",
    "later": "core store",
    "progress": "errors kinds core store timers",
    "engine": "errors kinds core store provision auth call action timers later progress processes",
    "hosting": "errors kinds core store config",
    "wires": "errors kinds shape action asked core",
    "web": "errors kinds shape action asked core wires config",
    "health": "errors kinds core config store",
    "cli": "errors kinds shape action asked core config",
}
MAY_IMPORT["app"] = " ".join(MAY_IMPORT)  # it wires
MAY_IMPORT["__main__"] = "app " + MAY_IMPORT["app"]  # it hands what is wired to the command line

# These modules are imported under these paths of iwapi/ only.
PLACES = {
    "twisted": ("web/", "hosting/", "app/"),
    "spyne": ("wires/contract.py", "wires/_spyne.py"),
    "lxml": ("wires/",),
    "sqlite3": ("store/",),
    "psycopg": ("store/",),
    "yoyo": ("store/",),
    "subprocess": ("provision/",),
    "multiprocessing": (),
}
IN_ONE_FILE = ("subprocess",)


def imported(path: str, source: str) -> Iterator[str]:
    """The dotted names a file of iwapi/ imports; for `from a import b` it is a.b, which may be a module."""
    package = ("iwapi", *Path(path).parent.parts)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = [*above, node.module] if node.module else above
            yield from (".".join([*base, alias.name]) for alias in node.names)


def wrongs(files: dict[str, str]) -> list[str]:
    """What is not allowed in these sources, by path under iwapi/, as sentences."""
    found = []
    users: dict[str, set[str]] = {module: set() for module in IN_ONE_FILE}
    for path, source in files.items():
        part = Path(path).parts[0].removesuffix(".py")
        if part not in MAY_IMPORT and part != "__init__":
            found.append(f"{path}: {part} is a part that nobody has placed")
        allowed = {part, *MAY_IMPORT.get(part, "").split()}
        names = [name.split(".") for name in imported(path, source)]
        ours = {name[1] for name in names if name[0] == "iwapi" and len(name) > 1} - {"__version__"}
        others = {name[0] for name in names} & PLACES.keys()
        found += [f"{path}: {part} may not import {target}" for target in sorted(ours - allowed)]
        found += [
            f"{path}: {name} has no place here"
            for name in sorted(others)
            if not path.startswith(PLACES[name])
        ]
        for name in others & users.keys():
            users[name].add(path)
    many = {module: sorted(paths) for module, paths in users.items() if len(paths) > 1}
    return found + [f"{module} is for one file, not {', '.join(paths)}" for module, paths in many.items()]


def test_every_import_is_one_the_architecture_allows() -> None:
    folder = ROOT / "iwapi"
    files = {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.py"))}
    assert "errors.py" in files
    found = wrongs(files)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("core/keys.py", "from iwapi.core import pepper", []),
        ("cli.py", "from iwapi import __version__", []),
        ("app/server.py", "from twisted.internet import reactor\nimport iwapi.web.pages", []),
        ("__init__.py", "from iwapi import errors", ["__init__ may not import errors"]),
        ("errors.py", "import iwapi.kinds", ["errors may not import kinds"]),
        ("core/keys.py", "from iwapi.store.db import Tx", ["core may not import store"]),
        ("core/keys.py", "from iwapi import errors, store", ["core may not import store"]),
        ("core/keys.py", "from ..store import db", ["core may not import store"]),
        ("core/keys.py", "from .. import store", ["core may not import store"]),
        ("core/keys.py", "from . import pepper", []),
        ("actions/siteworx/email/boxes.py", "from ....store import db", ["actions may not import store"]),
        ("core/keys.py", "def late():\n    import iwapi.web.tls", ["core may not import web"]),
        ("store/db.py", "from iwapi import config", ["store may not import config"]),
        ("tools/x.py", "", ["tools is a part that nobody has placed"]),
        ("call.py", "from twisted.internet import defer", ["twisted has no place here"]),
        ("wires/gate.py", "import spyne.protocol.soap", ["spyne has no place here"]),
        ("web/soap.py", "import lxml.etree as etree", ["lxml has no place here"]),
        ("core/accounts.py", "import sqlite3", ["sqlite3 has no place here"]),
        ("app/server.py", "import multiprocessing", ["multiprocessing has no place here"]),
        ("provision/shell.py", "import subprocess", []),
    ],
)
def test_the_check_tells_right_from_wrong(path: str, source: str, found: list[str]) -> None:
    assert wrongs({path: source}) == [f"{path}: {wrong}" for wrong in found]


def test_a_second_file_that_starts_programs_is_one_too_many() -> None:
    two = {"provision/a.py": "import subprocess", "provision/b.py": "from subprocess import run"}
    assert wrongs(two) == ["subprocess is for one file, not provision/a.py, provision/b.py"]
