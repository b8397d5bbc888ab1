"""Volatile states: keys of providers that change all the time, kept on this machine."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from sessionctl.core.keypath import KeyPath
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table
    from sessionctl.services.documents.volatile_store import VolatileStore


class VolatileStates:
    """Those of one application and file; what cannot be kept is not reported: it may be lost."""

    def __init__(self, state_directory: str | None, file: str, app: str) -> None:
        self._directory = state_directory
        self._file = file
        self._app = app

    def read(self) -> dict[str, Table]:
        """Return the keys by their providers."""
        found: dict[str, Table] = {}
        # Most hosts have none: what reads them is not loaded then.
        folder = f"{self._directory}/volatile"
        if self._directory is None or not os.path.isdir(folder):  # noqa: PTH112
            return found
        with suppress(SessionctlError):
            for path, stamped in self._store().read(self._file).items():
                parts = tuple(path)
                if len(parts) == 4 and parts[:2] == ("apps", self._app):
                    found.setdefault(str(parts[2]), {})[str(parts[3])] = stamped.value
        return found

    def keep(self, states: dict[str, Table]) -> None:
        """Keep the keys of ``states``, by their providers."""
        values = {
            KeyPath(("apps", self._app, name, key)): value
            for name, table in states.items()
            for key, value in table.items()
        }
        if not values:
            return
        from sessionctl.core.schema.model import Schema

        with suppress(SessionctlError):
            # The schema of sessions has no rules for what is below "apps".
            self._store().record(self._file, values, Schema({}), at_ns=time.time_ns())

    def _store(self) -> VolatileStore:
        from sessionctl.services.documents.volatile_store import VolatileStore

        return VolatileStore(self._directory)
