"""Where things are in a state folder."""

from __future__ import annotations

from pathlib import Path


def pepper_file(state: Path) -> Path:
    return state / "pepper"


def database_file(state: Path) -> Path:
    return state / "iwapi.db"


def store_place(state: Path, url: str) -> Path | str:
    """Where the store is: at the URL of the setting `database`, or else in the state folder."""
    return url or database_file(state)


def settings_file(state: Path) -> Path:
    """The settings that are read where no other file is named."""
    return state / "iwapi.toml"


def is_set_up(state: Path) -> bool:
    return pepper_file(state).exists() or database_file(state).exists()
