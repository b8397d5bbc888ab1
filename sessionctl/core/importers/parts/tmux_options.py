"""tmux options and environment variables of a file."""

from __future__ import annotations

import re

from sessionctl.core.importers.nodes.source_node import SourceMap, SourceScalar
from sessionctl.core.importers.parts.ledger import CHANGED, RUNS
from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table

WINDOW_OPTIONS = frozenset({
    "aggressive-resize", "allow-passthrough", "allow-rename", "alternate-screen",
    "automatic-rename", "automatic-rename-format", "clock-mode-colour", "clock-mode-style",
    "copy-mode-current-match-style", "copy-mode-mark-style", "copy-mode-match-style",
    "fill-character", "main-pane-height", "main-pane-width", "mode-keys", "mode-style",
    "monitor-activity", "monitor-bell", "monitor-silence", "other-pane-height",
    "other-pane-width", "pane-active-border-style", "pane-base-index", "pane-border-format",
    "pane-border-indicators", "pane-border-lines", "pane-border-status", "pane-border-style",
    "pane-colours", "pane-scrollbars", "popup-border-lines", "popup-border-style",
    "popup-style", "remain-on-exit", "remain-on-exit-format", "scroll-on-clear",
    "synchronize-panes", "tiled-layout-max-columns", "window-active-style", "window-size",
    "window-status-activity-style", "window-status-bell-style", "window-status-current-format",
    "window-status-current-style", "window-status-format", "window-status-last-style",
    "window-status-separator", "window-status-style", "window-style", "wrap-search", "xterm-keys",
})  # fmt: skip

_RUNS = {"copy-command", "default-command", "default-shell", "editor", "lock-command"}
_OPTION = re.compile(r"@?[\w-]+(?:\[\d+\])?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def options(ledger: Ledger, node: Node | None) -> Table:
    """Return tmux options; those that run programs are taken and reported."""
    found: Table = {}
    for key, value in _entries(ledger, node, "options are names with values"):
        if not _OPTION.fullmatch(key.text):
            ledger.lose(value, "tmux has no option of this name")
            continue
        ledger.use(value)
        if isinstance(value.value, bool | int):
            found[key.text] = value.value
        else:
            text = ledger.text(value, KeyPath(["options", key.text]))
            found[key.text] = {"on": True, "off": False}.get(text, text)
        if key.text in _RUNS or "#(" in value.text or _is_hook(key.text):
            message = f"tmux runs {ledger.shown(value)} automatically with this option; it is taken"
            ledger.report(RUNS, value, message, "restoring asks before it is set")
    return found


def environment(ledger: Ledger, node: Node | None) -> Table:
    """Return environment variables; their secrets are kept out."""
    found: Table = {}
    for key, value in _entries(ledger, node, "variables are names with values"):
        if not _VARIABLE.fullmatch(key.text):
            ledger.lose(value, f'"{key.text}" is not the name of a variable')
            continue
        if isinstance(value.value, bool) and value.text.lower() not in ("true", "false"):
            read = str(value.value).lower()
            ledger.report(CHANGED, value, f'"{value.text}" is read as {read} by {ledger.tool}')
        ledger.use(value)
        at = KeyPath(["env", key.text])
        found[key.text] = ledger.without_secrets(value.text, value.span, value.path, at)
    return found


def _entries(
    ledger: Ledger, node: Node | None, expected: str
) -> list[tuple[SourceScalar, SourceScalar]]:
    if node is None:
        return []
    if not isinstance(node, SourceMap):
        ledger.lose(node, expected)
        return []
    found: list[tuple[SourceScalar, SourceScalar]] = []
    for key, value in node.entries:
        if isinstance(value, SourceScalar) and value.value is not None:
            found.append((key, value))
        else:
            ledger.lose(value, "a plain value was expected")
    return found


def _is_hook(name: str) -> bool:
    return name.startswith(("after-", "alert-", "client-", "pane-died", "pane-exited", "session-"))
