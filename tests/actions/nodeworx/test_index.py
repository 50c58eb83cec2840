"""Ping proves the credentials and says whose they are."""

from iwapi import __version__
from tests.helpers import ADMIN, World


def test_ping_names_the_caller_its_rights_and_the_server(world: World) -> None:
    pong = world.call("ping")
    assert (pong.caller, pong.nodeworx_id, pong.email, pong.master) == ("local:tester", 1, ADMIN, True)
    assert (pong.scopes, pong.hostname, pong.version) == (("all",), "panel.example.net", __version__)
    assert pong.time.timestamp() == world.clock.now
    pong = world.call("ping", by=world.scoped_key("ping", "accounts:read"))
    assert pong.scopes == ("accounts:read", "ping")
    assert world.call("ping", by=world.reseller()).master is False
