"""Screen registry: the screens about one session, by name, imported when they are opened."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.screen import Screen

    from sessionctl.tui.frame.ui_context import UiContext


class ScreenEntry(NamedTuple):
    """A screen about one session: the key that opens it, the words for it, where it is."""

    name: str
    key: str
    words: str
    help: str
    module: str
    class_name: str

    @property
    def is_there(self) -> bool:
        """Whether its module is."""
        try:
            return find_spec(self.module) is not None
        except ModuleNotFoundError:
            return False


_TUI = "sessionctl.tui"
_ALL = (
    ScreenEntry(
        "restore", "r", "Restore", "Show what a restore would do, and do it",
        f"{_TUI}.restore.restore_screen", "RestoreScreen",
    ),
    ScreenEntry(
        "diff", "d", "Diff", "Show what changed, key by key",
        f"{_TUI}.diff.diff_screen", "DiffScreen",
    ),
    ScreenEntry(
        "resolve", "c", "Conflicts", "Decide the conflicts of the file",
        f"{_TUI}.resolve.resolve_screen", "ResolveScreen",
    ),
    ScreenEntry(
        "history", "h", "History", "Show earlier versions and commits, and restore one",
        f"{_TUI}.history.history_screen", "HistoryScreen",
    ),
    ScreenEntry(
        "secrets", "s", "Secrets", "List the secrets by name, and who may read them",
        f"{_TUI}.secrets.secrets_screen", "SecretsScreen",
    ),
    ScreenEntry(
        "connections", "n", "Connections", "Show the connections, and test one",
        f"{_TUI}.connections.connections_screen", "ConnectionsScreen",
    ),
    ScreenEntry(
        "validate", "v", "Validate", "List the errors of the file with their places",
        f"{_TUI}.validate.validate_screen", "ValidateScreen",
    ),
)  # fmt: skip
SCREENS = {entry.name: entry for entry in _ALL if entry.is_there}
"""The screens that are there, in the order of the help."""


def make_screen(name: str, context: UiContext, file: str) -> Screen[None]:
    """Return the screen ``name`` about ``file``; its module is imported now."""
    entry = SCREENS[name]
    made: Screen[None] = getattr(import_module(entry.module), entry.class_name)(context, file)
    return made
