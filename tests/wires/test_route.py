"""What `route` asks of dispatch, and how it words outcomes."""

from __future__ import annotations

import logging

import pytest

from iwapi.asked import Credentials
from iwapi.kinds import Raw
from iwapi.wires.phpsoap import RouteCall
from iwapi.wires.route import RouteWire
from tests.helpers import World

SITEWORX = "/nodeworx/siteworx"


def told(
    world: World, by: Credentials, action: str, sent: dict[str, Raw] | None = None, ctrl: str = SITEWORX
) -> tuple[int, str]:
    """The status and the payload of a call with a key."""
    assert by.apikey is not None
    return answered(world, by.apikey.reveal, action, sent, ctrl)


def answered(
    world: World, first: Raw, action: str, sent: dict[str, Raw] | None = None, ctrl: str = SITEWORX
) -> tuple[int, str]:
    wire = RouteWire(world.panel.catalogue)
    asked = wire.asked(RouteCall("1.1", first, ctrl, action, sent or {}), "192.0.2.1", "test", "id1")
    (outcome,) = world.outcomes(asked)
    return wire.answer(outcome, asked.action)


@pytest.mark.parametrize("first", ["wrong", "", None, [], {}, {"apikey": []}, {"no": "form"}])
@pytest.mark.parametrize("action", ["listFreeIps", "noSuchAction"])
def test_who_is_not_known_learns_nothing_of_what_is_offered(world: World, first: Raw, action: str) -> None:
    assert answered(world, first, action) == (401, "The credentials were not accepted.")


def test_an_action_that_is_not_offered_is_told_with_those_that_are(world: World) -> None:
    status, text = told(world, world.key(), "deletee")
    assert status == 11
    first, usage = text.split("\n")
    assert first == (
        "/nodeworx/siteworx deletee is not offered by this server."
        " The nearest that it offers is /nodeworx/siteworx delete."
    )
    assert usage.startswith("Usage: ")
    assert {"add", "delete", "edit"} <= set(usage.removeprefix("Usage: ").split(", "))


def test_a_controller_that_is_not_offered_is_told_with_those_that_are(world: World) -> None:
    status, text = told(world, world.key(), "add", ctrl="/nodeworx/nothing")
    assert status == 11
    usage = text.split("\n")[-1]
    assert usage.startswith("Usage: /nodeworx/")
    assert SITEWORX in usage.removeprefix("Usage: ").split(", ")


def test_a_limited_key_may_not_do_what_is_not_offered(world: World) -> None:
    status, text = told(world, world.scoped_key("ping"), "noSuchAction")
    assert (status, text.split("\n")[0]) == (
        11, "This key or user may not do this: /nodeworx/siteworx noSuchAction.",
    )  # fmt: skip
    assert "\nUsage: " in text


def test_the_name_of_an_action_that_is_not_offered_is_in_no_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    told(world, world.key(), "forged\nline", ctrl="/forged\nline")
    assert "unknown UNKNOWN_ACTION" in caplog.messages
    assert "forged" not in caplog.text


@pytest.mark.parametrize(
    ("action", "sent", "line"),
    [
        (
            "edit",
            {"domain": "a.test", "password": "Correct-horse7", "confirm_password": "Other-horse7"},
            "confirm_password: ******** This input differs from password",
        ),
        (
            "edit",
            {"domain": "a.test", "password": "Correct-horse7", "confirm_password": ""},
            "confirm_password: (nothing) This input differs from password",
        ),
        (
            "add",
            {"master_domain": "a.test", "domainname": "b.test"},
            "master_domain: a.test This input differs from domainname",
        ),
    ],
)
def test_what_differs_is_shown_and_a_secret_is_masked(
    world: World, action: str, sent: dict[str, Raw], line: str
) -> None:
    status, text = told(world, world.key(), action, sent)
    assert status == 11
    assert line in text.split("\n")
    assert "horse7" not in text
