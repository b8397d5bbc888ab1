"""Restore steps: the tree of a restore plan, a branch for each window."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.text.lookalike import unmistakable
from sessionctl.core.text.shellwords import quoted
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.shell_line import acts_on_terminal, shell_lines, up_to_risk
from sessionctl.core.workspace.workspace import RUN, SKIP
from sessionctl.errors import ToolError
from sessionctl.services.live.tmux.program_start import existing_directory
from sessionctl.services.live.tmux.typed_start import TypingState
from sessionctl.services.live.unset_secrets import (
    set_names,
    unset_note,
    unset_secrets,
    unset_words,
)
from sessionctl.services.plan.plan import GuardedStep, StepGroup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sessionctl.core.workspace.workspace import (
        EnvValue,
        OptionValue,
        Workspace,
        WorkspacePane,
        WorkspaceWindow,
    )
    from sessionctl.services.live.tmux.restoration import TmuxRestoration
    from sessionctl.services.plan.plan import Note, Plan, PlanNode

    Node = PlanNode[TmuxRestoration]

TRUST = "trust"
"""The permission that starting programs, and what steers them, needs."""

NO_DIRECTORY = "there is no such directory"
"""How the failure of a pane begins that was opened in a directory above its own."""

_UNTRUSTED = "it was not allowed yet"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Make the session with its windows and panes, or put the windows into one."""

    name: str
    root: str
    is_new: bool

    def render(self) -> str:
        """Return what is done."""
        verb = "make" if self.is_new else "go into"
        return f"{verb} the session {visible(self.name)} in {visible(self.root)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "open-session", "session": self.name, "cwd": self.root}

    def carry_out(self, tools: TmuxRestoration, /) -> None:
        """Make it; raises ``ToolError``."""
        tools.open_session()


@dataclass(frozen=True, slots=True)
class SetValues:
    """Set options and variables: of the session (``window`` None), a window or a pane."""

    names: tuple[str, ...]
    window: int | None = None
    pane: int | None = None

    def render(self) -> str:
        """Return what is done."""
        return f"set {', '.join(map(visible, self.names))}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "set", "names": list(self.names)}

    def carry_out(self, tools: TmuxRestoration, /) -> Iterable[Note]:
        """Return what tmux refused."""
        window = -1 if self.window is None else self.window
        return [(problem, "") for problem in tools.problems_of(window, self.pane)]


@dataclass(frozen=True, slots=True)
class LeaveUnset:
    """Leave variables unset whose values are secrets, and say so where they were allowed."""

    secrets: Mapping[str, str]
    is_allowed: bool

    def render(self) -> str:
        """Return what is not done, and how a program gets the values."""
        return f"{unset_words(self.secrets)}; run the program with: sessionctl secret exec"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "leave-unset", "secrets": dict(self.secrets)}

    def carry_out(self, _: TmuxRestoration, /) -> Iterable[Note]:
        """Return the variables, and the command that hands their values to a program."""
        return [unset_note(self.secrets)] if self.is_allowed else []


@dataclass(frozen=True, slots=True)
class OpenPane:
    """Open one pane in its directory."""

    window: int
    pane: int
    cwd: str

    def render(self) -> str:
        """Return what is done."""
        return f"open pane {self.pane + 1} in {visible(self.cwd)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "open-pane", "pane": self.pane, "cwd": self.cwd}

    def carry_out(self, tools: TmuxRestoration, /) -> None:
        """Check that it was opened there; raises ``ToolError``."""
        tools.pane((self.window, self.pane))
        instead = existing_directory(self.cwd)
        if instead != self.cwd:
            raise ToolError(f"{NO_DIRECTORY}, opened in {visible(instead)}")


@dataclass(frozen=True, slots=True)
class StartProgram:
    """Start what runs in a pane; with ``is_entered`` false it is only typed."""

    window: int
    pane: int
    run: tuple[str, ...] | str
    is_typed: bool
    is_entered: bool = True

    def render(self) -> str:
        """Return what is done."""
        verb = "run" if self.is_entered else "type, not enter,"
        return f"{verb} in pane {self.pane + 1}: {shown_command(self.run)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        run = self.run if isinstance(self.run, str) else list(self.run)
        action = "start-program" if self.is_entered else "type-program"
        return {"action": action, "pane": self.pane, "run": run, "in_shell": self.is_typed}

    def carry_out(self, tools: TmuxRestoration, /) -> None:
        """Start it and look whether it runs.

        Raises:
          ToolError: it does not, or could not be typed.
        """
        if isinstance(self.run, str) and self.is_typed and acts_on_terminal(self.run):
            raise ToolError("it has control characters, which act as keys; nothing was typed")
        place = (self.window, self.pane)
        state = tools.typed(place)
        if state is TypingState.WAITING:
            raise ToolError("its shell was not ready in time; nothing was typed")
        if state is TypingState.FAILED:
            raise ToolError("its pane is gone")
        if not self.is_entered:
            self._check_all_typed(tools)
            return
        if isinstance(self.run, str) and self.is_typed:
            return  # a line such as "git status" ends at once, and that is all right
        if not tools.is_running(place):
            raise ToolError("it does not run: it ended, or could not be started")

    def _check_all_typed(self, tools: TmuxRestoration) -> None:
        pane = tools.programs.spec((self.window, self.pane))
        if isinstance(self.run, str) and not pane.start:
            lines = shell_lines(self.run)
            left = len(lines) - len(up_to_risk(lines))
            if left:
                raise ToolError(f"{left} more to type behind what can do harm: enter that first")


@dataclass(frozen=True, slots=True)
class LinkWindow:
    """Show a window of another session in this one too."""

    window: int
    link: str

    def render(self) -> str:
        """Return what is done."""
        return f"link the window {visible(self.link)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "link-window", "link": self.link}

    def carry_out(self, tools: TmuxRestoration, /) -> None:
        """Check that it was linked; raises ``ToolError``."""
        for problem in tools.problems_of(self.window, None):
            raise ToolError(f"tmux: {problem}")


@dataclass(frozen=True, slots=True)
class CheckLayout:
    """See that the panes of a window lie as they should."""

    window: int

    def render(self) -> str:
        """Return nothing: it is part of opening the panes."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "check-layout"}

    def carry_out(self, tools: TmuxRestoration, /) -> Iterable[Note]:
        """Return a note where they do not."""
        if self.window in tools.misplaced():
            name = visible(tools.order.workspace.windows[self.window].name)
            return [(f"window {name}: its panes are not arranged as they were saved", "")]
        return []


@dataclass(frozen=True, slots=True)
class Finish:
    """Set what had to wait for the programs."""

    def render(self) -> str:
        """Return nothing: it is part of the rest."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "finish"}

    def carry_out(self, tools: TmuxRestoration, /) -> Iterable[Note]:
        """Set it; return what tmux refused."""
        return [(problem, "") for problem in tools.finish()]


def plan_restore(workspace: Workspace, *, is_new: bool) -> Plan[TmuxRestoration]:
    """Return the plan that brings ``workspace`` back; ``is_new`` makes its session."""
    steps: list[Node] = [OpenSession(workspace.name, workspace.root, is_new)]
    if is_new:
        steps += _values(workspace.options, workspace.env, workspace.is_allowed)
    groups = [_window(number, window) for number, window in enumerate(workspace.windows)]
    # A window that fails leaves the others alone; without a session nothing comes after.
    windows: Node = StepGroup("windows", (*groups, Finish()), goes_on=True)
    return (*steps, windows)


def shown_command(run: tuple[str, ...] | str) -> str:
    """Return a command for people: quoted where it needs that, cut where it is long."""
    text = run if isinstance(run, str) else " ".join(map(quoted, run))
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return unmistakable(visible(cut.replace("\n", "\\n")))


def _window(number: int, window: WorkspaceWindow) -> Node:
    shown = "" if window.number is None else f"{window.number} "
    title = f"window {shown}{visible(window.name)}"
    if window.link:
        return StepGroup(title, (LinkWindow(number, window.link),), goes_on=True)
    steps: list[Node] = []
    steps += _values(window.options, window.env, window.is_allowed, number)
    for index, pane in enumerate(window.panes):
        steps.append(OpenPane(number, index, pane.cwd))
        steps += _values(pane.options, pane.env, pane.is_allowed, number, index)
        steps += _program(number, index, pane)
    if len(window.panes) > 1:
        steps.append(CheckLayout(number))
    return StepGroup(title, tuple(steps), goes_on=True)


def _values(
    options: Mapping[str, OptionValue],
    env: Mapping[str, EnvValue],
    is_allowed: bool,  # noqa: FBT001
    window: int | None = None,
    pane: int | None = None,
) -> Iterator[Node]:
    """Yield the steps for the options and variables of the session, a window or a pane."""
    names = (*options, *set_names(env))
    if names:
        yield _guarded(SetValues(names, window, pane), is_allowed)
    if secrets := unset_secrets(env):
        yield LeaveUnset(secrets, is_allowed)


def _program(number: int, index: int, pane: WorkspacePane) -> list[Node]:
    asked = pane.restarted
    if not asked:
        return []
    is_typed = pane.shell is not False
    if pane.beginning == SKIP:
        step = StartProgram(number, index, asked, is_typed)
        return [GuardedStep(step, 'the file says so: start = "skip"')]
    is_entered = pane.beginning == RUN and existing_directory(pane.cwd) == pane.cwd
    step = StartProgram(number, index, asked, is_typed, is_entered)
    return [_guarded(step, pane.is_allowed)]


def _guarded(step: StartProgram | SetValues, is_allowed: bool) -> Node:  # noqa: FBT001
    return step if is_allowed else GuardedStep(step, _UNTRUSTED, permission=TRUST)
