"""Drivers work in the order of their needs."""

import threading

import pytest

from iwapi.core.want import Want
from iwapi.provision.driver import Driver, ordered
from iwapi.provision.recording import Recording


def names(*drivers: Driver) -> list[str]:
    return [driver.name for driver in ordered(drivers)]


def test_each_driver_follows_those_it_needs() -> None:
    user, home, web, mail = (
        Recording("user"), Recording("home", ("user",)), Recording("web", ("home", "user")),
        Recording("mail"),
    )  # fmt: skip
    assert names(web, mail, home, user) == ["mail", "user", "home", "web"]
    assert names(user, home, web, mail) == ["user", "mail", "home", "web"]
    assert names() == []


@pytest.mark.parametrize("needs", [("b",), ("a",), ("nowhere",)])
def test_drivers_that_need_each_other_or_one_that_is_not_there_are_an_error(needs: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="need each other"):
        ordered([Recording("a", needs), Recording("b", ("a",))])


def test_the_recording_driver_remembers_and_fails_when_told() -> None:
    driver, want = Recording(), Want(7, 1, "active", "examplec", "example.com", None, None)
    driver.ensure(want)
    assert driver.observe(want).exists
    driver.fail(1)
    with pytest.raises(OSError, match="told to fail"):
        driver.absent(want)
    driver.absent(want)
    assert not driver.observe(want).exists
    assert driver.asked == [("ensure", 7, "active"), ("absent", 7, "active"), ("absent", 7, "active")]


def test_the_recording_driver_fails_at_the_verbs_that_were_named() -> None:
    driver, want = Recording(), Want(7, 1, "active", "examplec", "example.com", None, None)
    driver.ensure(want)
    driver.fail_at([2])
    driver.absent(want)
    with pytest.raises(OSError, match="told to fail"):
        driver.ensure(want)
    driver.ensure(want)


def test_the_recording_driver_hangs_until_it_is_let_go() -> None:
    driver, want = Recording(), Want(7, 1, "active", "examplec", "example.com", None, None)
    gate = driver.hang()
    thread = threading.Thread(target=driver.ensure, args=(want,))
    thread.start()
    assert gate.entered.wait(10)
    assert not driver.has
    gate.go.set()
    thread.join(10)
    assert driver.has == {7: want}
