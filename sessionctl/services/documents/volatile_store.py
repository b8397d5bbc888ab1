"""Volatile store: what changes all the time, kept in the state directory by session."""

from __future__ import annotations

# One small file a session: plain os calls here.
# ruff: noqa: PTH118, PTH119, PTH120
import os

from sessionctl.core.session.volatile_values import (
    StampedValue,
    merge_fields,
    read_fields,
    render_fields,
)
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.text import read_text, write_text
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive_entry import key_of
from sessionctl.system.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.values import Value


class VolatileStore:
    """The volatile values of sessions; without a state directory they are not kept.

    A session is known by its ``id``, so that they stay with it when it is renamed or has
    copies; one without is known by the real path of its file.
    """

    def __init__(self, state_directory: str | None) -> None:
        self._directory = (
            None if state_directory is None else os.path.join(state_directory, "volatile")
        )

    def read(self, file: str, session_id: str = "") -> dict[KeyPath, StampedValue]:
        """Return the fields of a session; none where there are none, or they are damaged.

        Raises:
          FileError: they cannot be read.
        """
        path = self._path(file, session_id)
        if path is None or not os.path.exists(path):  # noqa: PTH110
            return {}
        try:
            return read_fields(read_text(path), path)
        except ParseError:
            return {}

    def record(
        self,
        file: str,
        values: Mapping[KeyPath, Value],
        schema: Schema,
        *,
        at_ns: int,
        session_id: str = "",
    ) -> dict[KeyPath, StampedValue]:
        """Set ``values`` as they were at ``at_ns``, and return all fields there are then.

        What other processes set meanwhile stays; of one field the later value counts. What
        is the same already is not written.

        Raises:
          FileError: they cannot be kept.
        """
        path = self._path(file, session_id)
        new = {key: StampedValue(value, at_ns) for key, value in values.items()}
        if path is None:
            return new
        try:
            make_private(os.path.dirname(path))
            with Lock(f"{path}.lock", file):
                before = self.read(file, session_id)
                merged = merge_fields(before, new, schema)
                if not _same(before, merged):
                    write_text(path, render_fields(merged, os.path.basename(file)))
                return merged
        except OSError as error:
            raise cannot("keep its volatile state", file, error) from error

    def forget(self, file: str, session_id: str = "") -> None:
        """Remove the volatile values of a session; raises ``FileError``."""
        path = self._path(file, session_id)
        if path is None:
            return
        try:
            for name in (path, f"{path}.lock"):
                if os.path.exists(name):  # noqa: PTH110
                    os.unlink(name)  # noqa: PTH108
        except OSError as error:
            raise cannot("remove", path, error) from error

    def _path(self, file: str, session_id: str) -> str | None:
        if self._directory is None:
            return None
        key = key_of(f"id:{session_id}" if session_id else os.path.realpath(file))
        return os.path.join(self._directory, f"{key}.toml")


def _same(before: Mapping[KeyPath, StampedValue], after: Mapping[KeyPath, StampedValue]) -> bool:
    """Return whether all values are the same; a newer time alone is nothing to write."""
    return before.keys() == after.keys() and all(
        same_value(before[path].value, after[path].value) for path in before
    )
