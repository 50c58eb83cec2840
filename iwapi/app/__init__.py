"""Wiring, in one place: a state folder becomes a panel, and a panel becomes a server."""

from iwapi.app.panel import Panel, install, open_panel
from iwapi.app.stores import StateError

__all__ = ["Panel", "StateError", "install", "open_panel"]
