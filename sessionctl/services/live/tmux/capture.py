"""Capture: the sessions of a tmux server as workspaces."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.workspace.layout_cells import (
    PaneRect,
    cells_of,
    leaves,
    read_cells,
    write_cells,
)
from sessionctl.core.workspace.workspace import (
    AUTOMATIC_NAME,
    CellSize,
    FloatPlace,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.services.live.tmux.pane_program import find_program, kept_variables
from sessionctl.services.live.tmux.server_options import captured_facts
from sessionctl.system.tmux.option_defaults import read_defaults
from sessionctl.system.tmux.option_text import option_word
from sessionctl.system.tmux.server_survey import add_details, take_survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.workspace.workspace import EnvValue, OptionValue, ServerFacts
    from sessionctl.system.process_table import ProcessTable
    from sessionctl.system.tmux.server_survey import PaneRow, SessionRow, TmuxSurvey, WindowRow
    from sessionctl.system.tmux.tmux_server import TmuxServer

RESUME_OPTION = "@sessionctl-resume"
OWN_OPTIONS = "@sessionctl-"
"""What options of our own begin with; they are never captured as the user's."""
OWN_HOOK = "window-resized[917]"
"""The one hook of ours; the index is far from those that people use."""

# What tmux sets itself: by new-session -x -y, by resize-window.
TMUX_SETS = frozenset({"default-size", "window-size"})


class TmuxCapture(NamedTuple):
    """A session as it stands; ``panes`` are the ids of its panes, window by window.

    ``alternates`` are those panes whose whole screen a program has.
    """

    workspace: Workspace
    id: str
    server_identity: str
    windows: tuple[str, ...]
    panes: tuple[tuple[str, ...], ...]
    alternates: frozenset[str] = frozenset()


def capture_sessions(
    server: TmuxServer,
    table: ProcessTable,
    names: Sequence[str] | None = None,
    state: str | None = None,
) -> list[TmuxCapture]:
    """Return the sessions called ``names``, or all, as they stand now.

    ``state`` is the state directory; without one, options of the whole server are left out.

    Raises:
      NoServerError: no server runs.
      KeyNotFoundError: there is no session of a name.
    """
    survey = take_survey(server)
    rows = survey.sessions if names is None else [survey.session(name) for name in names]
    add_details(server, survey, [row.id for row in rows])
    defaults = read_defaults(server, survey.server.version, state)
    facts = captured_facts(
        survey.server.config_files, survey.options, defaults, server.environ.get("HOME", "")
    )
    return [_SessionCapture(survey, table, row).capture(facts) for row in rows]


class _SessionCapture:
    def __init__(self, survey: TmuxSurvey, table: ProcessTable, session: SessionRow) -> None:
        self.survey = survey
        self.table = table
        self.session = session
        self.shell = str(self._option("default-shell") or "/bin/sh")
        self.command = str(self._option("default-command") or "")

    def capture(self, facts: ServerFacts) -> TmuxCapture:
        survey, session = self.survey, self.session
        group = self._shared_with()
        # The windows of a group are saved once, with its oldest session.
        rows = [] if group else survey.windows_of(session.id)
        panes = [survey.panes_of(row.id) for row in rows]
        windows = tuple(map(self.window, rows, panes))
        workspace = Workspace(
            name=session.name,
            root=session.path,
            windows=windows,
            env=self._environment(),
            options=_of_user(survey.local[session.id]),
            group=group,
            base_index=int(str(self._option("base-index") or 0)),
            server=facts,
        )
        ids = tuple(tuple(pane.id for pane in of_window) for of_window in panes)
        identity = survey.server.identity
        alternates = frozenset(pane.id for group in panes for pane in group if pane.is_in_alternate)
        windows_ids = tuple(row.id for row in rows)
        return TmuxCapture(workspace, session.id, identity, windows_ids, ids, alternates)

    def window(self, row: WindowRow, panes: Sequence[PaneRow]) -> WorkspaceWindow:
        options = dict(_of_user(self.survey.local[row.id]))
        self._name_option(options)
        return WorkspaceWindow(
            name=row.name,
            panes=tuple(self.pane(pane, row) for pane in panes),
            number=row.number,
            layout=_layout(row, panes),
            size=CellSize(row.width, row.height),
            link=self._linked_to(row),
            options=options,
            is_active=row.is_active,
            is_last=row.is_last,
        )

    def pane(self, row: PaneRow, window: WindowRow) -> WorkspacePane:
        # What tmux starts in place of the shell is the user's shell too.
        is_usual = row.start_words == (self.command,)
        words = () if is_usual else row.start_words
        found = find_program(self.table, row.pid, words, self.shell)
        options = self.survey.local[row.id]
        floating = FloatPlace(row.left, row.top, row.width, row.height)
        return WorkspacePane(
            cwd=self._directory(row, found.process),
            run=found.run,
            resume=resume_argv(options),
            shell=found.shell,
            env=self._program_environment(row, found.process),
            options=_of_user(options),
            floating=floating if row.is_floating else None,
            title="" if row.title == self.survey.server.host else row.title,
            is_active=row.is_active,
            is_last=row.is_last,
            is_zoomed=row.is_active and window.is_zoomed,
        )

    def _directory(self, row: PaneRow, process: int) -> str:
        own = self.table.row(row.pid)
        foreground = process or (own.foreground if own is not None else 0)
        return self.table.cwd(foreground) or self.table.cwd(row.pid) or row.path

    def _program_environment(self, row: PaneRow, process: int) -> Mapping[str, EnvValue]:
        if not process:
            return {}
        if process != row.pid:
            around = self.table.environment(row.pid)
        else:
            local = self.survey.environment[self.session.id]
            around = self.survey.global_environment | {k: v or "" for k, v in local.items()}
        return dict(kept_variables(self.table, process, around))

    def _environment(self) -> Mapping[str, EnvValue]:
        return dict(self.survey.environment[self.session.id])

    def _name_option(self, options: dict[str, OptionValue]) -> None:
        """Write "off" as what a named window is anyway, and what tmux names itself as such.

        A window that is given a name gets the option turned off by tmux: so that is what
        a session file means by a name, and only the other case is said.
        """
        own = options.pop(AUTOMATIC_NAME, None)
        if self.survey.options.value(AUTOMATIC_NAME) if own is None else own:
            options[AUTOMATIC_NAME] = True

    def _shared_with(self) -> str:
        """Return the session whose windows this one shows too: the oldest of its group."""
        if not self.session.group:
            return ""
        members = [row for row in self.survey.sessions if row.group == self.session.group]
        first = min(members, key=lambda row: int(row.id[1:]))
        return "" if first.id == self.session.id else first.name

    def _linked_to(self, row: WindowRow) -> str:
        """Return the window of another session that this is; the oldest session has it."""
        group = self.session.group
        owners = {
            session.id: session
            for session in self.survey.sessions
            if not group or session.group != group or session.id == self.session.id
        }
        places = [w for w in self.survey.windows if w.id == row.id and w.session in owners]
        first = min(places, key=lambda w: int(w.session[1:]))
        if first.session == self.session.id:
            return ""
        return f"{owners[first.session].name}:{first.number}"

    def _option(self, name: str) -> OptionValue | None:
        local = self.survey.local[self.session.id]
        return local[name] if name in local else self.survey.options.value(name)


def _of_user(options: Mapping[str, OptionValue]) -> Mapping[str, OptionValue]:
    return {
        name: value
        for name, value in options.items()
        if name not in TMUX_SETS and name != OWN_HOOK and not name.startswith(OWN_OPTIONS)
    }


def resume_argv(options: Mapping[str, OptionValue]) -> tuple[str, ...] | None:
    """Return the argv that a program registered, which is kept as tmux words; None for none."""
    from sessionctl.system.tmux.command_text import split_words

    value = options.get(RESUME_OPTION)
    if value is None or isinstance(value, tuple):
        return value
    return tuple(split_words(option_word(value)))


def _layout(row: WindowRow, panes: Sequence[PaneRow]) -> str:
    """Return the layout string of a window's panes; "" for one alone.

    Where tmux's own string says more than ours can (floating panes), it is made from the
    places of the panes.
    """
    tiled = [pane for pane in panes if not pane.is_floating]
    if len(tiled) < 2:
        return ""
    cells = read_cells(row.layout)
    if cells is None or sum(1 for _ in leaves(cells)) != len(tiled):
        cells = cells_of([PaneRect(p.width, p.height, p.left, p.top) for p in tiled])
    return write_cells(cells) if cells is not None else ""
