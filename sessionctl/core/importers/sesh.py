"""Files of sesh: TOML, with several sessions in one.

The rules are those of sesh 2 (startup/startup.go and model/config.go).
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.nodes.source_node import SourceList, SourceMap, SourceScalar
from sessionctl.core.importers.parts.commands import TypedLine, command, put_lines
from sessionctl.core.importers.parts.ledger import DOUBT, NOTE, RUNS
from sessionctl.core.importers.parts.names import NAME, number_windows, session_name
from sessionctl.core.importers.parts.places import directory
from sessionctl.core.importers.parts.source_comments import comments_above
from sessionctl.core.session.directories import with_home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Fields, Ledger
    from sessionctl.core.values import Table

_PICKER = "it is for the list of sesh, which shows and sorts sessions"
_LOST = {
    "blacklist": _PICKER,
    "browser": _PICKER,
    "cache": _PICKER,
    "dir_length": _PICKER,
    "frecency": _PICKER,
    "git_dir_length": _PICKER,
    "git_namer_use_worktree_root": _PICKER,
    "separator_aware": _PICKER,
    "sort_order": _PICKER,
    "strict_mode": _PICKER,
    "terminal": _PICKER,
    "tmux_command": "sessionctl speaks to tmux itself",
    "tui": _PICKER,
    "wildcard": "it makes a session of any directory that fits, and is no session itself",
    "worktree": "it makes a session of any worktree, and is no session itself",
}
_SESSION_LOST = {
    "alias": _PICKER,
    "alias_auto_connect": _PICKER,
    "icon": _PICKER,
    "preview_command": "it draws the preview in the list of sesh",
}


def read(root: Node, ledger: Ledger, importing: Importing) -> tuple[ImportedSession, ...]:
    """Return the sessions that are named in ``root``."""
    assert isinstance(root, SourceMap)
    fields = ledger.fields(root)
    reader = _Sesh(ledger, fields)
    reader.wildcards = _wildcards(root)
    for node in fields.items("import"):
        ledger.lose(node, "other files are not read", hint="import that file too")
    found = [reader.session(item, importing) for item in fields.items("session")]
    reader.finish()
    fields.rest(_LOST)
    return tuple(session for session in found if session is not None)


class _Sesh:
    def __init__(self, ledger: Ledger, fields: Fields) -> None:
        self.ledger = ledger
        self.windows: dict[str, SourceMap] = {}
        for item in fields.items("window"):
            name = item.get("name") if isinstance(item, SourceMap) else None
            if isinstance(item, SourceMap) and isinstance(name, SourceScalar):
                self.windows[name.text] = item
            else:
                ledger.lose(item, "a window needs its name")
        self.unused = dict(self.windows)
        self.wildcards: list[tuple[str, SourceScalar]] = []
        self.default_command: SourceScalar | None = None
        default = fields.pop("default_session")
        if isinstance(default, SourceMap):
            self._read_default(ledger.fields(default))
        elif default is not None:
            ledger.lose(default, "the settings for all sessions are a table")

    def _read_default(self, fields: Fields) -> None:
        self.default_command = fields.scalar("startup_command")
        for key in ("tmuxp", "tmuxinator"):
            self._other_tool(fields, key)
        fields.rest({**_SESSION_LOST, "windows": "sesh itself has no use for it here"})

    def session(self, node: Node, importing: Importing) -> ImportedSession | None:
        """Return the session of a ``[[session]]``: a shell, then its windows."""
        if not isinstance(node, SourceMap):
            self.ledger.lose(node, "a session is a table")
            return None
        fields = self.ledger.fields(node)
        value: Table = {"name": session_name(self.ledger, fields.scalar("name"), importing.stem)}
        path = directory(self.ledger, fields.scalar("path"))
        if path:
            value["root"] = path
        first: Table = {"name": "", "options": {"automatic-rename": True}}
        pane: Table = {}
        line = self._startup(fields, path)
        if line is not None:
            put_lines(pane, [line._replace(text=line.text.replace("{}", path or "."))])
        if pane:
            first["panes"] = [pane]
        named = fields.items("windows")
        windows = [first, *(window for name in named if (window := self._window(name)))]
        if len(windows) > 1:
            first["focus"] = True
        number_windows(windows)
        value["windows"] = windows  # type: ignore[assignment]
        fields.rest(_SESSION_LOST)
        return ImportedSession(value, comments_above(self.ledger.source, node.span.start))

    def finish(self) -> None:
        """Report what no session uses."""
        for window in self.unused.values():
            self.ledger.lose(window, "no session has this window")
        if self.default_command is not None and not self.ledger.is_used(self.default_command):
            self.ledger.lose(self.default_command, "no session here starts with it")

    def _startup(self, fields: Fields, path: str) -> TypedLine | None:
        own = fields.scalar("startup_command")
        is_disabled = fields.truth("disable_startup_command")
        built = [self._other_tool(fields, key) for key in ("tmuxinator", "tmuxp")]
        if any(built) and (own is None or own.is_empty):
            return None
        if is_disabled:
            if own is not None:
                self.ledger.lose(own, "disable_startup_command is set")
            return None
        chosen = own if own is not None and not own.is_empty else None
        if chosen is None:
            chosen = self._of_wildcard(path) or self.default_command
        if chosen is None or chosen.is_empty:
            return None
        if "{}" in chosen.text:
            self.ledger.report(NOTE, chosen, "the path of the session replaces {}")
        return command(self.ledger, chosen)

    def _of_wildcard(self, path: str) -> SourceScalar | None:
        """Return the command of the first wildcard that the directory fits."""
        for pattern, scalar in self.wildcards:
            if path and _fits(with_home(pattern, self.ledger.home), path):
                return None if scalar.is_empty else scalar
        return None

    def _other_tool(self, fields: Fields, key: str) -> bool:
        """Report another tool that builds the session; True where there is one."""
        scalar = fields.scalar(key)
        if scalar is None or scalar.is_empty:
            return False
        hint = f"import the file of {key} too"
        self.ledger.lose(scalar, f"sesh lets {key} build the session", rule=RUNS, hint=hint)
        return True

    def _window(self, name: Node) -> Table | None:
        if not isinstance(name, SourceScalar):
            self.ledger.lose(name, "the name of a window was expected")
            return None
        self.ledger.use(name)
        node = self.windows.get(name.text)
        if node is None:
            message = f"there is no [[window]] of the name {self.ledger.shown(name)}; it is empty"
            self.ledger.report(DOUBT, name, message)
            return {"name": self.ledger.text(name, NAME)}
        self.unused.pop(name.text, None)
        fields = self.ledger.fields(node)
        window: Table = {"name": fields.text("name")}
        cwd = directory(self.ledger, fields.scalar("path"))
        if cwd:
            window["cwd"] = cwd
        script = fields.scalar("startup_script")
        if script is not None and not script.is_empty:
            pane: Table = {}
            put_lines(pane, [command(self.ledger, script)])
            window["panes"] = [pane]
        fields.rest({})
        return window


def _wildcards(root: SourceMap) -> list[tuple[str, SourceScalar]]:
    """Return the patterns with what they start, an empty text where that is disabled."""
    node = root.get("wildcard")
    found: list[tuple[str, SourceScalar]] = []
    for item in node.items if isinstance(node, SourceList) else ():
        pattern = item.get("pattern") if isinstance(item, SourceMap) else None
        started = item.get("startup_command") if isinstance(item, SourceMap) else None
        disabled = item.get("disable_startup_command") if isinstance(item, SourceMap) else None
        if not (isinstance(pattern, SourceScalar) and isinstance(started, SourceScalar)):
            continue
        if isinstance(disabled, SourceScalar) and disabled.value is True:
            started = started._replace(text="", value="")
        found.append((pattern.text, started))
    return found


def _fits(pattern: str, path: str) -> bool:
    """Return whether a directory fits a pattern; "*" ends at a slash, "/**" is all below."""
    if pattern.endswith("/**"):
        return path.startswith(pattern.removesuffix("**")) and len(path) > len(pattern) - 2
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))
