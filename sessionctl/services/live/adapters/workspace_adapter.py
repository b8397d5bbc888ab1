"""Workspace adapter: what a program with windows and panes must do to be saved and restored.

An adapter takes values and gives values: workspaces, plans, discrepancies. Nothing else of
sessionctl is needed to write one; ``sessionctl.workspaces`` has all the names.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from sessionctl.core.workspace.discrepancy import Discrepancy
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.plan.plan import Note, PlanNode

GROUP = "sessionctl.workspaces"
"""The entry points that name adapters: each leads to a callable that opens one."""


THE_FILE = "FILE"
"""What stands for the session file in the next step of a note; its name is put in."""


class AdapterContext(NamedTuple):
    """What an adapter is opened with.

    ``environ`` is the environment of the user, ``address`` what he named as the server to speak
    to ("" for the usual one), ``home`` his home directory. ``state`` is a directory in which the
    adapter may keep things of its own, ``scratch`` one for what lasts as long as a login; both
    may be missing still, and "" where there is none.
    """

    environ: Mapping[str, str]
    address: str = ""
    home: str = ""
    state: str = ""
    scratch: str = ""


class Detection(NamedTuple):
    """What an adapter finds here.

    ``is_running`` says whether there is something to capture. ``sessions`` are the names of
    those that run; ``current`` is the one this process runs in, "" for none.
    """

    is_running: bool
    sessions: tuple[str, ...] = ()
    current: str = ""


class RestoreRequest(NamedTuple):
    """What is to be brought back.

    ``workspace`` holds what is missing, and of that only what may take effect: what the user did
    not allow is not in it. ``standing`` is the session of that name as it stands, None for a
    new one. ``is_replacing`` ends that one first.
    """

    workspace: Workspace
    standing: StandingWorkspace | None = None
    is_replacing: bool = False


class PlannedStep(Protocol):
    """One thing that an adapter would do, as a value that prints itself."""

    def render(self) -> str:
        """Return it in words, lower case: "open the window logs"; "" for what is not shown."""

    def data(self) -> dict[str, object]:
        """Return it as plain data for JSON; "action" is the word for its kind."""


class AdapterStep(NamedTuple):
    """A step that is enough for most adapters: its kind, its words, and what it is about."""

    action: str
    text: str
    about: Mapping[str, object] = {}

    def render(self) -> str:
        """Return the words."""
        return self.text

    def data(self) -> dict[str, object]:
        """Return the kind and what it is about."""
        return {"action": self.action, **self.about}


class WorkspaceAdapter(Protocol):
    """A program with windows and panes, or something like them.

    Every method may raise: the failure is reported with the name of the adapter. What the user
    can act on is best raised as ``sessionctl.ToolError``, with hints.
    """

    def detect(self) -> Detection:
        """Return what is here; it must be quick and change nothing."""

    def capture(self, names: Sequence[str] | None = None) -> Sequence[StandingWorkspace]:
        """Return the sessions called ``names``, or all, as they stand.

        Directories are absolute. Where nothing can be captured, raise.
        """

    def plan(self, request: RestoreRequest) -> Sequence[PlanNode[Any] | PlannedStep]:
        """Return the steps that bring it back, in their order; nothing is done yet."""

    def apply(self, step: PlannedStep, request: RestoreRequest) -> Iterable[Note] | None:
        """Carry out one step of the plan; return notes, each with a next step or "".

        One that fails raises, and is reported; the steps after it are skipped.
        """

    def verify(self, workspace: Workspace) -> Sequence[Discrepancy]:
        """Return where what stands is not what ``workspace`` asks for."""


class Handover(NamedTuple):
    """The program that takes this terminal over, where it begins, and its whole environment."""

    argv: tuple[str, ...]
    cwd: str
    environ: Mapping[str, str]


class TerminalAdapter(WorkspaceAdapter, Protocol):
    """An adapter whose session needs this terminal: it is handed over after the report."""

    def handover(self, name: str) -> Handover | None:
        """Return what takes the terminal over for the session ``name``; None for nothing."""
