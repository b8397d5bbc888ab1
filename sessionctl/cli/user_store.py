"""Keeping: the user's store of documents, and what is said after a save; no click."""

from __future__ import annotations

import os

from sessionctl.cli.user_directories import config_directory, state_directory
from sessionctl.services.documents.document_store import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.cli.output.console import Console
    from sessionctl.core.settings import Settings
    from sessionctl.services.documents.document_store import Store
    from sessionctl.services.documents.settings_files import LoadedSettings
    from sessionctl.system.store.store import Note


def user_store() -> Store:
    """Return the store of documents in the user's state directory."""
    return open_store(state_directory(os.environ), _settings)


def _settings() -> Settings | None:
    """Return the settings that say what is kept; None where nothing goes by itself."""
    settings = user_settings().settings
    return settings if settings.boolean("backups.clean") else None


def config_file() -> str | None:
    """Return the path of the user's settings; None without a home."""
    directory = config_directory(os.environ)
    return None if directory is None else f"{directory}/config.toml"


def user_settings(directory: str = ".") -> LoadedSettings:
    """Return the settings that hold in ``directory``, and what is wrong with their sources."""
    from sessionctl.services.documents.settings_files import SettingsSources, load_settings

    return load_settings(SettingsSources(os.environ, config_file(), directory))


def tell_notes(console: Console, notes: Iterable[Note]) -> None:
    """Say what the user should know, beside that it was done; each with its next step."""
    for note, hint in notes:
        console.warn(note, hints=[hint] if hint else [])
