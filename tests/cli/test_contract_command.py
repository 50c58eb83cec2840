"""The generated files are those that are committed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iwapi.__main__ import TOOLS
from iwapi.cli.contract import generated
from iwapi.cli.group import iwapi
from iwapi.config import SETTINGS
from iwapi.errors import CATALOGUE
from tests.cli.conftest import ROOT

GENERATED = generated(TOOLS.catalogue(), TOOLS.interworx())


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_document_is_the_one_that_is_committed(name: str) -> None:
    assert (ROOT / name).read_bytes() == GENERATED[name], "run `make contract`"


def test_the_documents_name_everything_there_is() -> None:
    actions = GENERATED["docs/actions.md"].decode()
    for action in TOOLS.catalogue().actions:
        if action.name or action.route:
            assert action.help in actions
    assert all(f"`{setting.name}`" in GENERATED["docs/configuration.md"].decode() for setting in SETTINGS)
    assert all(f"`{code}`" in GENERATED["docs/errors.md"].decode() for code in CATALOGUE)


def test_the_actions_that_are_not_offered_are_named_too_by_controller() -> None:
    offered, _, missing = GENERATED["docs/actions.md"].decode().partition("## Not offered")
    told = dict(re.findall(r"^\| `(/[^`]+)` \| (.+) \|$", missing, re.MULTILINE))
    routed = TOOLS.catalogue().routed
    for controller, names in TOOLS.interworx().items():
        wanted = [name for name in names if (controller, name) not in routed]
        assert told.pop(controller, "") == ", ".join(wanted)
    assert told == {}
    for controller, name in routed:
        assert f"action `{name}` of `{controller}`" in offered


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "iwapi").mkdir()
    shutil.copy(ROOT / "iwapi" / "action.py", tmp_path / "iwapi")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contract(*words: str) -> Result:
    return CliRunner().invoke(iwapi, ["contract", *words], obj=TOOLS)


def test_what_differs_is_told_and_written(project: Path) -> None:
    told = contract("--check")
    assert told.exit_code == 1
    assert "docs/actions.md differs" in told.output
    assert not (project / "docs").exists()
    assert contract().exit_code == 0
    assert (project / "docs/errors.md").read_bytes() == GENERATED["docs/errors.md"]
    assert sorted(path.name for path in (project / "wsdl").iterdir()) == [
        "admin.wsdl",
        "iwapi.wsdl",
        "route.wsdl",
    ]
    assert contract("--check").output == ""
    (project / "docs/errors.md").write_text("old")
    assert contract().output == "docs/errors.md is written\n"


def test_only_the_projects_folder_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert contract().exit_code == 1
    assert list(tmp_path.iterdir()) == []
