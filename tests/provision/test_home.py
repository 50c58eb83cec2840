"""Folders by account id, links by Unix name: each step whole or not done, and every verb may be repeated."""

from __future__ import annotations

import dataclasses
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from iwapi.core.domains import docroot
from iwapi.core.want import Want
from iwapi.kinds import Wrong, unix_name
from iwapi.provision.home import Home, folder

WANT = Want(7, 1, "active", "examplec", "example.com", "192.0.2.1", None)


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    return tmp_path / "homes"


@pytest.fixture
def driver(homes: Path) -> Home:
    return Home(homes, lambda domain: f"welcome to {domain}".encode())


def want(**changes: Any) -> Want:
    return dataclasses.replace(WANT, **changes)


def page(homes: Path, of: Want = WANT) -> Path:
    return folder(homes, of.account_id) / docroot(of.domain) / "index.html"


def tree(top: Path) -> dict[str, str]:
    """Everything below a folder, by path: what a file holds, where a link leads."""
    return {
        str(path.relative_to(top)): os.readlink(path)
        if path.is_symlink()
        else path.read_text()
        if path.is_file()
        else "/"
        for path in sorted(top.rglob("*"))
    }


def test_an_account_gets_a_folder_with_a_page_and_a_link_by_its_name(driver: Home, homes: Path) -> None:
    driver.ensure(WANT)
    assert page(homes).read_text() == "welcome to example.com"
    assert (
        homes / "examplec" / "example.com" / "html" / "index.html"
    ).read_text() == "welcome to example.com"
    assert os.readlink(homes / "examplec") == "accounts/7"


def test_what_is_there_is_left_as_it_is(driver: Home, homes: Path) -> None:
    driver.ensure(WANT)
    page(homes).write_text("the customer's own")
    before = tree(homes)
    for state in ("active", "inactive", "active"):
        driver.ensure(want(state=state))
    assert tree(homes) == before


def test_a_parked_account_keeps_its_data_and_gives_up_its_name(driver: Home, homes: Path) -> None:
    driver.ensure(WANT)
    page(homes).write_text("the customer's own")
    for _ in range(2):
        driver.ensure(want(state="parked"))
        assert not (homes / "examplec").is_symlink()
        assert page(homes).read_text() == "the customer's own"


def test_a_name_that_went_to_another_account_is_not_taken_from_it(driver: Home, homes: Path) -> None:
    driver.ensure(WANT)
    driver.ensure(want(state="parked"))
    driver.ensure(want(account_id=8))
    for verb in (driver.ensure, driver.absent):
        verb(want(state="parked"))
        assert os.readlink(homes / "examplec") == "accounts/8"
    assert page(homes, want(account_id=8)).read_text() == "welcome to example.com"


def test_an_absent_account_leaves_nothing(driver: Home, homes: Path) -> None:
    before = tree(homes)
    driver.ensure(WANT)
    (page(homes).parent / "more" / "deep").mkdir(parents=True)
    for _ in range(2):
        driver.absent(WANT)
        assert tree(homes) == before


def test_a_removal_does_not_follow_links_out_of_the_home(driver: Home, homes: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    driver.ensure(WANT)
    (page(homes).parent / "link").symlink_to(outside)
    driver.absent(WANT)
    assert (outside / "kept").read_text() == "kept"


STEPS = ("mkdir", "write_bytes", "rename", "symlink_to", "replace")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_of_making_is_made_good_by_repeating(
    driver: Home, homes: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    """And a folder that is there is always a whole one."""
    place: Any = os if hasattr(os, step) and step in ("rename", "replace") else Path
    real = getattr(place, step)

    def crash(*args: Any, **rest: Any) -> Any:
        if after:
            real(*args, **rest)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, step, crash)
        with pytest.raises(KeyboardInterrupt):
            driver.ensure(WANT)
    if folder(homes, 7).exists():
        assert page(homes).exists()
    driver.ensure(WANT)
    assert tree(homes) == {
        "accounts": "/", "accounts/7": "/", "accounts/7/example.com": "/", "accounts/7/example.com/html": "/",
        "accounts/7/example.com/html/index.html": "welcome to example.com", "examplec": "accounts/7",
    }  # fmt: skip


def test_a_crash_while_removing_is_made_good_by_repeating(
    driver: Home, homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(homes)
    driver.ensure(WANT)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            driver.absent(WANT)
    driver.absent(WANT)
    assert tree(homes) == before


def test_a_removal_that_fails_says_so_until_it_succeeds(
    driver: Home, homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.ensure(WANT)

    def fails(path: Any, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise OSError("read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", fails)
        for _ in range(2):
            with pytest.raises(OSError, match="read-only"):
                driver.absent(WANT)
    driver.absent(WANT)
    assert tree(homes) == {"accounts": "/"}


def test_a_suspension_touches_no_file(driver: Home) -> None:
    assert driver.fingerprint(WANT) == driver.fingerprint(want(state="inactive", generation=9, ipv4=None))
    states = {driver.fingerprint(want(state=state)) for state in ("active", "parked", "purged")}
    assert len(states) == 3
    assert (
        len({driver.fingerprint(want(**change)) for change in ({}, {"uniqname": "x"}, {"domain": "x.com"})})
        == 3
    )


def test_the_bytes_on_disk_are_counted_without_following_links(
    driver: Home, homes: Path, tmp_path: Path
) -> None:
    assert driver.observe(WANT).exists is False
    driver.ensure(WANT)
    small = driver.observe(WANT)
    assert small.exists
    assert small.bytes < 100_000
    (tmp_path / "big").write_bytes(b"x" * 10_000_000)
    (page(homes).parent / "link").symlink_to(tmp_path / "big")
    assert driver.observe(WANT).bytes < 200_000
    (page(homes).parent / "file").write_bytes(b"x" * 1_000_000)
    assert 1_000_000 <= driver.observe(WANT).bytes < 1_200_000


BACK = want(domain="new.test", uniqname="other", former="example.com")


def test_one_that_comes_back_with_another_domain_keeps_its_pages(driver: Home, homes: Path) -> None:
    driver.ensure(WANT)
    page(homes).write_text("the customer's own")
    (page(homes).parent / "blog").mkdir()
    driver.ensure(want(state="parked"))
    for _ in range(2):
        driver.ensure(BACK)
        assert page(homes, BACK).read_text() == "the customer's own"
        assert tree(homes / "accounts/7").keys() == {
            "new.test", "new.test/html", "new.test/html/blog", "new.test/html/index.html"
        }  # fmt: skip
        assert os.readlink(homes / "other") == "accounts/7"
        assert not (homes / "examplec").is_symlink()


@pytest.mark.parametrize("in_the_way", ["a folder", "a file", "a link"])
def test_what_stands_under_the_new_name_stays(
    driver: Home, homes: Path, tmp_path: Path, in_the_way: str
) -> None:
    driver.ensure(WANT)
    new = folder(homes, 7) / "new.test"
    if in_the_way == "a folder":
        (new / "html").mkdir(parents=True)
        (new / "html" / "index.html").write_text("the new one's")
    elif in_the_way == "a file":
        new.write_text("a file")
    else:
        new.symlink_to(tmp_path)
    before = tree(folder(homes, 7))
    driver.ensure(BACK)
    assert tree(folder(homes, 7)) == before
    assert [path.name for path in tmp_path.iterdir()] == ["homes"]


def test_a_link_in_place_of_the_former_folder_is_not_followed(
    driver: Home, homes: Path, tmp_path: Path
) -> None:
    driver.ensure(WANT)
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.rmtree(folder(homes, 7) / "example.com")
    (folder(homes, 7) / "example.com").symlink_to(outside)
    driver.ensure(BACK)
    assert os.readlink(folder(homes, 7) / "new.test") == str(outside)
    assert list(outside.iterdir()) == []


def test_where_the_former_folder_is_gone_there_is_a_first_page(driver: Home, homes: Path) -> None:
    driver.ensure(WANT)
    shutil.rmtree(folder(homes, 7) / "example.com")
    driver.ensure(BACK)
    assert page(homes, BACK).read_text() == "welcome to new.test"


def test_a_secondary_domain_of_the_former_name_keeps_its_folder(driver: Home, homes: Path) -> None:
    driver.ensure(WANT)
    driver.ensure(BACK)
    back = dataclasses.replace(BACK, folders=("example.com/html",))
    driver.ensure(back)
    page(homes).write_text("the secondary one's")
    shutil.rmtree(folder(homes, 7) / "new.test")
    driver.ensure(back)
    assert page(homes).read_text() == "the secondary one's"


def test_no_unix_name_is_that_of_a_folder_of_the_server(driver: Home, homes: Path) -> None:
    driver.ensure(want())
    own = [path.name for path in homes.iterdir() if not path.is_symlink()]
    assert "accounts" in own
    for name in (*own, ".link-7"):
        with pytest.raises(Wrong):
            unix_name(name)
