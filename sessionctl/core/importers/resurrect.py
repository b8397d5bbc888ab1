"""The file that tmux-resurrect saves, ``last``: lines of fields with tabs between them.

The rules are those of tmux-resurrect 4 (scripts/save.sh), and of version 2, whose panes had
the name of the window and no title.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.nodes.source_node import SourceList, SourceScalar
from sessionctl.core.importers.parts.commands import TypedLine, command, put_lines
from sessionctl.core.importers.parts.focus import keep_one
from sessionctl.core.importers.parts.layouts import layout
from sessionctl.core.importers.parts.ledger import DOUBT, LOST, NOTE, REPAIRED
from sessionctl.core.importers.parts.names import NAME, number_windows, session_name
from sessionctl.core.importers.resurrect_lines import pane_fields
from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.directories import normal, with_home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.importers.resurrect_lines import PaneFields
    from sessionctl.core.values import Table

_SHELLS = {
    "ash", "bash", "csh", "dash", "elvish", "fish", "ksh", "mksh", "nu", "sh", "tcsh", "xonsh",
    "zsh",
}  # fmt: skip
_LINES = ("pane", "window", "grouped_session", "state")
_DEAD = "<defunct>"


class _OpenPane(NamedTuple):
    """A pane whose command may go on in the ``lines`` below it."""

    pane: Table
    found: PaneFields
    lines: list[SourceScalar]


def read(root: Node, ledger: Ledger, importing: Importing) -> tuple[ImportedSession, ...]:
    """Return the sessions of the saved lines in ``root``."""
    assert isinstance(root, SourceList)
    reader = _Save(ledger)
    for line in root.items:
        assert isinstance(line, SourceList)
        reader.line(line)
    reader.close()
    return reader.sessions(importing)


class _Save:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.panes: dict[tuple[str, int], list[tuple[int, Table]]] = {}
        self.windows: dict[str, dict[int, Table]] = {}
        self.layouts: dict[tuple[str, int], SourceScalar] = {}
        self.names: dict[str, SourceScalar] = {}
        self.open: _OpenPane | None = None

    def line(self, line: SourceList) -> None:
        fields = [field for field in line.items if isinstance(field, SourceScalar)]
        kind = fields[0].text
        if kind in _LINES:
            self.close()
        if any("\ufffd" in field.text for field in fields):
            message = "bytes that are not UTF-8 are replaced here"
            self.ledger.report(REPAIRED, line, message)
        if kind == "pane":
            self._pane(line, fields)
        elif kind == "window":
            self._window(line, fields)
        elif kind == "grouped_session":
            self._whole(line, LOST, "a session that shows the windows of another one is left out")
        elif kind == "state":
            self._whole(line, NOTE, "the session looked at last, and the one before")
        elif self.open is not None:
            self.ledger.use(line)
            self.open.lines.append(self._text_of(line))
        else:
            self._whole(line, LOST, "not a line of tmux-resurrect, left out")

    def close(self) -> None:
        """Give the pane above its command: no more lines can belong to it."""
        if self.open is not None:
            self._put_command(*self.open)
        self.open = None

    def sessions(self, importing: Importing) -> tuple[ImportedSession, ...]:
        found: list[ImportedSession] = []
        for name, windows in self.windows.items():
            value: Table = {"name": session_name(self.ledger, self.names[name], importing.stem)}
            built: list[Table] = []
            for index in sorted(windows):
                window = windows[index]
                panes = [pane for _, pane in sorted(self.panes.get((name, index), []), key=_first)]
                scalar = self.layouts.get((name, index))
                arranged = layout(self.ledger, scalar, max(1, len(panes)))
                if arranged:
                    window["layout"] = arranged
                keep_one(self.ledger, panes, scalar)
                if panes:
                    window["panes"] = panes  # type: ignore[assignment]
                built.append(window)
            keep_one(self.ledger, built, self.names[name])
            number_windows(built)
            value["windows"] = built  # type: ignore[assignment]
            found.append(ImportedSession(value))
        return tuple(found)

    # -- lines -----------------------------------------------------------------------------

    def _whole(self, line: SourceList, rule: str, message: str) -> None:
        self.ledger.use(line)
        text = self._text_of(line)
        self.ledger.report(rule, text, f"{message} ({self.ledger.shown(text)})")

    def _text_of(self, line: SourceList) -> SourceScalar:
        written = self.ledger.source[line.span.start : line.span.end]
        return SourceScalar(written, written, line.span, line.path)

    def _window_at(self, session: SourceScalar, number: SourceScalar) -> Table:
        self.names.setdefault(session.text, session)
        windows = self.windows.setdefault(session.text, {})
        index = number.number or 0
        return windows.setdefault(index, {"name": "", "index": index})

    def _window(self, line: SourceList, fields: list[SourceScalar]) -> None:
        self.ledger.use(line)
        if len(fields) < 6 or fields[2].number is None:
            self._whole(line, LOST, "a window with too few fields is left out")
            return
        window = self._window_at(fields[1], fields[2])
        if (fields[1].text, fields[2].number) in self.layouts:
            self._whole(line, REPAIRED, "this window is repeated; the first one counts")
            return
        rest = fields[3:]
        if rest[0].text.startswith(":"):
            name = rest.pop(0)
            window["name"] = self.ledger.text(name, NAME)[1:]
        is_active, flags = rest[0].text, rest[1].text
        if is_active == "1":
            window["focus"] = True
        elif "-" in flags:
            window["last"] = True
        if len(rest) > 2:
            self.layouts[fields[1].text, fields[2].number] = rest[2]
        renames = rest[3].text if len(rest) > 3 else ":"
        if renames in ("on", "off"):
            window["options"] = {"automatic-rename": renames == "on"}

    def _pane(self, line: SourceList, fields: list[SourceScalar]) -> None:
        found = pane_fields(fields)
        self.ledger.use(line)
        if found is None:
            self._whole(line, LOST, "a pane with fields that make no sense is left out")
            return
        key = (found.session.text, found.window.number or 0)
        number = found.number.number or 0
        if number in [other for other, _ in self.panes.get(key, [])]:
            self._whole(line, REPAIRED, "this pane is repeated; the first one counts")
            return
        if found.is_shifted:
            message = "the title was empty, and what follows had moved one field to the left"
            self.ledger.report(REPAIRED, found.path, message)
        window = self._window_at(found.session, found.window)
        if found.window_name is not None and not window["name"]:
            window["name"] = self.ledger.text(found.window_name, NAME)[1:]
        pane: Table = {}
        if found.title is not None and found.title.text:
            pane["title"] = self.ledger.text(found.title, NAME)
        cwd = self._directory(found.path)
        if cwd:
            pane["cwd"] = cwd
        if found.is_active:
            pane["focus"] = True
            if "Z" in found.flags.text:
                pane["zoomed"] = True
        self.open = _OpenPane(pane, found, [])
        self.panes.setdefault(key, []).append((number, pane))

    def _directory(self, scalar: SourceScalar) -> str:
        """Return the directory; the saver escapes the first space of it and no other."""
        path = scalar.text.removeprefix(":").replace("\\ ", " ", 1)
        path = self.ledger.without_secrets(path, scalar.span, scalar.path, KeyPath(["cwd"]))
        return with_home(normal(path), self.ledger.home)

    def _put_command(self, pane: Table, found: PaneFields, lines: list[SourceScalar]) -> None:
        """Let ``pane`` run its command, typed and not entered.

        The saver writes what the shell of a pane has started: of several programs each has a
        line, the one in front anywhere among them, and a dead one is "<defunct>".
        """
        own = self._own_command(found)
        candidates = [*([own] if own is not None else []), *lines]
        in_front = [one for one in candidates if _program(one) == found.name not in _SHELLS]
        chosen = own if own is not None and own.text != _DEAD else None
        if in_front and own not in in_front:
            [chosen, *_] = in_front
            message = f"this is {found.name}, which ran in front in the pane above; it is taken"
            self.ledger.report(REPAIRED, chosen, message)
        if chosen is None and found.name not in _SHELLS and found.name:
            message = f'"{found.name}" ran here, but the file does not say with which arguments'
            self.ledger.report(DOUBT, found.program, message)
        for other in candidates:
            if other is not chosen:
                self._leave_out(other, chosen)
        if chosen is None:
            return
        if found.is_shifted:
            message = "fields had moved here, so this may be the command of another process"
            self.ledger.report(DOUBT, chosen, message, "check whether it belongs to this pane")
        put_lines(pane, [TypedLine(command(self.ledger, chosen).text, enter=False)])
        message = "the words of the command were run together by the saver; it is typed, not run"
        if len(chosen.text.split()) > 1:
            self.ledger.report(DOUBT, chosen, message, 'look at it, then remove start = "type"')

    def _own_command(self, found: PaneFields) -> SourceScalar | None:
        line = found.command.text.removeprefix(":").strip() if found.command is not None else ""
        return found.command._replace(text=line) if line and found.command is not None else None

    def _leave_out(self, line: SourceScalar, chosen: SourceScalar | None) -> None:
        shown = self.ledger.shown(line)
        if line.text.strip() == _DEAD or (chosen and line.text.strip() == chosen.text.strip()):
            message = f"{shown} is left out: a program that had ended, or a duplicate"
            self.ledger.report(REPAIRED, line, message)
        else:
            message = (
                f"{shown} is left out: one more program of this pane, or the rest of its command"
            )
            self.ledger.report(LOST, line, message)


def _program(line: SourceScalar) -> str:
    words = line.text.split(maxsplit=1)
    return words[0].rpartition("/")[2].removeprefix("-") if words else ""


def _first(pair: tuple[int, Table]) -> int:
    return pair[0]
