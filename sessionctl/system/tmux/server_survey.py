"""Survey: everything a tmux server has, in two batches."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.errors import KeyNotFoundError, ToolError
from sessionctl.system.tmux.answer_fields import FIELD, RECORD, fields_format
from sessionctl.system.tmux.command_text import split_words, unescape_name
from sessionctl.system.tmux.option_defaults import ASKED, OptionTexts
from sessionctl.system.tmux.option_text import read_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sessionctl.system.tmux.option_text import OptionValue
    from sessionctl.system.tmux.tmux_server import TmuxAnswer, TmuxServer

    Options = dict[str, OptionValue]


class ServerRow(NamedTuple):
    """What there is once for a server; ``identity`` differs after each start."""

    version: str
    identity: str
    config_files: tuple[str, ...]
    socket: str
    host: str


class SessionRow(NamedTuple):
    """A session; ``group`` is the name of the group it is in, or ""."""

    id: str
    name: str
    path: str
    group: str
    is_attached: bool


class WindowRow(NamedTuple):
    """A window as it stands in one session; ``sessions`` are the ids of all it stands in."""

    session: str
    id: str
    number: int
    name: str
    is_active: bool
    is_last: bool
    is_zoomed: bool
    width: int
    height: int
    layout: str


class PaneRow(NamedTuple):
    """A pane. ``start_words`` are the command it was made with, () for the default shell."""

    window: str
    id: str
    number: int
    is_active: bool
    is_last: bool
    pid: int
    tty: str
    is_dead: bool
    left: int
    top: int
    width: int
    height: int
    title: str
    start_words: tuple[str, ...]
    is_in_alternate: bool
    history: int
    is_floating: bool
    path: str


class TmuxSurvey(NamedTuple):
    """The rows of a server, and the options and variables of what was asked for, by id.

    ``local`` and ``environment`` are filled by ``add_details``.
    """

    server: ServerRow
    sessions: list[SessionRow]
    windows: list[WindowRow]
    panes: list[PaneRow]
    options: OptionTexts
    global_environment: dict[str, str]
    local: dict[str, Options]
    environment: dict[str, dict[str, str | None]]

    def windows_of(self, session: str) -> list[WindowRow]:
        """Return the windows of a session in their order."""
        return sorted((w for w in self.windows if w.session == session), key=lambda w: w.number)

    def panes_of(self, window: str) -> list[PaneRow]:
        """Return the panes of a window in their order."""
        return sorted((p for p in self.panes if p.window == window), key=lambda p: p.number)

    def session(self, name: str) -> SessionRow:
        """Return the session called ``name``.

        Raises:
          KeyNotFoundError: there is none.
        """
        for row in self.sessions:
            if row.name == name:
                return row
        from sessionctl.core.text.near_words import near_hints

        hints = near_hints(name, sorted(row.name for row in self.sessions))
        raise KeyNotFoundError(f"tmux: there is no session {name}", hints=hints)


_SERVER = ("version", "pid", "start_time", "config_files", "socket_path", "host")
_SESSION = ("session_id", "session_name", "session_path", "session_group", "session_attached")
_WINDOW = (
    "session_id", "window_id", "window_index", "window_name", "window_active",
    "window_last_flag", "window_zoomed_flag", "window_width", "window_height", "window_layout",
)  # fmt: skip
_PANE = (
    "window_id", "pane_id", "pane_index", "pane_active", "pane_last", "pane_pid", "pane_tty",
    "pane_dead", "pane_left", "pane_top", "pane_width", "pane_height", "pane_title",
    "pane_start_command", "alternate_on", "history_size", "pane_floating_flag",
    "pane_current_path",
)  # fmt: skip


def take_survey(server: TmuxServer) -> TmuxSurvey:
    """Return the rows of all sessions, windows and panes, and the global options.

    Raises:
      NoServerError: no server runs.
      ToolError: it does not answer all of it, as when it ends.
    """
    answers = server.run(
        [
            ("display-message", "-p", _format(_SERVER)),
            ("list-sessions", "-F", _format(_SESSION)),
            ("list-windows", "-a", "-F", _format(_WINDOW)),
            ("list-panes", "-a", "-F", _format(_PANE)),
            *ASKED,
            ("show-environment", "-g"),
        ]
    )
    for answer in answers:
        if not answer.is_done:
            raise ToolError(f"tmux: {answer.error}")  # the server ends just now
    pairs = (line.partition("=") for line in answers[7].text.split("\n") if "=" in line)
    rows = [list(_records(answer)) for answer in answers[:4]]
    panes = {row.id: row for row in map(_pane, rows[3])}
    return TmuxSurvey(
        _server(rows[0][0]),
        [_session(fields) for fields in rows[1]],
        [_window(fields) for fields in rows[2]],
        # One line for each session a window is linked to: the pane is the same.
        list(panes.values()),
        OptionTexts(*(answer.text for answer in answers[4:7])),
        {name: value for name, _, value in pairs},
        {},
        {},
    )


def add_details(server: TmuxServer, survey: TmuxSurvey, sessions: Collection[str]) -> None:
    """Add what is set for the sessions with these ids, their windows and panes alone."""
    windows = {row.id for row in survey.windows if row.session in sessions}
    panes: list[str] = [row.id for row in survey.panes if row.window in windows]
    asked: list[tuple[str, tuple[str, ...]]] = [
        *((one, ("show-options", "-H", "-t", one)) for one in sessions),
        *((one, ("show-options", "-H", "-w", "-t", one)) for one in sorted(windows)),
        *((one, ("show-options", "-H", "-p", "-t", one)) for one in panes),
    ]
    commands: list[tuple[str, ...]] = [command for _, command in asked]
    for one in sessions:
        commands += [("show-environment", *flag, "-t", one) for flag in _FLAGS]
    answers = server.run(commands)
    for (one, _), answer in zip(asked, answers, strict=False):
        survey.local[one] = read_options(answer.text)
    rest = answers[len(asked) :]
    for place, one in enumerate(sessions):
        texts = [answer.text for answer in rest[2 * place : 2 * place + 2]]
        survey.environment[one] = _variables(server, survey, one, texts)


def _variables(
    server: TmuxServer, survey: TmuxSurvey, session: str, texts: Iterable[str]
) -> dict[str, str | None]:
    """Return the variables of a session, None for one that is removed.

    A value may have line ends, which tmux prints as they are: each is asked for by its name.
    """
    lines = [line for text in texts for line in text.split("\n") if line]
    names = {line.lstrip("-").partition("=")[0] for line in lines}
    names -= _updated(survey, session, names)
    wanted = sorted(name for name in names if name.isascii() and name)
    found: dict[str, str | None] = {}
    answers = server.run(
        [("show-environment", *flag, "-t", session, "--", n) for n in wanted for flag in _FLAGS]
    )
    for number, answer in enumerate(answers):
        name = wanted[number // len(_FLAGS)]
        text = answer.text.removesuffix("\n")
        if answer.is_done and text == f"-{name}":
            found[name] = None
        elif answer.is_done and text.startswith(f"{name}="):
            found[name] = text[len(name) + 1 :]
    return found


_FLAGS: Sequence[tuple[str, ...]] = ((), ("-h",))


def _updated(survey: TmuxSurvey, session: str, names: Iterable[str]) -> set[str]:
    """Return the variables that tmux takes from each client that attaches."""
    from fnmatch import fnmatchcase

    name = "update-environment"
    value = survey.local.get(session, {}).get(name, survey.options.value(name))
    patterns = list(value) if isinstance(value, tuple) else str(value or "").split()
    return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}


def _format(fields: Sequence[str]) -> str:
    return fields_format(fields) + RECORD


def _records(answer: TmuxAnswer) -> Iterable[list[str]]:
    for record in answer.text.split(f"{RECORD}\n"):
        if record:
            yield record.split(FIELD)


def _server(fields: list[str]) -> ServerRow:
    version, pid, started, files, socket, host = fields
    names = tuple(name for name in files.split(",") if name)
    return ServerRow(version, f"{pid}.{started}", names, socket, host)


def _session(fields: list[str]) -> SessionRow:
    key, name, path, group, attached = fields
    return SessionRow(key, unescape_name(name), path, unescape_name(group), attached != "0")


def _window(fields: list[str]) -> WindowRow:
    session, key, index, name, active, last, zoomed, width, height, layout = fields
    flags = (active == "1", last == "1", zoomed == "1")
    numbers = (int(width), int(height))
    return WindowRow(session, key, int(index), unescape_name(name), *flags, *numbers, layout)


def _pane(fields: list[str]) -> PaneRow:
    window, key, index, active, last, pid, tty, dead, *rest = fields
    left, top, width, height = map(int, rest[:4])
    title, start, alternate, history, floating = rest[4:9]
    return PaneRow(
        window,
        key,
        int(index),
        active == "1",
        last == "1",
        int(pid or 0),
        tty,
        dead == "1",
        left,
        top,
        width,
        height,
        title,
        tuple(split_words(start)),
        alternate == "1",
        int(history or 0),
        floating == "1",
        rest[9],
    )
