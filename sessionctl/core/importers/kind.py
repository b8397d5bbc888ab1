"""The kinds of files, and which kind a file is, from its name and what is in it."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node

TMUXP, TMUXINATOR, SESH, SMUG = "tmuxp", "tmuxinator", "sesh", "smug"
TEAMOCIL, RESURRECT, ZELLIJ = "teamocil", "resurrect", "zellij"
TITLES = {RESURRECT: "tmux-resurrect"}
"""What a tool is called where that is not its kind."""

KINDS = (TMUXP, TMUXINATOR, SESH, SMUG, TEAMOCIL, RESURRECT, ZELLIJ)

_TEAMOCIL = {"name", "root", "layout", "panes", "splits", "filters", "focus", "options", "clear"}
# Where each tool looks for its files.
_PATHS = (
    (TMUXP, re.compile(r"(?:^|/)\.?tmuxp/[^/]+\.(?:ya?ml|json)$|(?:^|/)\.tmuxp\.(?:ya?ml|json)$")),
    (TMUXINATOR, re.compile(r"(?:^|/)\.?tmuxinator/.+\.ya?ml$|(?:^|/)\.tmuxinator\.ya?ml$")),
    (SMUG, re.compile(r"(?:^|/)smug/[^/]+\.ya?ml$|(?:^|/)\.smug\.ya?ml$")),
    (TEAMOCIL, re.compile(r"(?:^|/)\.teamocil/[^/]+\.ya?ml$")),
    (SESH, re.compile(r"(?:^|/)sesh/[^/]+\.toml$|(?:^|/)\.?sesh[\w.-]*\.toml$")),
    (RESURRECT, re.compile(r"(?:^|/)resurrect/(?:last|tmux_resurrect_[\w-]+\.txt)$")),
    (ZELLIJ, re.compile(r"(?:^|/)zellij/layouts/.+\.kdl$")),
)
_MARKS = re.compile(
    r"^(?:pane|window)\t[^\t\n]*\t\d+\t|^[\s{]*[\"']?(?:session_name|windows|tabs|session)[\"']?\s*:|"
    r"^\s*\[\[(?:session|wildcard)\]\]|^\s*layout\b[^:=\n]*\{",
    re.MULTILINE,
)
_SAVED = re.compile(r"^(?:pane|window)\t[^\t\n]*\t\d+\t", re.MULTILINE)
ENDINGS = (".yaml", ".yml", ".json", ".toml", ".kdl", ".txt")


def kind_of_path(path: str) -> str:
    """Return the kind that the place of a file shows, "" for any other place."""
    for kind, pattern in _PATHS:
        if pattern.search(path):
            return kind
    return ""


def may_be_one(text: str) -> bool:
    """Return whether it is worth reading ``text`` to find out its kind."""
    return _MARKS.search(text) is not None


def is_save(text: str) -> bool:
    """Return whether ``text`` has a line as tmux-resurrect writes them."""
    return _SAVED.search(text) is not None


def kind_of_text(text: str, path: str) -> str:
    """Return the kind of a text that is no YAML or JSON, "" for one that may be those."""
    if is_save(text):
        return RESURRECT
    if path.endswith(".kdl"):
        return ZELLIJ
    if path.endswith(".toml"):
        return SESH
    if re.search(r"^\s*\[\[session\]\]\s*(?:#.*)?$", text, re.MULTILINE):
        return SESH
    if re.search(r"^layout(?:\s[^:=\n]*)?\{", text, re.MULTILINE):
        return ZELLIJ
    return ""


def kind_of_node(node: Node) -> str:
    """Return the kind of what YAML or JSON holds, "" for something else."""
    entries = getattr(node, "entries", ())
    keys = {key.text for key, _ in entries}
    if "session_name" in keys:
        return TMUXP
    windows = next((value for key, value in entries if key.text in ("windows", "tabs")), None)
    if getattr(windows, "value", None) is not None:
        return ""  # an editor may count its tabs under this key
    inner = next((value for key, value in entries if key.text == "session"), None)
    if windows is None and hasattr(inner, "entries"):
        return TEAMOCIL if {"windows"} & _keys(inner) else ""
    if windows is None:
        return ""
    if keys & {"session", "before_start", "sendkeys_timeout", "attach_hook", "detach_hook"}:
        return SMUG
    if keys & {"project_name", "project_root", "pre_window", "pre_tab", "rbenv", "rvm", "tabs",
               "startup_window", "socket_name", "tmux_options", "attach", "pre"}:  # fmt: skip
        return TMUXINATOR
    return _kind_of_windows(windows, keys)


def _kind_of_windows(windows: Node, keys: set[str]) -> str:
    found = [inner for item in getattr(windows, "items", ()) if (inner := _keys(item))]
    if not found:
        return TMUXINATOR if "name" in keys and _keys(windows) else ""
    inside = set().union(*found) if found else set()
    if "window_name" in inside or "shell_command" in inside:
        return TMUXP
    if "name" in inside and inside & {"panes", "splits", "root", "layout", "filters"}:
        if inside & {"commands", "manual", "selected", "before_start"}:
            return SMUG
        return TEAMOCIL
    if any(inner <= _TEAMOCIL and inner & {"panes", "splits"} for inner in found):
        return TEAMOCIL
    if "name" in keys or "root" in keys or all(len(item) == 1 for item in found):
        return TMUXINATOR
    return ""


def _keys(node: object) -> set[str]:
    return {key.text for key, _ in getattr(node, "entries", ())}
