"""`iwapi demo`: tells the whole story against a throw-away server, and shows what came of each step."""

from __future__ import annotations

import os
import signal
import sys
import threading

import click

from iwapi.action import Catalogue
from iwapi.cli.outside import NoAnswer
from iwapi.cli.sandbox import Sandbox, throw_away
from iwapi.cli.story import Story
from iwapi.cli.tools import Tools
from iwapi.cli.trial import EMAIL
from iwapi.core.bound import Addresses


@click.command()
@click.pass_obj
def demo(tools: Tools) -> None:
    """Tell the story of the main job, every step checked from outside. Exit code 1 when one fails."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # until the server has its own way to end
    told: list[bool] = []
    catalogue = tools.catalogue()
    with throw_away(tools, None, None) as made:

        def ready(at: Addresses) -> None:
            threading.Thread(target=lambda: told.append(_tell(made, at, catalogue))).start()

        made.opened.serve(ready, None)
    if told != [True]:
        raise click.exceptions.Exit(1)


def _tell(made: Sandbox, at: Addresses, catalogue: Catalogue) -> bool:
    """Whether every step came true; the server is told to end after the last one, or the first that fails."""
    from rich.text import Text

    from iwapi.cli.show import console

    out = console()
    try:
        for title, run in Story(at, catalogue, EMAIL, made.secrets.admin_password).steps():
            try:
                run()
            except NoAnswer as error:
                out.print(Text("failed", "red"), f"{title}: {error}")
                return False
            out.print(Text("ok    ", "green"), title)
        return True
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
