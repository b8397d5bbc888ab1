"""The user's own store of documents, and the settings that say how much it keeps."""

from __future__ import annotations

from sessionctl.services.documents.document_store import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.settings import Settings
    from sessionctl.services.machine import Machine
    from sessionctl.services.settings.settings_files import LoadedSettings
    from sessionctl.system.store.store import Store


def user_store(machine: Machine) -> Store:
    """Return the store of documents in the user's state directory."""

    def settings() -> Settings | None:
        """Return the settings that say what is kept; None where nothing is to be deleted.

        Raises:
          FileError: they cannot be read in full: what is to be kept is not known.
        """
        loaded = user_settings(machine)
        if loaded.hindrance is not None:
            from sessionctl.errors import FileError

            reason = loaded.hindrance
            raise FileError(f"{reason.message}; no backups are deleted", hints=reason.hints)
        return loaded.settings if loaded.settings.boolean("backups.clean") else None

    return open_store(machine.state, settings)


def user_settings(machine: Machine, directory: str = ".") -> LoadedSettings:
    """Return the settings that hold in ``directory``, and what is wrong with their sources."""
    from sessionctl.services.settings.settings_files import load_settings

    return load_settings(machine, directory)
