"""Startup: everything in a session that starts a program, or steers one, on this machine.

This is what trust covers. A name, a layout, a comment or a colour is not in it, so that an edit
of those never asks again; a new command, directory, variable, option or hook is.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import NamedTuple

from sessionctl.core.scan.text_scan import masked_parts, without_secrets
from sessionctl.core.session.risk import risk_of
from sessionctl.core.text.mask import MASK
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.core.values import is_reference, tables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.values import Table

PROGRAM, DIRECTORY, OPTION, VARIABLE = "program", "directory", "option", "variable"
CONNECTION = "connection"

# What tmux only draws, counts or chooses by; a format with "#(" in it runs a program all the same.
_HARMLESS = {
    "aggressive-resize", "allow-rename", "allow-set-title",
    "alternate-screen", "automatic-rename", "automatic-rename-format", "base-index",
    "bell-action", "clock-mode-colour", "clock-mode-style", "cursor-colour", "cursor-style",
    "detach-on-destroy", "display-panes-active-colour",
    "display-panes-colour", "display-panes-time", "display-time", "escape-time", "focus-events",
    "history-limit", "main-pane-height", "main-pane-width",
    "mode-keys", "monitor-activity", "monitor-bell", "monitor-silence", "mouse",
    "other-pane-height", "other-pane-width", "pane-base-index", "pane-border-format",
    "pane-border-indicators", "pane-border-lines", "pane-border-status", "pane-scrollbars",
    "prefix", "prefix2", "remain-on-exit", "remain-on-exit-format", "renumber-windows",
    "repeat-time", "scroll-on-clear", "set-titles", "set-titles-string", "silence-action",
    "status", "status-format", "status-interval", "status-justify", "status-keys", "status-left",
    "status-left-length", "status-position", "status-right", "status-right-length",
    "synchronize-panes", "tiled-layout-max-columns", "visual-activity", "visual-bell",
    "visual-silence", "window-size", "window-status-current-format", "window-status-format",
    "window-status-separator", "word-separators", "wrap-search", "xterm-keys",
}  # fmt: skip
# A format that runs nothing, whatever else is set: text, escaped signs, colours, one-letter
# names, styles, and the values of variables as they are. A modifier may expand a text once
# more, and "%" is replaced by what the time makes of it, even by nothing: "#%p(x)" runs x
# where the locale has no word for the afternoon.
_PLAIN_FORMAT = re.compile(r"(?:[^#]|#[#A-Za-z0-9]|#\[[^#\]]*\]|#\{@?[\w-]+\})*")
# What an option of the user may say for all: words and colours. Plug-ins, key bindings and
# other formats may take the value of such an option for a command.
_PLAIN_WORDS = re.compile(r"(?:#[0-9A-Fa-f]{3,8}|[\w.,:+%@=-]| (?! ))*")

_SHELL_SYNTAX = re.compile(r"[$`;|&<>()\n]")
_NOT_SET = "which is not set: run the program with sessionctl secret exec"
_HIDDEN_SYNTAX = "what is masked has shell syntax in it: read it in the file"

SESSION, SERVER, CONNECTIONS = -1, -2, -3
"""What stands in a place for the number of a window: all of the session, the tmux server, the
connections that are opened with the session."""


_NOT_COVERED = frozenset(
    {"autoconnect", "connect_count", "last_connected", "retry", "start", "timeout_s"}
)


class StartPlace(NamedTuple):
    """Where an item belongs: a window and a pane by their numbers; all of it with -1."""

    window: int
    pane: int = -1


class StartItem(NamedTuple):
    """One thing that is started or steers what is started.

    ``where`` names the window and pane it belongs to; ``text`` shows it, secrets masked;
    ``digest`` is that of all that matters for it, and of nothing else; ``risk`` says why it is
    typed for the user to confirm instead of being run, "" when it is not.
    """

    kind: str
    where: str
    text: str
    digest: str
    risk: str = ""


def start_items(value: Table) -> tuple[StartItem, ...]:
    """Return what the session ``value``, its overrides resolved, starts or steers, in order.

    Equal things at several places are one item each; their digests are equal. Never raises:
    what has the wrong type is covered as it stands.
    """
    return tuple(item for _, item in placed_items(value))


def placed_items(value: Table) -> Iterator[tuple[StartPlace, StartItem]]:
    """Yield what ``start_items`` returns, each with the place it belongs to."""
    for item in _session_items(value):
        yield StartPlace(SESSION), item
    server = value.get("tmux")
    for key, part in server.items() if isinstance(server, dict) else ():
        values = part if key.endswith("options") else {key: part}
        for item in _options(values, "the tmux server", "server"):
            yield StartPlace(SERVER), item
    for number, window in enumerate(tables_in(value, "windows")):
        yield from _window_items(value, window, number)
    for item in connection_items(value):
        yield StartPlace(CONNECTIONS), item


def connection_items(value: Table) -> Iterator[StartItem]:
    """Yield the connections that are opened when the session is restored.

    What one leads to is covered whole: a password goes there, and options of ssh run programs.
    """
    connections = value.get("connections")
    for name, table in connections.items() if isinstance(connections, dict) else ():
        if isinstance(table, dict) and opens_at_start(table):
            covered = {key: item for key, item in table.items() if key not in _NOT_COVERED}
            text = f"opened with the session: {_shown_connection(covered)}"
            yield StartItem(CONNECTION, name, text, _digest(CONNECTION, [name, covered]))


def opens_at_start(connection: Table) -> bool:
    """Return whether restoring the session opens a connection."""
    return connection.get("start", connection.get("autoconnect")) is True


def _session_items(session: Table) -> Iterator[StartItem]:
    yield from _options(session.get("options"), "the session", "session")
    yield from _variables(session.get("env"), "the session")


def _window_items(
    session: Table, window: Table, number: int
) -> Iterator[tuple[StartPlace, StartItem]]:
    name = _name(window, f"window {number + 1}")
    for item in _options(window.get("options"), name, "window"):
        yield StartPlace(number), item
    for item in _variables(window.get("env"), name):
        yield StartPlace(number), item
    root = session.get("root", ".")
    for index, pane in enumerate(tables_in(window, "panes") or [{}]):
        where = f"{name}: {_name(pane, f'pane {index + 1}')}"
        place = StartPlace(number, index)
        for item in _options(pane.get("options"), where, "pane"):
            yield place, item
        directories: list[object] = [root, window.get("cwd"), pane.get("cwd")]
        yield place, _pane(pane, directories, _env(session, window, pane), where)


def _pane(pane: Table, directories: list[object], env: Table, where: str) -> StartItem:
    run, shell = _restarted(pane), pane.get("shell", True)
    place = [item for item in directories if item is not None]
    # A directory steers what a shell does at its start as much as a program in it.
    if run in (None, [], "") and not isinstance(shell, list) and not env:
        return StartItem(DIRECTORY, where, _shown_directory(place), _digest(DIRECTORY, place))
    start = pane.get("start", "run")
    text = f"{_shown_command(run, shell)}   in {_shown_directory(place)}"
    text += _shown_env(env)
    risk = risk_of(run) if isinstance(run, str) else risk_of(list(map(_plain, _list(run))))
    covered: list[object] = [run, shell, place, env]
    if risk and pane.get("start", "") not in ("", "type", "skip"):
        # What can do harm and is entered all the same is another thing than what is typed.
        # Else it is no new command whether it is run or only typed.
        covered.append("entered")
    return StartItem(
        PROGRAM, where, text, _digest(PROGRAM, covered), "" if start == "skip" else risk
    )


def _restarted(pane: Table) -> object:
    """Return what runs when a pane comes back; a ``resume`` that is no argv does not count."""
    resume = pane.get("resume")
    is_argv = isinstance(resume, list) and all(
        isinstance(word, str) or (isinstance(word, dict) and word.keys() == {"bytes"})
        for word in resume
    )
    return resume if is_argv else pane.get("run")


def _options(options: object, where: str, level: str) -> Iterator[StartItem]:
    for key, value in options.items() if isinstance(options, dict) else ():
        if _is_harmless(key, value, level):
            continue
        text = without_secrets(f"{key} = {_shown(value)}")
        yield StartItem(OPTION, where, text, _digest(OPTION, [level, key, value]))


def _is_harmless(name: str, value: object, level: str) -> bool:
    texts = [item for item in _list(value) if isinstance(item, str)]
    base = name.partition("[")[0]
    if base.startswith("@"):
        # Plug-ins run what some options say for all sessions; those of ours are no user's.
        is_own = base.startswith("@sessionctl-")
        return level != "server" and not is_own and all(map(_PLAIN_WORDS.fullmatch, texts))
    is_known = base in _HARMLESS or base.endswith(("-style", "-colour"))
    return is_known and all(map(_PLAIN_FORMAT.fullmatch, texts))


def _variables(env: object, where: str) -> Iterator[StartItem]:
    for key, value in env.items() if isinstance(env, dict) else ():
        yield StartItem(
            VARIABLE, where, _shown_variable(key, value), _digest(VARIABLE, [key, value])
        )


def _env(*tables: Table) -> Table:
    merged: Table = {}
    for table in tables:
        part = table.get("env")
        merged.update(part if isinstance(part, dict) else {})
    return merged


def _digest(kind: str, value: object) -> str:
    # Types matter as much as texts: 1, 1.0 and true are three values.
    canonical = json.dumps([kind, value], sort_keys=True, ensure_ascii=True, default=repr)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _shown_command(run: object, shell: object) -> str:
    if isinstance(run, str) and run:
        command = f"$ {_masked(run)}"
    else:
        command = _masked(" ".join(quoted(_plain(word)) for word in _list(run)))
    if isinstance(shell, list):
        around = _masked(" ".join(quoted(_plain(word)) for word in shell))
        return f"{command}   in the shell {around}" if command else around
    return command or "a shell"


def _masked(command: str) -> str:
    """Return a command without its secrets; it says so where the mask hides shell syntax."""
    parts = masked_parts(command)
    hidden = "".join(command[part.start : part.end] for part in parts)
    note = f" ({_HIDDEN_SYNTAX})" if _SHELL_SYNTAX.search(hidden) else ""
    return f"{without_secrets(command)}{note}"


def _shown_directory(place: list[object]) -> str:
    shown = [item for item in map(_plain, place) if item != "."]
    absolute = [index for index, item in enumerate(shown) if item.startswith(("/", "~", "$"))]
    parts = shown[absolute[-1] :] if absolute else shown
    return path_word("/".join(part.rstrip("/") for part in parts) or ("/" if absolute else "."))


def _shown_connection(covered: Table) -> str:
    from sessionctl.core.scan.masked_values import masked

    shown = masked(covered, in_session=True)
    assert isinstance(shown, dict)
    parts = [f"{key} = {_shown_setting(item)}" for key, item in sorted(shown.items())]
    parts.sort(key=lambda part: not part.startswith("driver "))
    return ", ".join(parts)


def _shown_setting(value: object) -> str:
    if is_reference(value):
        assert isinstance(value, dict)
        return f"the secret {value['secret']}"
    return MASK if value == MASK else _shown(value)


def _shown_env(env: Table) -> str:
    """Return the variables of a pane: those it gets, and those whose values are secrets."""
    given = [name for name in sorted(env) if not is_reference(env[name])]
    held = [name for name in sorted(env) if is_reference(env[name])]
    words = " ".join(_shown_variable(name, env[name]) for name in given)
    text = f"   with {words}" if given else ""
    secrets = ", ".join(f"{name} ({_shown_setting(env[name])})" for name in held)
    return f"{text}   without {secrets}" if held else text


def _shown_variable(name: str, value: object) -> str:
    if is_reference(value):
        return f"{name}: {_shown_setting(value)}, {_NOT_SET}"
    return f"{name} removed" if value is False else without_secrets(f"{name}={_shown(value)}")


def _shown(value: object) -> str:
    if isinstance(value, str):
        return quoted(without_secrets(value))
    return without_secrets(json.dumps(value, ensure_ascii=False, default=str))


def _plain(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("bytes"), str):
        return str(value["bytes"])
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _list(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _name(table: Table, fallback: str) -> str:
    name = table.get("name")
    return name if isinstance(name, str) and name else fallback
