"""Outline: what of a session other tools can hold, and the keys that they cannot.

Every key of a session is either in the outline or among the losses.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.exporters.words import shell_word
from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.directories import is_rooted, joined
from sessionctl.core.values import is_reference
from sessionctl.core.workspace.raw_text import from_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.values import Table, Value

_SESSION_LOST = {
    "description": "it is for people",
    "group": "it shows the windows of another session",
    "connections": "other tools keep no connections",
    "preferences": "they are for applications in the session",
    "apps": "it is the state of applications",
    "history": "it is what was typed",
    "tmux": "it is what the server had",
}
# What says nothing that is missed, or belongs to the file alone.
_SILENT = {"$schema", "schema_version", "id", "overrides", "last_saved", "last", "title"}


class Loss(NamedTuple):
    """A key that is not exported, and why."""

    path: KeyPath
    why: str


class PaneOutline(NamedTuple):
    """A pane: what is typed into its shell, or the program it is.

    ``program`` is an argv or, with a shell around it, a line for ``sh -c``. ``shell`` is
    another shell than the user's. ``cwd`` is relative to the window's.
    """

    path: KeyPath
    name: str = ""
    cwd: str = ""
    lines: tuple[str, ...] = ()
    is_entered: bool = True
    program: tuple[str, ...] = ()
    shell: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    focus: bool = False
    zoomed: bool = False


class WindowOutline(NamedTuple):
    """A window and its panes, one at least; ``cwd`` is relative to the root."""

    path: KeyPath
    name: str
    number: int | None
    layout: str
    cwd: str
    env: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    focus: bool
    panes: tuple[PaneOutline, ...]


class SessionOutline(NamedTuple):
    """A session; ``root`` is absolute, below ``~``, or relative to the exported file."""

    name: str
    root: str
    env: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    windows: tuple[WindowOutline, ...]
    losses: tuple[Loss, ...]


def outline_of(value: Table, directory: str) -> SessionOutline:
    """Return the outline of the session ``value``, its overrides resolved.

    ``directory`` is that of the session file, from where a relative root starts.
    """
    reader = _Outliner()
    fields = _Keys(value, KeyPath(), reader.losses)
    root = joined(directory, fields.text("root") or ".")
    session = SessionOutline(
        fields.text("name"),
        root,
        reader.env(fields),
        reader.options(fields),
        tuple(reader.window(item, KeyPath(["windows", n])) for n, item in fields.tables("windows")),
        (),
    )
    fields.rest(_SESSION_LOST)
    return session._replace(losses=tuple(reader.losses))


class _Keys:
    """The keys of a table, taken one by one; what is left is lost."""

    def __init__(self, table: Table, path: KeyPath, losses: list[Loss]) -> None:
        self.left = dict(table)
        self.path = path
        self.losses = losses

    def pop(self, key: str) -> Value | None:
        return self.left.pop(key, None)

    def text(self, key: str) -> str:
        value = self.pop(key)
        text = None if value is None else from_value(value)
        if value is not None and text is None:
            self.lose(key, "it is not text")
        return text or ""

    def truth(self, key: str) -> bool:
        return self.pop(key) is True

    def table(self, key: str) -> Table:
        value = self.pop(key)
        return value if isinstance(value, dict) else {}

    def tables(self, key: str) -> list[tuple[int, Table]]:
        value = self.pop(key)
        items = value if isinstance(value, list) else []
        return [(number, item) for number, item in enumerate(items) if isinstance(item, dict)]

    def lose(self, key: str, why: str) -> None:
        self.losses.append(Loss(self.path / key, why))

    def rest(self, reasons: Mapping[str, str]) -> None:
        for key in self.left:
            if key not in _SILENT:
                self.lose(key, reasons.get(key, "other tools have nothing like it"))


class _Outliner:
    def __init__(self) -> None:
        self.losses: list[Loss] = []

    def window(self, table: Table, path: KeyPath) -> WindowOutline:
        fields = _Keys(table, path, self.losses)
        index = fields.pop("index")
        fields.pop("size")  # that of the terminal when it was saved
        panes = tuple(self.pane(item, path / "panes" / n) for n, item in fields.tables("panes"))
        window = WindowOutline(
            path,
            fields.text("name"),
            index if isinstance(index, int) else None,
            fields.text("layout"),
            _plain(fields.text("cwd")),
            self.env(fields),
            self.options(fields),
            fields.truth("focus"),
            panes or (PaneOutline(path),),
        )
        fields.rest({"link": "it is a window of another session"})
        return window

    def pane(self, table: Table, path: KeyPath) -> PaneOutline:
        fields = _Keys(table, path, self.losses)
        pane = PaneOutline(
            path,
            name=fields.text("name"),
            cwd=_plain(fields.text("cwd")),
            env=self.env(fields),
            options=self.options(fields),
            focus=fields.truth("focus"),
            zoomed=fields.truth("zoomed"),
        )
        pane = self._with_run(pane, fields)
        fields.rest(
            {
                "resume": "sessionctl alone brings a program back so",
                "size": "the layout decides",
                "float": "other tools have no floating panes",
            }
        )
        return pane

    def _with_run(self, pane: PaneOutline, fields: _Keys) -> PaneOutline:
        run, start, shell = fields.pop("run"), fields.pop("start"), fields.pop("shell")
        if isinstance(shell, list):
            pane = pane._replace(shell=_argv(shell) or ())
        if run is None:
            return pane
        if start == "skip":
            fields.lose("run", 'start = "skip" leaves it out')
            return pane
        if isinstance(run, list):
            argv = _argv(run)
            words = None if argv is None else [shell_word(word) for word in argv]
            if argv is None or words is None or None in words:
                fields.lose("run", "it has bytes that cannot be written as text")
                return pane
            lines: tuple[str, ...] = (" ".join(map(str, words)),)
        else:
            argv = ("sh", "-c", str(run))
            lines = tuple(str(run).strip("\n").split("\n"))
        if shell is False and start != "type":
            return pane._replace(program=argv)
        return pane._replace(lines=lines, is_entered=start != "type")

    def env(self, fields: _Keys) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for name, value in fields.table("env").items():
            text = from_value(value)
            if text is not None and not _is_raw(text):
                found.append((name, text))
            elif is_reference(value):
                why = "it is a secret; set it yourself"
                self.losses.append(Loss(fields.path / "env" / name, why))
            else:
                self.losses.append(Loss(fields.path / "env" / name, "it is not a plain value"))
        return tuple(found)

    def options(self, fields: _Keys) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for name, value in fields.table("options").items():
            if isinstance(value, bool):
                found.append((name, "on" if value else "off"))
            elif isinstance(value, str | int):
                found.append((name, str(value)))
            elif isinstance(value, list):
                found += [(f"{name}[{n}]", str(item)) for n, item in enumerate(value)]
        return tuple(found)


def _argv(value: list[Value]) -> tuple[str, ...] | None:
    words = [from_value(item) for item in value]
    return None if None in words or not words else tuple(map(str, words))


def _plain(cwd: str) -> str:
    return "" if cwd == "." else cwd


def _is_raw(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def pane_directory(root: str, window: str, pane: str) -> str:
    """Return the directory of a pane as seen from where ``root`` is seen from."""
    return pane if is_rooted(pane) else joined(joined(root, window), pane)
