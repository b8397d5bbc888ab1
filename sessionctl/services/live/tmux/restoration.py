"""Restoration: the tools of a restore plan, which do all of it in a few batches.

The steps of the plan are carried out one by one and each asks here what became of its part;
the first one that asks has the whole stage done: the session and its windows in one batch, then
all programs at once.
"""

from __future__ import annotations

from contextlib import suppress

from sessionctl.core.text.source import visible
from sessionctl.core.workspace.layout_cells import has_same_places, read_cells
from sessionctl.core.workspace.permission import permitted
from sessionctl.core.workspace.workspace import (
    AUTOMATIC_NAME,
)
from sessionctl.errors import ToolError
from sessionctl.services.live.tmux.hook_pause import HookPause, only_hooks, without_hooks
from sessionctl.services.live.tmux.program_start import MadePane, ProgramStart
from sessionctl.services.live.tmux.server_options import ASKED, has_options
from sessionctl.services.live.tmux.server_options import option_commands as server_option_commands
from sessionctl.services.live.tmux.session_words import config_files, new_session
from sessionctl.services.live.tmux.typed_start import TypingState, type_all
from sessionctl.services.live.tmux.window_commands import (
    CreationCommand,
    Purpose,
    TargetServer,
    is_late,
    layout_hook,
    option_commands,
    size_commands,
    variable_commands,
    wanted_cells,
    window_commands,
)
from sessionctl.system.tmux.answer_fields import fields_format, split_fields
from sessionctl.system.tmux.command_text import unescape_name
from sessionctl.system.tmux.option_defaults import OptionTexts, read_defaults
from sessionctl.system.tmux.option_text import assignments
from sessionctl.system.tmux.tmux_server import NoServerError, version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sessionctl.core.workspace.workspace import OptionValue
    from sessionctl.services.live.tmux.program_start import Place, RestoreOrder
    from sessionctl.services.live.tmux.typed_start import TypedInput, TypingState
    from sessionctl.system.process_table import ProcessTable
    from sessionctl.system.tmux.tmux_server import TmuxAnswer, TmuxServer

_FACTS = (
    "session_id", "window_id", "version", "base-index", "default-shell", "default-command",
    AUTOMATIC_NAME,
)  # fmt: skip
_FAR_INDEX = 2**30
_RENUMBERS = "renumber-windows"


class TmuxRestoration:
    """One restore; ``session`` is the id of the session once it is there."""

    def __init__(self, server: TmuxServer, table: ProcessTable, order: RestoreOrder) -> None:
        self.server = server
        self.table = table
        self.order = order
        self.session = order.into
        self.programs = ProgramStart(server, table, order)
        self.made = self.programs.made
        self.problems: dict[Purpose, str] = {}
        self._target = TargetServer((0, 0))
        self._base_index = 0
        self._placeholder = ""
        self._places: dict[int, int] = {}
        self._hooks = HookPause()
        self._is_first = False
        self._is_begun = False
        self._failure: ToolError | None = None

    # -- the session and its windows -----------------------------------------------------

    def open_session(self) -> None:
        """Make the session with all its windows and panes, if that was not begun yet.

        Raises:
          ToolError: the session cannot be made.
        """
        if not self._is_begun:
            self._is_begun = True
            try:
                self._open()
            except ToolError as error:
                self._failure = error
        if self._failure is not None:
            raise self._failure

    def _open(self) -> None:
        workspace = self.order.workspace
        self._begin()
        commands: list[CreationCommand] = []
        if workspace.is_allowed and not self.order.into:
            commands += variable_commands(f"{self.session}:", workspace.env)
            commands += option_commands(f"{self.session}:", without_hooks(workspace.options))
        self._places = dict(self._indexes())
        for number, index in self._places.items():
            window = workspace.windows[number]
            starts = list(map(self.programs.start, window.panes))
            window = permitted(window)
            target = f"{self.session}:{index}"
            commands += window_commands(target, window, starts, number, self._target)
            quiet = Purpose(number, None, "room")
            commands += [CreationCommand(words, quiet) for words in self._hooks.in_window(target)]
        self._run(commands)
        self._focus()

    def pane(self, place: Place) -> MadePane:
        """Return the pane at ``place``.

        Raises:
          ToolError: it could not be made.
        """
        found = self.made.get(place)
        if found is None:
            problem = self.problems.get(Purpose(*place, "pane"), "its window is not there")
            raise ToolError(f"tmux: {problem}")
        return found

    def problems_of(self, window: int, pane: int | None) -> list[str]:
        """Return what tmux refused of a window or of a pane, apart from making it."""
        return [
            f"{purpose.what}: {problem}"
            for purpose, problem in self.problems.items()
            if purpose[:2] == (window, pane) and purpose.what not in ("pane", "room")
        ]

    def _begin(self) -> None:
        """Make the session with a placeholder for its windows, or find the one they go into.

        The windows come when the options of the session are set: they count for new ones.
        """
        fields = fields_format(_FACTS)
        if self.order.into:
            words: tuple[str, ...] = ("display-message", "-p", "-t", f"{self.order.into}:", fields)
            answer = self.server.run([words])[0]
        else:
            self._is_first = has_options(self.order.workspace.server) and not self._runs()
            words = self._new_session(fields)
            answer = self.server.start([words], config_files(self.order.workspace))[0]
        if not answer.is_done:
            raise ToolError(f"tmux: {answer.error}")
        found = split_fields(answer.text)
        if self._set_server_options(found[2]):
            again = self.server.run([("display-message", "-p", "-t", f"{found[0]}:", fields)])[0]
            found[3:] = split_fields(again.text)[3:]
        self._take_facts(found)

    def _new_session(self, fields: str) -> tuple[str, ...]:
        workspace = self.order.workspace
        owner = self._sessions().get(workspace.group) if workspace.group else ""
        if owner is None:
            name = visible(workspace.group)
            raise ToolError(f"tmux: the session {name}, whose windows it shows, does not run")
        return new_session(workspace, owner, self.order.terminal, fields, self._target)

    def _set_server_options(self, version: str) -> bool:
        """Set what was set for the whole server, if it has just begun; return whether it was."""
        facts = self.order.workspace.server
        if not self._is_first or not has_options(facts) or not self.order.workspace.is_allowed:
            return False
        defaults = read_defaults(self.server, version, self.order.state)
        if defaults is None:
            return False
        texts = OptionTexts(*(answer.text for answer in self.server.run(ASKED)))
        self._run_plain(list(server_option_commands(facts, texts, defaults)))
        return True

    def _take_facts(self, fields: Sequence[str]) -> None:
        self.session, window, version, base, shell, command, automatic = fields
        self.programs.know_shell(shell, command)
        self._base_index = int(base or 0)
        automatic_names = automatic not in ("0", "off")
        self._target = TargetServer(version_of(version), automatic_names, self._sessions())
        if not self.order.into and not self.order.workspace.group:
            self._placeholder = window
        self._hooks.ask(self.server, self.session)
        commands = list(self._hooks.in_session(self.session))
        if self._placeholder:
            commands += self._made_by_hooks() if self._hooks.is_needed else []
            far = f"{self.session}:{_FAR_INDEX}"
            commands.append(("move-window", "-d", "-s", window, "-t", far))
        self._run_plain(commands)

    def _made_by_hooks(self) -> list[tuple[str, ...]]:
        """Return the commands that end what hooks put into the session that was just made."""
        words = ("list-windows", "-t", f"{self.session}:", "-F", "#{window_id}")
        windows = self.server.run([words])[0].text.split()
        return [("kill-window", "-t", key) for key in windows if key != self._placeholder]

    def _runs(self) -> bool:
        return self.server.is_running()

    def _sessions(self) -> dict[str, str]:
        """Return the ids of the sessions that run, by name; asked only where one is meant."""
        workspace = self.order.workspace
        if not workspace.group and not any(window.link for window in workspace.windows):
            return {}
        try:
            answer = self.server.run([("list-sessions", "-F", "#{session_id} #{session_name}")])[0]
        except NoServerError:
            return {}
        pairs = (line.partition(" ") for line in answer.text.splitlines())
        return {unescape_name(name): key for key, _, name in pairs}

    def _indexes(self) -> list[tuple[int, int]]:
        """Return the number of each window and the index it gets in the session."""
        taken: set[int] = set()
        if self.order.into:
            words = ("list-windows", "-t", f"{self.session}:", "-F", "#{window_index}")
            taken = set(map(int, self.server.run([words])[0].text.split()))
        found = []
        following = self._base_index
        for number, window in enumerate(self.order.workspace.windows):
            index = following if window.number is None else window.number
            while index in taken:
                index += 1
            taken.add(index)
            found.append((number, index))
            following = index + 1
        return found

    def _run(self, commands: Sequence[CreationCommand]) -> None:
        answers = self.server.run([command.words for command in commands])
        for command, answer in zip(commands, answers, strict=True):
            self._take(command, answer)

    def _take(self, command: CreationCommand, answer: TmuxAnswer) -> None:
        purpose = command.purpose
        if not answer.is_done:
            self.problems[purpose] = answer.error
        elif purpose.what == "pane" and purpose.pane is not None:
            window, pane, pid, tty = split_fields(answer.text)
            self.made[purpose.window, purpose.pane] = MadePane(window, pane, int(pid or 0), tty)

    def _run_plain(self, commands: Sequence[tuple[str, ...]]) -> None:
        self.server.run(commands)

    def _focus(self) -> None:
        """Put the focus where it was, and remove the placeholder."""
        commands: list[tuple[str, ...]] = []
        sizes: list[CreationCommand] = []
        for number, window in enumerate(self.order.workspace.windows):
            panes = [self.made.get((number, index)) for index in range(len(window.panes))]
            ids = [made.id if made is not None else "" for made in panes]
            if all(ids):
                sizes += size_commands(window, number, ids)
            there = [(pane, key) for pane, key in zip(window.panes, ids, strict=True) if key]
            chosen = [key for pane, key in there if pane.is_last]
            chosen += [key for pane, key in there if pane.is_active] or [
                key for _, key in there[:1]
            ]
            commands += [("select-pane", "-t", key) for key in chosen]
            if (number, 0) in self.made:
                hook = layout_hook(window, self.made[number, 0].window, self._target)
                commands += [hook] if hook else []
            commands += [("resize-pane", "-Z", "-t", key) for pane, key in there if pane.is_zoomed]
        self._run(sizes)
        if not self.order.into:
            commands += self._window_focus()
        if self._placeholder:
            commands += self._without_placeholder()
        self._run_plain(commands)

    def _without_placeholder(self) -> Iterator[tuple[str, ...]]:
        """Yield what removes the placeholder, and leaves the gaps between indexes."""
        target = ("-t", f"{self.session}:")
        yield ("set-option", *target, _RENUMBERS, "off")
        yield ("kill-window", "-t", self._placeholder)
        yield ("set-option", "-u", *target, _RENUMBERS)
        workspace = self.order.workspace
        own = {key: item for key, item in workspace.options.items() if key == _RENUMBERS}
        for name, value in assignments(own) if workspace.is_allowed else ():
            yield ("set-option", *target, name, value)

    def _window_focus(self) -> list[tuple[str, ...]]:
        windows = self.order.workspace.windows
        there = [n for n in self._places if windows[n].link or (n, 0) in self.made]
        active = next((n for n in there if windows[n].is_active), there[0] if there else None)
        last = next((n for n in there if windows[n].is_last), None)
        return [
            ("select-window", "-t", f"{self.session}:{self._places[number]}")
            for number in (last, active)
            if number is not None
        ]

    # -- programs ------------------------------------------------------------------------

    def typed(self, place: Place) -> TypingState:
        """Return what became of what was to be typed into a pane; all panes are served.

        Raises:
          ToolError: the pane is not there.
        """
        return self.programs.typed(self.pane(place).id)

    def is_running(self, place: Place) -> bool:
        """Return whether a pane runs what it should; waits for all panes together, once."""
        return self.programs.is_running(place)

    # -- what comes last -----------------------------------------------------------------

    def finish(self) -> list[str]:
        """Serve the panes that only show old text, then set what must wait for all typing.

        Returns what tmux refused of that.
        """
        self.programs.serve()
        windows = {made.window for made in self.made.values()}
        self._run_plain(list(self._hooks.ending(self.session, windows)) if self.session else [])
        workspace = self.order.workspace
        commands: list[tuple[str, ...]] = []
        if workspace.is_allowed and not self.order.into and self.session:
            commands += _late((), f"{self.session}:", only_hooks(workspace.options))
        for place, made in self.made.items():
            if place[1] == 0:
                window = permitted(workspace.windows[place[0]])
                commands += _late(("-w",), made.window, window.options)
            spec = self.programs.spec(place)
            commands += _late(("-p",), made.id, spec.options if spec.is_allowed else {})
        answers = self.server.run(commands)
        pairs = zip(commands, answers, strict=True)
        return [f"{words[-2]}: {answer.error}" for words, answer in pairs if not answer.is_done]

    def misplaced(self) -> list[int]:
        """Return the windows whose panes do not lie as they should."""
        windows = self.order.workspace.windows
        wanted = {n: wanted_cells(window) for n, window in enumerate(windows)}
        asked = [n for n, cells in wanted.items() if cells is not None and (n, 0) in self.made]
        answers = self.server.run(
            [
                ("display-message", "-p", "-t", self.made[n, 0].window, "#{window_layout}")
                for n in asked
            ]
        )
        found = []
        for number, answer in zip(asked, answers, strict=True):
            cells, there = wanted[number], read_cells(answer.text.removesuffix("\n"))
            if cells is None or there is None or not has_same_places(cells, there):
                found.append(number)
        return found


def begin_together(restorations: Sequence[TmuxRestoration]) -> None:
    """Make several sessions and type into all their panes at once; the plans report it."""
    inputs: list[TypedInput] = []
    for one in restorations:
        with suppress(ToolError):  # its plan raises it
            one.open_session()
        inputs += one.programs.inputs()
    first = restorations[0]
    states = type_all(first.server, first.table, inputs, deadline_s=first.order.deadline_s)
    for one in restorations:
        one.programs.take(states)


def _late(
    flags: tuple[str, ...], target: str, options: Mapping[str, OptionValue]
) -> list[tuple[str, ...]]:
    chosen = {name: value for name, value in options.items() if is_late(name)}
    return [
        ("set-option", *flags, "-t", target, name, value) for name, value in assignments(chosen)
    ]
