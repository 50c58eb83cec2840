"""Document roots of further domains: made whole, never over what is there, never through a tenant's link."""

from __future__ import annotations

import dataclasses
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from iwapi.core.want import Want
from iwapi.provision.home import Home, folder

FOLDERS = ("b.com/html", "example.com/html/a.b", "example.com/html/blog")
WANT = Want(7, 1, "active", "examplec", "example.com", "192.0.2.1", None, FOLDERS)


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    return tmp_path / "homes"


@pytest.fixture
def driver(homes: Path) -> Home:
    return Home(homes, lambda domain: f"welcome to {domain}".encode())


def files(homes: Path) -> dict[str, str]:
    home = folder(homes, 7)
    return {str(path.relative_to(home)): path.read_text() for path in home.rglob("*") if path.is_file()}


MADE = {
    "example.com/html/index.html": "welcome to example.com",
    "b.com/html/index.html": "welcome to b.com",
    "example.com/html/blog/index.html": "welcome to blog.example.com",
    "example.com/html/a.b/index.html": "welcome to a.b.example.com",
}


def test_each_folder_is_made_with_a_page_that_names_its_domain(driver: Home, homes: Path) -> None:
    for _ in range(2):
        driver.ensure(WANT)
        assert files(homes) == MADE
    assert os.listdir(homes / "accounts") == ["7"]


def test_what_a_customer_made_of_them_is_left_and_what_is_no_longer_wanted_too(
    driver: Home, homes: Path
) -> None:
    driver.ensure(WANT)
    home = folder(homes, 7)
    (home / "b.com/html/index.html").unlink()
    (home / "example.com/html/blog/index.html").write_text("mine")
    (home / "c.com").mkdir()
    (home / "c.com/html").write_text("a file")
    driver.ensure(dataclasses.replace(WANT, folders=("b.com/html", "c.com/html", "d.com/html")))
    assert list((home / "b.com/html").iterdir()) == []
    assert files(homes)["example.com/html/blog/index.html"] == "mine"
    assert files(homes)["c.com/html"] == "a file"
    assert files(homes)["d.com/html/index.html"] == "welcome to d.com"


@pytest.mark.parametrize("dangling", [False, True])
@pytest.mark.parametrize(
    "at", ["b.com", "b.com/html", "example.com", "example.com/html", "example.com/html/blog"]
)
def test_no_link_of_a_tenant_is_followed_and_the_account_goes_on(
    driver: Home, homes: Path, tmp_path: Path, at: str, dangling: bool, caplog: pytest.LogCaptureFixture
) -> None:
    outside = tmp_path / "outside"
    if not dangling:
        (outside / "html").mkdir(parents=True)
    driver.ensure(dataclasses.replace(WANT, folders=()))
    link = folder(homes, 7) / at
    if link.exists():
        link.rename(link.with_name("moved"))
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside)
    with caplog.at_level(logging.WARNING):
        driver.ensure(WANT)
    assert sorted(str(path) for path in outside.rglob("*")) == ([] if dangling else [str(outside / "html")])
    assert link.is_symlink()
    deepest = at in ("b.com/html", "example.com/html/blog")
    assert bool(caplog.records) != deepest


def test_a_folder_that_its_tenant_closed_keeps_nothing_else_from_being_made(
    driver: Home, homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.ensure(dataclasses.replace(WANT, folders=()))
    real = os.mkdir

    def closed(path: Any, *rest: Any, **named: Any) -> None:
        if path == "b.com":
            raise PermissionError(13, "Permission denied")
        real(path, *rest, **named)

    monkeypatch.setattr(os, "mkdir", closed)
    driver.ensure(WANT)
    assert files(homes).keys() == MADE.keys() - {"b.com/html/index.html"}


def test_a_full_disk_is_no_tenant_s_doing(driver: Home, homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.ensure(dataclasses.replace(WANT, folders=()))

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "mkdir", full)
        with pytest.raises(OSError, match="No space"):
            driver.ensure(WANT)
    driver.ensure(WANT)
    assert files(homes) == MADE


@pytest.mark.parametrize("step", ["mkdir", "write_bytes", "rename"])
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_leaves_whole_folders_and_is_made_good(
    driver: Home, homes: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    driver.ensure(dataclasses.replace(WANT, folders=()))
    place: Any = os if step == "rename" else Path
    real = getattr(place, step)

    def crash(*args: Any, **rest: Any) -> Any:
        if after:
            real(*args, **rest)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, step, crash)
        with pytest.raises(KeyboardInterrupt):
            driver.ensure(WANT)
    if (folder(homes, 7) / "b.com/html").exists():
        assert files(homes)["b.com/html/index.html"]
    driver.ensure(WANT)
    assert files(homes) == MADE
    assert os.listdir(homes / "accounts") == ["7"]


def test_no_descriptor_stays_open(driver: Home, homes: Path, tmp_path: Path) -> None:
    driver.ensure(WANT)
    (folder(homes, 7) / "c.com").symlink_to(tmp_path)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        driver.ensure(dataclasses.replace(WANT, folders=(*FOLDERS, "c.com/html", "d.com/html")))
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_service_has_something_to_do_exactly_when_the_folders_change(driver: Home) -> None:
    def print_of(**changes: Any) -> str:
        return driver.fingerprint(dataclasses.replace(WANT, **changes))

    assert print_of() == print_of(state="inactive", generation=5)
    assert len({print_of(), print_of(folders=()), print_of(folders=FOLDERS[:1])}) == 3
    assert print_of(folders=()) == "home examplec example.com"
    assert print_of(state="parked") == print_of(state="parked", folders=())
    assert len(print_of(folders=tuple(f"{at}.com/html" for at in range(10_000)))) < 200
