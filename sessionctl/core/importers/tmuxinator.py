"""Files of tmuxinator: YAML, after its Ruby templates were filled in.

The rules are those of tmuxinator 3 (lib/tmuxinator/{project,window,pane}.rb).
"""

from __future__ import annotations

from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.nodes.source_node import SourceList, SourceMap, SourceScalar
from sessionctl.core.importers.parts.commands import TypedLine, commands, put_lines
from sessionctl.core.importers.parts.layouts import layout
from sessionctl.core.importers.parts.ledger import CHANGED, DOUBT, NOTE
from sessionctl.core.importers.parts.names import NAME, number_windows, session_name
from sessionctl.core.importers.parts.places import directory
from sessionctl.core.session.directories import is_rooted
from sessionctl.core.text.near_words import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Fields, Ledger
    from sessionctl.core.values import Table

_LOST = {
    "attach": "'sessionctl open' attaches, 'restore' does not",
    "socket_name": "the server is chosen with --tmux-socket",
    "socket_path": "the server is chosen with --tmux-socket",
    "tmux_options": "they are options of the tmux program, which a session file does not contain",
    "cli_args": "they are options of the tmux program, which a session file does not contain",
    "tmux_command": "sessionctl speaks to tmux itself",
    "tmux_detached": "'sessionctl open' attaches, 'restore' does not",
}
_RUNS = {
    "on_project_start": "whenever the project is started",
    "on_project_first_start": "when the project is started first",
    "on_project_restart": "when the project is started again",
    "on_project_exit": "when you leave the project",
    "on_project_stop": "when the project is stopped",
    "pre": "outside tmux, before it builds the session",
    "post": "outside tmux, after it built the session",
}
# Of these the first that is there holds, with what is typed before its value.
_BEFORE = (("rbenv", "rbenv shell "), ("rvm", "rvm use "), ("pre_tab", ""), ("pre_window", ""))
_WINDOW_KEYS = ("layout", "panes", "root", "pre", "synchronize", "focused_pane")


def read(root: Node, ledger: Ledger, importing: Importing) -> tuple[ImportedSession, ...]:
    """Return the session that tmuxinator would build of ``root``."""
    assert isinstance(root, SourceMap)
    return (ImportedSession(_Project(ledger).session(root, importing)),)


class _Project:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.before: list[TypedLine] = []
        self.titles: Table = {}

    def session(self, root: SourceMap, importing: Importing) -> Table:
        fields = self.ledger.fields(root)
        name = fields.scalar("project_name", "name")
        value: Table = {"name": session_name(self.ledger, name, importing.stem)}
        if name is not None and set(name.text) & {".", ":"}:
            message = 'tmuxinator writes "_" for dots and colons; here they stay'
            self.ledger.report(CHANGED, name, message)
        start = fields.scalar("project_root", "root")
        if start is not None and not start.is_empty:
            value["root"] = directory(self.ledger, start)
            if not is_rooted(str(value["root"])):
                message = "tmuxinator takes this from where it is run, here from the file"
                self.ledger.report(NOTE, start, message)
        self.before = self._before(fields)
        self.titles = self._title_options(fields)
        windows = self._windows(fields)
        if not windows:
            for key in ("rbenv", "rvm", "pre_tab", "pre_window", "pane_title_format"):
                node = root.get(key)
                if node is not None:
                    self.ledger.lose(node, "there is no window for it")
        self._put_startup(fields, windows)
        number_windows(windows)
        if windows:
            value["windows"] = windows  # type: ignore[assignment]
        fields.rest(_LOST, _RUNS)
        return value

    def _before(self, fields: Fields) -> list[TypedLine]:
        """Return what is typed into every pane first; of several keys one holds."""
        found: list[TypedLine] = []
        for key, lead in _BEFORE:
            node = fields.pop(key)
            if node is None:
                continue
            if found:
                self.ledger.lose(node, "another key comes before it")
            elif lead:
                found = [TypedLine(lead + line.text) for line in commands(self.ledger, node)]
                message = f'it is typed as "{lead}..." in every pane'
                self.ledger.report(CHANGED, node, message)
            else:
                found = commands(self.ledger, node)
        return found

    def _title_options(self, fields: Fields) -> Table:
        place, form = fields.scalar("pane_title_position"), fields.scalar("pane_title_format")
        if not fields.truth("enable_pane_titles"):
            for scalar in (place, form):
                if scalar is not None:
                    self.ledger.lose(scalar, "enable_pane_titles is not set")
            return {}
        position = "top"
        if place is not None:
            if place.value in ("top", "bottom", "off"):
                position = self.ledger.text(place)
            else:
                hint = 'in quotes, "off" is not a boolean' if place.value is False else ""
                self.ledger.lose(place, "titles are at the top, the bottom or off", hint=hint)
        shown = "#{pane_index}: #{pane_title}" if form is None else self.ledger.text(form)
        return {"pane-border-status": position, "pane-border-format": shown}

    # -- windows ---------------------------------------------------------------------------

    def _windows(self, fields: Fields) -> list[Table]:
        node = fields.pop("tabs", "windows")
        windows: list[Table] = []
        if isinstance(node, SourceMap):
            self.ledger.report(DOUBT, node, "windows is a list in tmuxinator; each key is one here")
            return [self._window(key, value) for key, value in node.entries]
        for item in node.items if isinstance(node, SourceList) else ():
            if isinstance(item, SourceMap) and item.entries:
                windows.append(self._window(*item.entries[0]))
                self._check_alone(item)
            elif isinstance(item, SourceScalar):
                if item.is_empty:
                    continue
                message = "a window is a name with a colon; this is taken as its name"
                self.ledger.report(DOUBT, item, message)
                windows.append(self._window(item, item._replace(text="", value=None)))
            else:
                self.ledger.lose(item, "a window is a name with what it holds")
        if isinstance(node, SourceScalar):
            self.ledger.lose(node, "windows is a list")
        return windows

    def _check_alone(self, item: SourceMap) -> None:
        for key, value in item.entries[1:]:
            hint = ""
            if key.text in _WINDOW_KEYS:
                hint = f'indent "{key.text}" further than the name of the window'
            lost = key if isinstance(value, SourceScalar) and value.is_empty else value
            self.ledger.use(value)
            why = "a window has one name, the first key of its entry"
            self.ledger.lose(lost, why, hint=hint)

    def _window(self, name: SourceScalar, value: Node) -> Table:
        window: Table = {"name": "" if name.value is None else self.ledger.text(name, NAME)}
        own = dict(self.titles)
        if name.value is None:
            own = {"automatic-rename": True, **own}
        if isinstance(value, SourceMap):
            self._fill(window, own, self.ledger.fields(value))
        else:
            pane: Table = {}
            put_lines(pane, [*self.before, *commands(self.ledger, value)])
            if pane:
                window["panes"] = [pane]
        if own:
            window["options"] = own
        return window

    def _fill(self, window: Table, own: Table, fields: Fields) -> None:
        cwd = directory(self.ledger, fields.scalar("root"))
        if cwd and cwd != ".":
            window["cwd"] = cwd
        place = fields.scalar("layout")
        items = fields.items("panes")
        before = self._window_before(fields, has_panes=bool(items))
        synchronize = fields.scalar("synchronize")
        if synchronize is not None and synchronize.text == "after":
            self.ledger.use(synchronize)
            own["synchronize-panes"] = True
        elif synchronize is not None:
            is_before = synchronize.text == "before" or self.ledger.truth(synchronize)
            self.ledger.use(synchronize)
            if is_before:
                own["synchronize-panes"] = True
                message = "in tmuxinator each command is typed into all panes; here into its own"
                self.ledger.report(CHANGED, synchronize, message)
        focused = fields.scalar("focused_pane")
        panes = [self._pane(item, before) for item in items]
        self._put_focus(focused, panes)
        if not panes:
            pane: Table = {}
            put_lines(pane, before)
            panes = [pane]
        arranged = layout(self.ledger, place, len(panes))
        if arranged:
            window["layout"] = arranged
        if len(panes) > 1 or any(panes):
            window["panes"] = panes  # type: ignore[assignment]
        fields.rest({})

    def _window_before(self, fields: Fields, *, has_panes: bool) -> list[TypedLine]:
        node = fields.pop("pre")
        if node is not None and not has_panes:
            self.ledger.lose(node, "tmuxinator types it in panes only, and it has no panes")
            return list(self.before)
        lines = commands(self.ledger, node)
        joined = [TypedLine(" && ".join(line.text for line in lines))] if lines else []
        return [*self.before, *joined]

    def _pane(self, node: Node, before: list[TypedLine]) -> Table:
        pane: Table = {}
        lines = list(before)
        if isinstance(node, SourceMap):
            for index, (title, value) in enumerate(node.entries):
                if index:
                    self.ledger.lose(value, "a pane has one title, the first key of its entry")
                    continue
                if title.value is not None:
                    pane["name"] = self.ledger.text(title, NAME)
                lines += commands(self.ledger, value)
        else:
            lines += commands(self.ledger, node)
        put_lines(pane, lines)
        return pane

    # -- what is active --------------------------------------------------------------------

    def _put_focus(self, focused: SourceScalar | None, panes: list[Table]) -> None:
        if focused is None or focused.is_empty:
            return
        self.ledger.use(focused)
        named = [index for index, pane in enumerate(panes) if pane.get("name") == focused.text]
        number = -1 if focused.number is None else focused.number
        if 0 <= number < len(panes):
            panes[number]["focus"] = True
            message = f"it counts from 0, whatever pane-base-index is: this is pane {number + 1}"
            self.ledger.report(NOTE, focused, message)
        elif named and number < 0:
            panes[named[0]]["focus"] = True
        else:
            hint = _nearest(focused.text, [str(pane["name"]) for pane in panes if "name" in pane])
            self.ledger.lose(focused, "no such pane; tmuxinator takes the first", hint=hint)

    def _put_startup(self, fields: Fields, windows: list[Table]) -> None:
        chosen, pane = fields.scalar("startup_window"), fields.scalar("startup_pane")
        window = windows[0] if windows else None
        if chosen is not None and not chosen.is_empty:
            window = self._startup_window(chosen, windows)
        if pane is not None and not pane.is_empty:
            self._startup_pane(pane, window)

    def _startup_window(self, chosen: SourceScalar, windows: list[Table]) -> Table | None:
        self.ledger.use(chosen)
        if not windows:
            self.ledger.lose(chosen, "there is no window for it")
            return None
        names = [str(window["name"]) for window in windows]
        if chosen.text in names:
            window = windows[names.index(chosen.text)]
        elif chosen.number is not None and chosen.number < len(windows):
            window = windows[chosen.number]
            message = f'it counts from your base-index; taken from 0, it is "{window["name"]}"'
            self.ledger.report(DOUBT, chosen, message)
        elif chosen.number is not None and chosen.number == len(windows):
            window = windows[-1]
            message = f'it counts from your base-index; taken from 1, it is "{window["name"]}"'
            self.ledger.report(DOUBT, chosen, message)
        else:
            hint = _nearest(chosen.text, names)
            self.ledger.lose(chosen, "no window has this name; the first one is active", hint=hint)
            return windows[0]
        window["focus"] = True
        return window

    def _startup_pane(self, chosen: SourceScalar, window: Table | None) -> None:
        panes = [] if window is None else _panes(window)
        number = -1 if chosen.number is None else chosen.number
        if any(pane.get("focus") for pane in panes):
            why = "focused_pane of the window says which pane is active, and counts from 0"
            self.ledger.lose(chosen, why)
        elif 0 <= number < len(panes):
            panes[number]["focus"] = True
            self.ledger.use(chosen)
            message = f"it counts from your pane-base-index; taken from 0, it is pane {number + 1}"
            self.ledger.report(DOUBT, chosen, message)
        elif number == 0:
            self.ledger.use(chosen)
        else:
            self.ledger.lose(chosen, "the window has no such pane")


def _panes(window: Table) -> list[Table]:
    panes = window.get("panes")
    return [pane for pane in panes if isinstance(pane, dict)] if isinstance(panes, list) else []


def _nearest(text: str, names: list[str]) -> str:
    near = nearest(text, names)
    return f'did you mean "{near[0]}"?' if near else ""
