"""What a declaration says, and what is refused when declarations are collected."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import iwapi.actions
from iwapi.action import Action, Catalogue, Route, action, arg, collect
from iwapi.errors import AccountNotFound
from iwapi.kinds import Domain, Id

CATALOGUE = collect(iwapi.actions)


@dataclass(frozen=True)
class Which:
    domain: Domain = arg("a domain")


@dataclass(frozen=True)
class Answer:
    id: Id = arg("an id")


@action("getThing", scope="things:read", raises=(AccountNotFound,), route=Route("get", str, "sentence"))
def get(call: Any, which: Which) -> Answer:
    """One thing.

    Another line.
    """
    return Answer(id=call)


def test_a_declaration_keeps_the_function_and_what_its_hints_say() -> None:
    assert isinstance(get, Action)
    assert (get.name, get.scope, get.writes, get.service, get.raises) == (
        "getThing", "things:read", False, "billing", (AccountNotFound,),
    )  # fmt: skip
    assert (get.input.struct, get.answer.struct) == (Which, Answer)
    assert get.help == "One thing.\n\nAnother line."
    assert get.run(7, Which(domain="example.com")) == Answer(id=7)


def test_the_log_and_the_audit_name_an_action_by_its_operation_or_its_controller() -> None:
    assert get.path == "getThing"
    untyped = action(scope="x", route=Route("listThings", str, "sentence"))(get.run)
    assert untyped.path.endswith("/listThings")
    hidden = action(scope="x")(get.run)
    assert hidden.path.endswith("/get")


def test_the_path_of_a_file_is_the_path_of_its_controller() -> None:
    controllers = {item.run.__module__: item.controller for item in CATALOGUE.actions}
    assert controllers["iwapi.actions.nodeworx.packages"] == "/nodeworx/packages"
    assert controllers["iwapi.actions.nodeworx.siteworx._life"] == "/nodeworx/siteworx"
    assert controllers["iwapi.actions.nodeworx.siteworx._reports"] == "/nodeworx/siteworx"
    assert CATALOGUE.routed["/nodeworx/siteworx", "add"] is CATALOGUE.named["createSiteWorxAccount"]


def test_a_service_publishes_its_typed_actions_and_no_others() -> None:
    billing = {item.name for item in CATALOGUE.service("billing")}
    admin = {item.name for item in CATALOGUE.service("admin")}
    assert "createSiteWorxAccount" in billing
    assert "generateApiKey" in admin
    assert not billing & admin
    assert None not in billing | admin


def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Catalogue:
    """The catalogue of a package that is made for the test."""
    folder = tmp_path / "madeup" / "actions"
    folder.mkdir(parents=True)
    head = (
        "from iwapi.action import Route, action\nfrom iwapi.core.nothing import Nothing\n"
        "def f(call, wanted: Nothing) -> Nothing: 'x'\n"
    )
    for name, text in {"__init__": "", **files}.items():
        (folder / f"{name}.py").write_text(head + text)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        return collect(importlib.import_module("madeup.actions"))
    finally:
        for name in [name for name in sys.modules if name.startswith("madeup")]:
            del sys.modules[name]


def test_an_action_is_collected_from_the_file_that_declares_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = packaged(
        tmp_path,
        monkeypatch,
        one="a = action('a', scope='x')(f)",
        two="from madeup.actions.one import a\nb = a",
    )
    assert [item.name for item in found.actions] == ["a"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a = action('same', scope='x')(f)", "a = action('same', scope='x')(f)"),
        ("a, b = [action(name, scope='x', route=Route('r', str, 'map'))(f) for name in 'ab']", ""),
    ],
)
def test_a_name_or_a_route_that_is_declared_twice_is_an_error_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: str, two: str
) -> None:
    with pytest.raises(TypeError, match="declared twice"):
        packaged(tmp_path, monkeypatch, one=one, two=two)


def test_the_same_route_in_two_controllers_is_two_actions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a = action(scope='x', route=Route('r', str, 'map'))(f)"
    assert len(packaged(tmp_path, monkeypatch, one=text, two=text).routed) == 2
