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
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.session.directories import normal, with_home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table

_SHELLS = {
    "ash", "bash", "csh", "dash", "elvish", "fish", "ksh", "mksh", "nu", "sh", "tcsh", "xonsh",
    "zsh",
}  # fmt: skip


class _PaneFields(NamedTuple):
    """The fields of a pane line, each in its place."""

    session: SourceScalar
    window: SourceScalar
    window_name: SourceScalar | None
    flags: SourceScalar
    number: SourceScalar
    title: SourceScalar | None
    path: SourceScalar
    is_active: bool
    program: SourceScalar
    command: SourceScalar | None


def read_lines(text: str) -> SourceList:
    """Return the lines of a file as lists of fields; empty lines are left out."""
    lines: list[Node] = []
    offset = 0
    for line in text.split("\n"):
        body = line.rstrip("\r")
        if body.strip():
            fields: list[Node] = []
            start = offset
            for field in body.split("\t"):
                fields.append(SourceScalar(field, field, Span(start, start + len(field))))
                start += len(field) + 1
            span = Span(offset, offset + len(body))
            lines.append(SourceList(tuple(fields), span))
        offset += len(line) + 1
    return SourceList(tuple(lines), Span(0, len(text)))


def read(root: Node, ledger: Ledger, importing: Importing) -> tuple[ImportedSession, ...]:
    """Return the sessions of the saved lines in ``root``."""
    assert isinstance(root, SourceList)
    reader = _Save(ledger)
    for line in root.items:
        assert isinstance(line, SourceList)
        reader.line(line)
    return reader.sessions(importing)


class _Save:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.panes: dict[tuple[str, int], list[tuple[int, Table]]] = {}
        self.windows: dict[str, dict[int, Table]] = {}
        self.layouts: dict[tuple[str, int], SourceScalar] = {}
        self.names: dict[str, SourceScalar] = {}

    def line(self, line: SourceList) -> None:
        fields = [field for field in line.items if isinstance(field, SourceScalar)]
        kind = fields[0].text
        if kind == "pane":
            self._pane(line, fields)
        elif kind == "window":
            self._window(line, fields)
        elif kind == "grouped_session":
            self._whole(line, LOST, "a session that shows the windows of another one is left out")
        elif kind == "state":
            self._whole(line, NOTE, "the session looked at last, and the one before")
        else:
            self._whole(
                line,
                LOST,
                "this is no line of tmux-resurrect, left out: perhaps the "
                "rest of a command above, or one more program of that pane",
            )

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
        written = self.ledger.source[line.span.start : line.span.end]
        text = SourceScalar(written, written, line.span, line.path)
        self.ledger.report(rule, text, f"{message} ({self.ledger.shown(text)})")

    def _window_at(self, session: SourceScalar, number: SourceScalar) -> Table:
        self.names.setdefault(session.text, session)
        windows = self.windows.setdefault(session.text, {})
        index = int(number.text)
        return windows.setdefault(index, {"name": "", "index": index})

    def _window(self, line: SourceList, fields: list[SourceScalar]) -> None:
        self.ledger.use(line)
        if len(fields) < 6 or not fields[2].text.isdecimal():
            self._whole(line, LOST, "a window with too few fields is left out")
            return
        window = self._window_at(fields[1], fields[2])
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
            self.layouts[fields[1].text, int(fields[2].text)] = rest[2]
        renames = rest[3].text if len(rest) > 3 else ":"
        if renames in ("on", "off"):
            window["options"] = {"automatic-rename": renames == "on"}

    def _pane(self, line: SourceList, fields: list[SourceScalar]) -> None:
        found = _pane_fields(fields)
        self.ledger.use(line)
        if found is None:
            self._whole(line, LOST, "a pane with fields that make no sense is left out")
            return
        if found.title is None and found.window_name is None:
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
        self._put_command(pane, found)
        if found.is_active:
            pane["focus"] = True
            if "Z" in found.flags.text:
                pane["zoomed"] = True
        key = (found.session.text, int(found.window.text))
        self.panes.setdefault(key, []).append((int(found.number.text), pane))

    def _directory(self, scalar: SourceScalar) -> str:
        """Return the directory; the saver escapes the first space of it and no other."""
        path = scalar.text.removeprefix(":").replace("\\ ", " ", 1)
        path = self.ledger.without_secrets(path, scalar.span, scalar.path, KeyPath(["cwd"]))
        return with_home(normal(path), self.ledger.home)

    def _put_command(self, pane: Table, found: _PaneFields) -> None:
        line = found.command.text.removeprefix(":").strip() if found.command is not None else ""
        program = found.program.text.removeprefix("-")
        if not line or found.command is None:
            if program and program not in _SHELLS:
                message = f'"{program}" ran here, and what it was started with is not in the file'
                self.ledger.report(DOUBT, found.program, message)
            return
        scalar = found.command._replace(text=line)
        put_lines(pane, [TypedLine(command(self.ledger, scalar).text, enter=False)])
        message = "the words of the command were run together by the saver; it is typed, not run"
        if len(line.split()) > 1:
            self.ledger.report(DOUBT, scalar, message, 'look at it, then remove start = "type"')


def _pane_fields(fields: list[SourceScalar]) -> _PaneFields | None:
    """Return the fields of a pane line, each in its place; None where that is past finding.

    A saver that reads fields with a shell loses an empty title: all behind it move one to
    the left, and the number of lines of history ends up where the process id was.
    """
    if len(fields) < 9 or not fields[2].text.isdecimal():
        return None
    _, session, window, *rest = fields
    window_name = rest.pop(0) if rest[0].text.startswith(":") else None
    if len(rest) < 6 or rest[0].text not in ("0", "1") or not rest[2].text.isdecimal():
        return None
    flags, index, *rest = rest[1:]
    title: SourceScalar | None = None
    if window_name is None and (not rest[0].text.startswith(":") or _is_title(*rest[:3])):
        title = rest.pop(0)
    if len(rest) < 3 or not _is_path(rest[0], rest[1]):
        return None
    path, active, program, *rest = rest
    number = next((i for i, field in enumerate(rest) if field.text.startswith(":")), len(rest))
    line = None
    if number < len(rest):  # a command may have tabs in it
        text = "\t".join(field.text for field in rest[number:])
        first, last = rest[number], rest[-1]
        line = first._replace(text=text, value=text, span=Span(first.span.start, last.span.end))
    return _PaneFields(
        session, window, window_name, flags, index, title, path, active.text == "1", program, line
    )


def _is_path(field: SourceScalar, following: SourceScalar) -> bool:
    return field.text.startswith(":") and following.text in ("0", "1")


def _is_title(field: SourceScalar, following: SourceScalar, after: SourceScalar) -> bool:
    return _is_path(following, after) and not _is_path(field, following)


def _first(pair: tuple[int, Table]) -> int:
    return pair[0]
