"""Workspace: a session as it stands, or shall stand, in a terminal multiplexer.

Text of the system (arguments, directories, values of variables) may hold bytes that are not
UTF-8, as lone surrogates. Directories are absolute here; how a file writes them is the
projection's matter.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.session.risk import risk_of
from sessionctl.core.text.mask import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from sessionctl.core.session.session import SecretRef

    EnvValue: TypeAlias = str | SecretRef | None
    """The value of a variable; None removes it."""
    OptionValue: TypeAlias = str | int | bool | tuple[str, ...]

# Read only by its type; a real dict, for it is written as JSON.
_EMPTY: Mapping[str, object] = {}

RUN = "run"
TYPE = "type"
SKIP = "skip"

AUTOMATIC_NAME = "automatic-rename"
"""The option of a window that tmux names after what runs in it."""


class CellSize(NamedTuple):
    """A width and a height in cells."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


class FloatPlace(NamedTuple):
    """Where a floating pane lies above the others, in cells of its window."""

    x: int
    y: int
    width: int
    height: int


class WorkspacePane(NamedTuple):
    """A pane.

    ``run`` is an argv, shell lines, or None for a shell alone. ``shell`` is True where the
    user's shell is around it, False where the program is the pane's own process, an argv for
    another shell. ``start`` is "run", "type", "skip", or "" where nothing says so. ``resume``,
    when the pane comes back; () is a plain shell, None says nothing. ``is_allowed`` says
    whether what it starts and steers may take effect, as for a window and a workspace.
    """

    name: str = ""
    cwd: str = ""
    run: tuple[str, ...] | str | None = None
    resume: tuple[str, ...] | None = None
    shell: bool | tuple[str, ...] = True
    start: str = ""
    env: Mapping[str, EnvValue] = _EMPTY  # type: ignore[assignment]
    options: Mapping[str, OptionValue] = _EMPTY  # type: ignore[assignment]
    size: int | str | None = None
    floating: FloatPlace | None = None
    title: str = ""
    is_active: bool = False
    is_last: bool = False
    is_zoomed: bool = False
    is_allowed: bool = True

    @property
    def restarted(self) -> tuple[str, ...] | str | None:
        """What runs when the pane comes back."""
        return self.run if self.resume is None else self.resume or None

    @property
    def beginning(self) -> str:
        """What is done with it: what can do harm is typed for the user to enter.

        So is, whatever the file says, a command that a secret was taken out of.
        """
        run = self.restarted
        if not run or self.start in (TYPE, SKIP):
            return self.start or RUN
        words = (run,) if isinstance(run, str) else run
        if any(MASK in word for word in words):
            return TYPE
        return TYPE if not self.start and risk_of(run) else RUN


class WorkspaceWindow(NamedTuple):
    """A window; ``layout`` is the name of a layout, a layout string or empty.

    ``number`` is its index in tmux, None where the window follows the one before it. ``link``
    names the window of another session that this is, "SESSION:INDEX".
    """

    name: str
    panes: tuple[WorkspacePane, ...] = ()
    number: int | None = None
    layout: str = ""
    size: CellSize | None = None
    link: str = ""
    env: Mapping[str, EnvValue] = _EMPTY  # type: ignore[assignment]
    options: Mapping[str, OptionValue] = _EMPTY  # type: ignore[assignment]
    is_active: bool = False
    is_last: bool = False
    is_allowed: bool = True


class ServerFacts(NamedTuple):
    """What a tmux server has besides its sessions."""

    config_files: tuple[str, ...] = ()
    server_options: Mapping[str, OptionValue] = _EMPTY  # type: ignore[assignment]
    session_options: Mapping[str, OptionValue] = _EMPTY  # type: ignore[assignment]
    window_options: Mapping[str, OptionValue] = _EMPTY  # type: ignore[assignment]


class Workspace(NamedTuple):
    """A session: its directory, what all of it has, and its windows in their order.

    ``group`` names the session whose windows these are as well. ``base_index`` is what a
    first window without an index has.
    """

    name: str
    root: str = ""
    windows: tuple[WorkspaceWindow, ...] = ()
    env: Mapping[str, EnvValue] = _EMPTY  # type: ignore[assignment]
    options: Mapping[str, OptionValue] = _EMPTY  # type: ignore[assignment]
    group: str = ""
    base_index: int = 0
    server: ServerFacts = ServerFacts()
    is_allowed: bool = True

    @property
    def is_allowed_whole(self) -> bool:
        """Whether everything in it may take effect."""
        return self.is_allowed and all(
            window.is_allowed and all(pane.is_allowed for pane in window.panes)
            for window in self.windows
        )
