"""A session as a file of tmuxp, in YAML."""

from __future__ import annotations

import json
import re

from sessionctl.core.exporters.outline import Loss
from sessionctl.core.exporters.words import in_quotes, tmux_name
from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.directories import is_rooted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.exporters.outline import PaneOutline, SessionOutline, WindowOutline

_PLAIN = re.compile(r"[A-Za-z_./~][\w ./~@%+=,()-]*(?<! )")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~", "blank", "pane"}
_NOT_IN_NAMES = str.maketrans(".:#", "___")
# What is in single quotes; an escaped character or double quotes before it do not count.
_QUOTED = re.compile(r"""\\.|"(?:\\.|[^"\\])*"|'[^']*'""", re.DOTALL)
_VARIABLE = re.compile(r"\$(?=[\w{])")


def render_tmuxp(session: SessionOutline) -> tuple[str, tuple[Loss, ...]]:
    """Return the file, and what it cannot say beside what the outline lacks already."""
    writer = _TmuxpWriter()
    writer.session(session)
    return "\n".join(writer.lines) + "\n", tuple(writer.losses)


class _TmuxpWriter:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.losses: list[Loss] = []

    def session(self, session: SessionOutline) -> None:
        name = session.name.translate(_NOT_IN_NAMES)
        if name != session.name:
            why = f'tmuxp refuses a name with ".", ":" or "#"; it is called {name}'
            self.losses.append(Loss(KeyPath(["name"]), why))
        self.put(0, "session_name", name)
        self.put(0, "start_directory", _directory(session.root))
        self.table(0, "environment", session.env)
        self.table(0, "options", session.options)
        self.lines.append("windows:")
        for window in session.windows:
            self.window(window)

    def window(self, window: WindowOutline) -> None:
        start = len(self.lines)
        if window.name:
            self.put(1, "window_name", tmux_name(window.name))
        if window.number is not None:
            self.lines.append(f"    window_index: {window.number}")
        # Without one tmuxp halves the last pane each time; a restored session is tiled.
        layout = window.layout or ("tiled" if len(window.panes) > 1 else "")
        if layout:
            self.put(1, "layout", layout)
        # A pane's relative directory starts from that of the window, which must be there.
        if window.cwd or any(pane.cwd and not is_rooted(pane.cwd) for pane in window.panes):
            self.put(1, "start_directory", _directory(window.cwd or "."))
        if window.focus:
            self.lines.append("    focus: true")
        self.table(1, "environment", window.env)
        late = tuple(pair for pair in window.options if pair[0] == "synchronize-panes")
        self.table(1, "options", tuple(pair for pair in window.options if pair not in late))
        self.table(1, "options_after", late)
        self.lines.append("    panes:")
        # Without one the pane that was made last is active in tmuxp; here it is the first.
        has_focus = len(window.panes) < 2 or any(pane.focus for pane in window.panes)
        for index, pane in enumerate(window.panes):
            self.pane(pane, window, has_focus=pane.focus or not (has_focus or index))
        self.lines[start] = f"  - {self.lines[start].lstrip()}"

    def pane(self, pane: PaneOutline, window: WindowOutline, *, has_focus: bool) -> None:
        for key, is_there in (("name", pane.name), ("zoomed", pane.zoomed)):
            if is_there:
                self.losses.append(Loss(pane.path / key, "tmuxp has nothing like it"))
        if pane.options:
            self.losses.append(Loss(pane.path / "options", "tmuxp has no options of panes"))
        start = len(self.lines)
        lines = [_typed(line) for line in pane.lines]
        if pane.cwd:
            self.put(3, "start_directory", _directory(pane.cwd))
        if has_focus:
            self.lines.append("        focus: true")
        if pane.program or pane.shell:
            self.put(3, "shell", " ".join(map(in_quotes, pane.program or pane.shell)))
        if pane.env:
            # A pane's environment stands in place of the window's, not beside it.
            self.table(3, "environment", tuple({**dict(window.env), **dict(pane.env)}.items()))
        has_keys = len(self.lines) > start
        if not has_keys and len(lines) == 1 and pane.is_entered:
            self.lines.append(f"      - {_scalar(lines[0])}")
            return
        if not has_keys and not lines:
            self.lines.append("      - blank")
            return
        self.commands(lines, is_entered=pane.is_entered)
        self.lines[start] = f"      - {self.lines[start].lstrip()}"

    def commands(self, lines: list[str], *, is_entered: bool) -> None:
        if not lines:
            return
        self.lines.append("        shell_command:")
        for number, line in enumerate(lines):
            if number < len(lines) - 1 or is_entered:
                self.lines.append(f"          - {_scalar(line)}")
            else:
                self.lines.append(f"          - cmd: {_scalar(line)}")
                self.lines.append("            enter: false")

    def put(self, depth: int, key: str, value: str) -> None:
        self.lines.append(f"{_indent(depth)}{key}: {_scalar(value)}")

    def table(self, depth: int, key: str, pairs: tuple[tuple[str, str], ...]) -> None:
        if pairs:
            self.lines.append(f"{_indent(depth)}{key}:")
            self.lines += [f"{_indent(depth)}  {_scalar(k)}: {_scalar(v)}" for k, v in pairs]


def _indent(depth: int) -> str:
    """Return the space before a key of the session, a window (1) or a pane (3)."""
    return {0: "", 1: " " * 4, 3: " " * 8}[depth]


def _directory(path: str) -> str:
    """Return a directory as tmuxp takes it: relative ones start with a dot."""
    path = tmux_name(path)
    return path if is_rooted(path) or path.startswith(".") else f"./{path}"


def _typed(line: str) -> str:
    """Return a line that tmuxp types as it stands.

    It puts in variables itself, in single quotes too, where the shell would not.
    """
    line = _QUOTED.sub(_unexpanded, line)
    return f"{line[:-1]}\\;" if line.endswith(";") else line


def _unexpanded(match: re.Match[str]) -> str:
    return _VARIABLE.sub("$''", match[0]) if match[0].startswith("'") else match[0]


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    # JSON's strings are YAML's, but for the characters that YAML does not print.
    return json.dumps(text, ensure_ascii=not text.isprintable())
