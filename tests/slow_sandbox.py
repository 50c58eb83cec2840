"""`iwapi sandbox` with a slow service: accounts whose Unix names begin with "slow" take seconds to build."""

from __future__ import annotations

import time

from iwapi.__main__ import TOOLS
from iwapi.cli.group import iwapi
from iwapi.core.want import Want
from iwapi.provision.home import Home

SECONDS = 2

_ensure = Home.ensure


def _slowly(self: Home, want: Want) -> None:
    if want.uniqname.startswith("slow") and want.state == "active":
        time.sleep(SECONDS)
    _ensure(self, want)


if __name__ == "__main__":
    Home.ensure = _slowly  # type: ignore[method-assign]
    iwapi(obj=TOOLS, prog_name="iwapi")
