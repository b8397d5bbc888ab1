"""Creation: the tmux commands that make windows and panes, each with what it is for."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.workspace.layout import NAMES, LayoutPane, arrange
from sessionctl.core.workspace.layout_cells import (
    LayoutCell,
    leaves,
    read_cells,
    write_cells,
)
from sessionctl.core.workspace.shell_line import shell_command
from sessionctl.core.workspace.workspace import AUTOMATIC_NAME
from sessionctl.services.live.tmux.capture import OWN_HOOK, OWN_OPTIONS, RESUME_OPTION
from sessionctl.services.live.tmux.hook_pause import is_hook
from sessionctl.system.tmux.answer_fields import fields_format
from sessionctl.system.tmux.command_text import command_line, escape_format
from sessionctl.system.tmux.option_text import assignments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sessionctl.core.workspace.layout import Layout
    from sessionctl.core.workspace.workspace import (
        EnvValue,
        FloatPlace,
        OptionValue,
        WorkspaceWindow,
    )

PANE_FIELDS = ("window_id", "pane_id", "pane_pid", "pane_tty")
PANE_FORMAT = fields_format(PANE_FIELDS)

_FLOATS_FROM = (3, 7)
_RESIZE_HOOK_FROM = (3, 3)
_UNHOOK = ("set-hook", "-u", "-w")


def is_late(name: str) -> bool:
    """Return whether an option must wait until all is made and typed.

    With synchronized panes, keys that are typed into one go into all of them; a hook is for
    what a person does.
    """
    return name == "synchronize-panes" or is_hook(name)


class Purpose(NamedTuple):
    """What a command is for: a window (all of it with ``pane`` None) and what of it."""

    window: int
    pane: int | None
    what: str


class CreationCommand(NamedTuple):
    """A command of tmux and its purpose."""

    words: tuple[str, ...]
    purpose: Purpose


class PaneStart(NamedTuple):
    """How a pane begins: where, and with which process; no words are the default shell."""

    cwd: str
    words: tuple[str, ...] = ()
    env: Mapping[str, EnvValue] = {}


class TargetServer(NamedTuple):
    """What the commands for a server depend on; ``sessions`` are the ids by their names."""

    version: tuple[int, int]
    automatic_names: bool = True
    sessions: Mapping[str, str] = {}

    @property
    def is_exact(self) -> bool:
        """Whether a format can give any text as it is."""
        return self.version >= (3, 6)

    def plain(self, text: str) -> str:
        """Return ``text`` for an argument that this server takes for a format."""
        return escape_format(text, is_exact=self.is_exact)


def process_words(argv: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments with which tmux starts just ``argv``.

    Two and more arguments are started as they are; a single one tmux would give to the user's
    shell, which may be any and reads its start-up files first.
    """
    return ("sh", "-c", shell_command(argv)) if len(argv) == 1 else tuple(argv)


def window_commands(
    target: str,
    window: WorkspaceWindow,
    starts: Sequence[PaneStart],
    number: int,
    server: TargetServer,
) -> Iterator[CreationCommand]:
    """Yield the commands that make ``window`` at ``target``, ``$1:3``, with all its panes.

    The first one of each pane prints ``PANE_FORMAT``.
    """
    if window.link:
        yield from _link(target, window, number, server)
        return
    tiled = [index for index, pane in enumerate(window.panes) if pane.floating is None] or [0]
    for index in tiled:
        made: tuple[str, ...] = ("split-window", "-t", target)
        if index == tiled[0]:
            made = ("new-window", "-d", "-t", target, "-n", server.plain(window.name))
        words = (*made, *_start(starts[index], window.env, server))
        yield CreationCommand(words, Purpose(number, index, "pane"))
        if index == tiled[0]:
            yield from _window_options(target, window, number, server)
        elif len(tiled) > 2:
            # Bare splits halve the last pane until there is no room.
            words = ("select-layout", "-t", target, "tiled")
            yield CreationCommand(words, Purpose(number, index, "room"))
        yield from _pane_settings(target, window, Purpose(number, index, ""), server)
    yield from _layout(target, window, number)
    for index, pane in enumerate(window.panes):
        if index not in tiled and pane.floating is not None:
            made = _floating(target, pane.floating, server)
            words = (*made, *_start(starts[index], window.env, server))
            yield CreationCommand(words, Purpose(number, index, "pane"))
            yield from _pane_settings(target, window, Purpose(number, index, ""), server)


def _floating(target: str, place: FloatPlace, server: TargetServer) -> tuple[str, ...]:
    """Return the command for a pane above the others; before 3.7 it is one of them."""
    if server.version < _FLOATS_FROM:
        return ("split-window", "-t", target, "-l", str(place.height))
    size = ("-x", str(place.width), "-y", str(place.height))
    return ("new-pane", "-t", target, *size, "-X", str(place.x), "-Y", str(place.y))


def _link(
    target: str, window: WorkspaceWindow, number: int, server: TargetServer
) -> Iterator[CreationCommand]:
    """Yield the command that shows a window of another session at ``target`` too."""
    name, _, index = window.link.rpartition(":")
    # A session that does not run is an error that names it.
    source = f"{server.sessions.get(name, '=' + name)}:{index}"
    words = ("link-window", "-d", "-s", source, "-t", target)
    yield CreationCommand(words, Purpose(number, None, "link"))


def _pane_settings(
    target: str, window: WorkspaceWindow, place: Purpose, server: TargetServer
) -> Iterator[CreationCommand]:
    """Yield what is set for the pane that was just made, which is the active one."""
    pane = window.panes[place.pane or 0]
    if pane.title:
        words: tuple[str, ...] = ("select-pane", "-t", target, "-T", server.plain(pane.title))
        yield CreationCommand(words, place._replace(what="title"))
    for name, value in assignments(pane.options):
        # Only a program may register for itself what is saved as trusted.
        if not is_late(name) and not name.startswith(OWN_OPTIONS):
            words = ("set-option", "-p", "-t", target, name, value)
            yield CreationCommand(words, place._replace(what=f"option {name}"))
    if pane.resume is not None:
        words = ("set-option", "-p", "-t", target, RESUME_OPTION, command_line(pane.resume))
        yield CreationCommand(words, place._replace(what="resume"))


def layout_text(window: WorkspaceWindow) -> str:
    """Return the layout of ``window`` as ``select-layout`` takes it; "" for one pane's.

    Panes that float are not in it.
    """
    count = sum(pane.floating is None for pane in window.panes)
    if count < 2 and not read_cells(window.layout):
        # Before 3.3 a new window takes the size of its session from the server alone.
        size = window.size
        return "" if size is None else write_cells(LayoutCell(size.width, size.height, 0, 0))
    if window.layout in NAMES:
        return window.layout
    cells = read_cells(window.layout)
    if cells is None or sum(1 for _ in leaves(cells)) != count:
        return "tiled" if count > 1 else ""
    return write_cells(cells)


def wanted_cells(window: WorkspaceWindow) -> LayoutCell | None:
    """Return where the panes of ``window`` shall lie, where its layout says that."""
    cells = read_cells(window.layout)
    count = sum(pane.floating is None for pane in window.panes)
    if cells is None or sum(1 for _ in leaves(cells)) != count:
        return None
    return cells


def _is_plain(name: str) -> bool:
    return name.isprintable() and "\\" not in name and "$" not in name


def _start(
    start: PaneStart, around: Mapping[str, EnvValue], server: TargetServer
) -> tuple[str, ...]:
    words = ["-c", server.plain(start.cwd), "-P", "-F", PANE_FORMAT]
    for name, value in {**around, **start.env}.items():
        if isinstance(value, str):
            words += ["-e", f"{name}={value}"]
    return (*words, "--", *start.words) if start.words else tuple(words)


def _window_options(
    target: str, window: WorkspaceWindow, number: int, server: TargetServer
) -> Iterator[CreationCommand]:
    if not _is_plain(window.name):
        # new-window -n stores a name as it is, rename-window as tmux shows names.
        words: tuple[str, ...] = ("rename-window", "-t", target, "--", server.plain(window.name))
        yield CreationCommand(words, Purpose(number, None, "name"))
    for name, value in assignments(window.options):
        if is_late(name):
            continue
        words = ("set-option", "-w", "-t", target, name, value)
        if name == AUTOMATIC_NAME and value == "on" and server.automatic_names:
            words = ("set-option", "-w", "-u", "-t", target, name)
        yield CreationCommand(words, Purpose(number, None, f"option {name}"))


def _layout(target: str, window: WorkspaceWindow, number: int) -> Iterator[CreationCommand]:
    text = layout_text(window)
    if not text:
        return
    purpose = Purpose(number, None, "layout")
    yield CreationCommand(("select-layout", "-t", target, text), purpose)


def layout_hook(window: WorkspaceWindow, key: str, server: TargetServer) -> tuple[str, ...]:
    """Return the command that has the layout of the window ``key`` set again, once; () for none.

    A terminal of another size that attaches first bends a layout, and the saved size does not
    bend it back: so when the window comes back to that size, with as many panes.
    """
    cells = wanted_cells(window)
    count = len(window.panes)
    if cells is None or count < 2 or server.version < _RESIZE_HOOK_FROM:
        return ()
    wanted = f"{cells.width} {cells.height} {count}"
    condition = f"#{{==:#{{window_width}} #{{window_height}} #{{window_panes}},{wanted}}}"
    again = (("select-layout", "-t", key, write_cells(cells)), (*_UNHOOK, "-t", key, OWN_HOOK))
    inner = " ; ".join(map(command_line, again))
    whole = command_line(("if-shell", "-F", "-t", key, condition, inner))
    return ("set-hook", "-w", "-t", key, OWN_HOOK, whole)


def size_commands(
    window: WorkspaceWindow, number: int, panes: Sequence[str]
) -> Iterator[CreationCommand]:
    """Yield the commands that give the panes with these ids the sizes they ask for.

    A layout string says it all already; only with a layout's name they count.
    """
    if layout_text(window) not in NAMES:
        return
    rows = dict(_directions(arrange(layout_text(window), len(window.panes))))
    for index, pane in enumerate(window.panes):
        if pane.size is not None and index in rows:
            flag = "-x" if rows[index] else "-y"
            words = ("resize-pane", "-t", panes[index], flag, str(pane.size))
            yield CreationCommand(words, Purpose(number, index, "size"))


def _directions(layout: Layout) -> Iterator[tuple[int, bool]]:
    """Yield each pane that has a neighbour, and whether that is beside it."""
    if isinstance(layout, LayoutPane):
        return
    for _, part in layout.parts:
        if isinstance(part, LayoutPane):
            yield part.number, layout.is_row
        else:
            yield from _directions(part)


def option_commands(
    target: str, options: Mapping[str, OptionValue], number: int = -1
) -> Iterator[CreationCommand]:
    """Yield the commands that set the options of a session."""
    for name, value in assignments(options):
        words = ("set-option", "-t", target, name, value)
        yield CreationCommand(words, Purpose(number, None, f"option {name}"))


def variable_commands(target: str, env: Mapping[str, EnvValue]) -> Iterator[CreationCommand]:
    """Yield the commands that set the variables of a session."""
    for name, value in env.items():
        purpose = Purpose(-1, None, f"variable {name}")
        if value is None:
            yield CreationCommand(("set-environment", "-r", "-t", target, name), purpose)
        elif isinstance(value, str):
            words = ("set-environment", "-t", target, "--", name, value)
            yield CreationCommand(words, purpose)
