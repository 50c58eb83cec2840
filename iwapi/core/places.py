"""Where things are in a state folder."""

from __future__ import annotations

from pathlib import Path

from iwapi.kinds import DatabaseUrl


def pepper_file(state: Path) -> Path:
    return state / "pepper"


def database_file(state: Path) -> Path:
    return state / "iwapi.db"


def store_place(state: Path, url: str) -> Path | str:
    """Where the store is: at the URL of the setting `database`, or else in the state folder."""
    return url or database_file(state)


def store_name(state: Path, url: str) -> str:
    """What the store is called, without its password."""
    return f"The database {DatabaseUrl(url).shown if url else f'of {state}'}"


def moved_away(name: str, to: str) -> tuple[str, str]:
    """What is said of a store that was moved, and what to do."""
    todo = "Set `database` to that. Should that be empty, run `iwapi migrate` again."
    return f"{name} was moved to {to}.", todo


def settings_file(state: Path) -> Path:
    """The settings that are read where no other file is named."""
    return state / "iwapi.toml"


def is_set_up(state: Path) -> bool:
    return pepper_file(state).exists() or database_file(state).exists()
