"""Plain adapter: it saves and restores the terminal that it is called in.

There are no windows to make here. What comes back is a shell in the directory, with the
variables; one program is started in it, of several each is shown as the line to type.
"""

from __future__ import annotations

# One terminal: plain os calls here.
# ruff: noqa: PTH109, PTH112, PTH119
import os

from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.discrepancy import discrepancies, shown_program
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.path_scope import PathScope
from sessionctl.core.workspace.shell_line import script_line, script_text, typed_line
from sessionctl.core.workspace.workspace import RUN, SKIP, Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.errors import ToolError, UsageError
from sessionctl.services.live.adapters.workspace_adapter import (
    AdapterStep,
    Detection,
    Handover,
)
from sessionctl.services.live.plain.terminal_capture import read_terminal
from sessionctl.services.live.tmux.pane_program import base_name
from sessionctl.services.live.unset_secrets import (
    set_names,
    unset_note,
    unset_secrets,
    unset_words,
)
from sessionctl.system.process import find_program
from sessionctl.system.process_table import open_process_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sessionctl.core.workspace.discrepancy import Discrepancy
    from sessionctl.core.workspace.workspace import EnvValue
    from sessionctl.services.live.adapters.workspace_adapter import (
        AdapterContext,
        PlannedStep,
        RestoreRequest,
    )
    from sessionctl.services.plan.plan import Note

WINDOW = "terminal"
"""The name of the one window that a terminal is."""

START_SHELL, RUN_PROGRAM, SHOW_PROGRAM = "start-shell", "run-program", "show-program"
_HOME = "home"


class PlainAdapter:
    """The terminal that this process runs in, as a session with one window."""

    def __init__(self, context: AdapterContext, process: int = 0) -> None:
        """Take what is known of the user; ``process`` stands for this one in tests."""
        self.context = context
        self.process = process or os.getpid()
        self.table = open_process_table()
        self._handover: Handover | None = None

    def detect(self) -> Detection:
        """Return the terminal under the name of its directory."""
        name = self._name()
        return Detection(is_running=_has_terminal(), sessions=(name,), current=name)

    def capture(self, names: Sequence[str] | None = None) -> list[StandingWorkspace]:
        """Return this terminal as the session of that name; by default that of its directory.

        Raises:
          UsageError: there are several names.
        """
        if names is not None and len(names) != 1:
            raise UsageError("adapter plain: a terminal is one session")
        name = names[0] if names else self._name()
        state = read_terminal(self.table, self.process, self.context.environ, os.getcwd())
        panes = tuple(
            WorkspacePane(cwd=job.cwd, run=job.run, env=dict(job.env)) for job in state.jobs
        )
        windows = (WorkspaceWindow(WINDOW, panes or (WorkspacePane(cwd=state.cwd),)),)
        workspace = Workspace(name, state.cwd, windows, env=dict(state.env))
        ids = tuple(str(job.process) for job in state.jobs) or (str(state.shell),)
        return [StandingWorkspace(workspace, f"plain:{state.shell}", (WINDOW,), (ids,))]

    def plan(self, request: RestoreRequest) -> list[AdapterStep]:
        """Return the steps: a shell in the directory, and each program."""
        workspace = request.workspace
        directory, env = _directory(workspace), _variables(workspace)
        shell = self._shell()
        text = f"start {visible(shell)} in {visible(directory)}"
        names, secrets = sorted(set_names(env)), unset_secrets(env)
        if names:
            text += f" with {', '.join(map(visible, names))}"
        if secrets:
            text += f"; {unset_words(secrets)}"
        steps = [AdapterStep(START_SHELL, text, {"cwd": directory, "shell": shell, "env": names})]
        programs = list(_programs(workspace))
        only = programs[0] if len(programs) == 1 else None
        for pane in programs:
            run = pane.restarted or ()
            about = {"run": run if isinstance(run, str) else list(run), "cwd": pane.cwd}
            if pane is only and pane.beginning == RUN:
                steps.append(AdapterStep(RUN_PROGRAM, f"run in it: {shown_program(run)}", about))
            else:
                shown = f"show the line to type: {shown_program(run)}"
                steps.append(AdapterStep(SHOW_PROGRAM, shown, about))
        return steps

    def apply(self, step: PlannedStep, request: RestoreRequest) -> list[Note]:
        """Prepare a step; the shell itself begins when the terminal is handed over.

        Raises:
          ToolError: there is no terminal.
        """
        action, workspace = step.data()["action"], request.workspace
        if action == START_SHELL:
            return self._start_shell(workspace)
        pane = next(pane for pane in _programs(workspace) if _about(pane) == step.data()["run"])
        if action == RUN_PROGRAM:
            self._run(pane, workspace)
            held = unset_secrets(pane.env)
            is_told = held.items() <= unset_secrets(_variables(workspace)).items()
            return [] if is_told else [unset_note(held)]
        line = self._line_of(pane, workspace)
        return [(f"not started: {visible(line)}", "type it into the shell")]

    def verify(self, workspace: Workspace) -> tuple[Discrepancy, ...]:
        """Return where this terminal is not what ``workspace`` asks for."""
        found = self.capture([workspace.name])[0].workspace
        asked = workspace._replace(
            group="",
            options={},
            windows=tuple(_as_terminal(workspace)),
            root=_directory(workspace),
        )
        differences = discrepancies(asked, found, PathScope("/", real=os.path.realpath))
        return tuple(differences)

    def handover(self, name: str) -> Handover | None:
        """Return the shell that was asked for; None where nothing was applied."""
        return self._handover

    def _start_shell(self, workspace: Workspace) -> list[Note]:
        if not _has_terminal():
            has_tmux = find_program("tmux", self.context.environ.get("PATH")) is not None
            tmux = ["or restore into tmux: --adapter tmux"] if has_tmux else []
            raise ToolError(
                "there is no terminal here to start a shell in",
                hints=["call it in a terminal", *tmux],
            )
        directory = _directory(workspace)
        there = _existing(directory)
        environ = dict(self.context.environ)
        variables = _variables(workspace)
        secrets = unset_secrets(variables)
        notes: list[Note] = [unset_note(secrets)] if secrets else []
        for name, value in variables.items():
            if value is None:
                environ.pop(name, None)
            elif isinstance(value, str):
                environ[name] = value
        environ["PWD"] = there
        self._handover = Handover((self._shell(),), there, environ)
        if there != directory:
            raise ToolError(f"{directory}: there is no such directory, the shell is in {there}")
        return notes

    def _run(self, pane: WorkspacePane, workspace: Workspace) -> None:
        """Have the shell run the program first, then read what the user types."""
        if self._handover is None:
            raise ToolError("there is no shell to run it in")
        line, shell = self._line_of(pane, workspace), self._shell()
        words = (shell, "-i", "-c", f"{line}\nexec {path_word(shell)} -i")
        environ = {**self._handover.environ}
        environ |= {name: item for name, item in pane.env.items() if isinstance(item, str)}
        self._handover = self._handover._replace(argv=words, environ=environ)

    def _line_of(self, pane: WorkspacePane, workspace: Workspace) -> str:
        """Return the line that starts a program where it belongs, from where the shell begins."""
        line = self._typed(pane.restarted or ()).strip()
        place = pane.cwd or workspace.root
        return (
            f"cd {path_word(place)} && {line}" if place not in ("", _directory(workspace)) else line
        )

    def _typed(self, run: tuple[str, ...] | str) -> str:
        if isinstance(run, str):
            return run
        line = typed_line(run, base_name(self._shell()))
        if line is not None:
            return line
        from sessionctl.system.files.private_directories import make_private, write_private_bytes

        path = f"{self.context.scratch}/{os.urandom(8).hex()}"
        make_private(self.context.scratch)
        write_private_bytes(path, script_text(run, path).encode(errors="surrogateescape"))
        return script_line(path)

    def _shell(self) -> str:
        shell = self.context.environ.get("SHELL", "")
        return shell if shell.startswith("/") else "/bin/sh"

    def _name(self) -> str:
        directory = os.getcwd()
        if directory == self.context.home:
            return _HOME
        return visible(os.path.basename(directory)) or _HOME


def open_plain(context: AdapterContext) -> PlainAdapter:
    """Return the adapter ``plain``."""
    return PlainAdapter(context)


def _has_terminal() -> bool:
    return os.isatty(0) and os.isatty(1)


def _existing(path: str) -> str:
    while not os.path.isdir(path) and path not in ("", "/"):
        path = path.rpartition("/")[0]
    return path or "/"


def _panes(workspace: Workspace) -> Iterator[WorkspacePane]:
    for window in workspace.windows:
        yield from window.panes


def _programs(workspace: Workspace) -> Iterator[WorkspacePane]:
    return (pane for pane in _panes(workspace) if pane.restarted and pane.beginning != SKIP)


def _about(pane: WorkspacePane) -> object:
    run = pane.restarted or ()
    return run if isinstance(run, str) else list(run)


def _directory(workspace: Workspace) -> str:
    """Return where the shell begins: that of the active pane, else of the only one, else root."""
    panes = list(_panes(workspace))
    chosen = [pane for pane in panes if pane.is_active] or panes
    is_clear = len(panes) == 1 or any(pane.is_active for pane in panes)
    return (chosen[0].cwd if chosen and is_clear else workspace.root) or workspace.root or "/"


def _variables(workspace: Workspace) -> Mapping[str, EnvValue]:
    env = dict(workspace.env)
    if len(workspace.windows) == 1:
        env |= workspace.windows[0].env
        if len(workspace.windows[0].panes) == 1:
            env |= workspace.windows[0].panes[0].env
    return env


def _as_terminal(workspace: Workspace) -> Iterator[WorkspaceWindow]:
    """Yield the windows as the one of a terminal: each pane that runs something, or a shell."""
    panes = tuple(_programs(workspace))
    if not panes:
        panes = (WorkspacePane(cwd=_directory(workspace)),)
    yield WorkspaceWindow(WINDOW, tuple(pane._replace(options={}) for pane in panes))
