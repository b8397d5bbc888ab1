"""Session book: the sessions of one application, listed, and deleted when it asks for that."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH108, PTH118, PTH208
import os

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.errors import UsageError
from sessionctl.sdk.sessions.instances import InstanceInfo, hold_instance, list_instances
from sessionctl.sdk.sessions.session_info import SessionInfo, is_of_app, read_info
from sessionctl.sdk.sessions.session_place import check_app, session_file, sessions_directory
from sessionctl.services.machine import read_machine
from sessionctl.services.settings.user_store import user_store
from sessionctl.system.files.text import read_bytes
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine

_DELETED = "delete"


class SessionBook:
    """Every session of an application on this machine; nothing is deleted without being asked."""

    def __init__(self, app: str, machine: Machine | None = None) -> None:
        """Take the application, and the machine where that is not this one: a test's.

        Raises:
          UsageError: the name cannot name a file.
        """
        check_app(app)
        self.app = app
        self._machine = machine or read_machine(os.environ)
        self._store = user_store(self._machine)

    def list(self) -> tuple[SessionInfo, ...]:
        """Return the sessions, the newest first."""
        directory = sessions_directory(self._machine)
        try:
            names = os.listdir(directory)
        except OSError:
            return ()
        found = []
        for file_name in names:
            name = self._name_of(file_name)
            file = os.path.join(directory, file_name)
            if name is not None and is_of_app(file, self.app):
                found.append(read_info(file, self.app, name))
        return tuple(sorted(found, key=lambda one: one.time_s, reverse=True))

    def older_than(self, seconds: float, now_s: float) -> tuple[SessionInfo, ...]:
        """Return the sessions that were not written for so long: to be offered for cleanup."""
        return tuple(one for one in self.list() if one.age_s(now_s) > seconds)

    def delete(self, name: str) -> None:
        """Delete a session; its text stays in the backups, and ``recovery`` offers it.

        Raises:
          UsageError: there is none of this name.
          FileError: it cannot be kept, or removed; it is as it was.
        """
        self._delete(session_file(self._machine, self.app, name), f"session {name or self.app}")

    def instances(self) -> tuple[InstanceInfo, ...]:
        """Return the isolated instances that are alive or left something, the newest first."""
        return list_instances(self._machine, self.app)

    def delete_instance(self, instance: str) -> None:
        """Delete what an instance left, as ``delete`` does.

        Raises:
          UsageError: no instance has this id, or it is alive.
          FileError: it cannot be kept, or removed; it is as it was.
        """
        hold = hold_instance(self._machine, self.app, instance)
        try:
            self._delete(hold.file, f"instance {instance}")
        finally:
            hold.leave()

    def _name_of(self, file_name: str) -> str | None:
        stem = file_name.removesuffix(SESSION_SUFFIX)
        if stem == file_name:
            return None
        if stem == self.app:
            return ""
        head, dot, name = stem.rpartition(".")
        return name if dot and head == self.app else None

    def _delete(self, file: str, what: str) -> None:
        if not os.path.lexists(file):
            names = [one.name or self.app for one in self.list()]
            hint = f"there are: {', '.join(names)}" if names else "there are no sessions"
            raise UsageError(f"{what}: not found", hints=[hint])
        archive = self._store.archive(file)
        try:
            archive.make()
            with Lock(archive.lock_path, file):
                archive.record(read_bytes(file), None, _DELETED)
                os.unlink(file)
        except OSError as error:
            raise cannot("remove", file, error) from error
