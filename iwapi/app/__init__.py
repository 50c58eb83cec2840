"""Wiring, in one place: a state folder becomes a panel, and a panel becomes a server."""

from iwapi.app.panel import Panel, StateError, install, open_panel

__all__ = ["Panel", "StateError", "install", "open_panel"]
