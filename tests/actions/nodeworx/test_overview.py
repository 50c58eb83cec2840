"""The server, as `route` tells of it."""

from __future__ import annotations

import iwapi
from tests.helpers import World
from tests.routing import by_key, payload


def test_the_version_is_that_of_this_program(world: World) -> None:
    assert payload(world, by_key(world), "/nodeworx/overview/listVersion") == {"version": iwapi.__version__}
