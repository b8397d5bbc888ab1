"""Editor: the user's own, started on a file as git starts it, at the place that matters."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine

# What makes git hand the words to a shell: run-command.c, prepare_shell_cmd.
_FOR_SHELL = re.compile(r"[|&;<>()$`\\\"' \t\n*?\[#~=%]")
_PLUS_LINE = frozenset({
    "emacs", "emacsclient", "ex", "gedit", "gvim", "jed", "joe", "jove", "kak", "mcedit", "mg",
    "mvim", "nano", "ne", "nvim", "pico", "rvim", "vi", "view", "vim", "vimx", "xed", "zile",
})  # fmt: skip
_GOTO = frozenset({"code", "code-insiders", "codium", "cursor", "vscodium", "windsurf"})
_COLONS = frozenset({
    "atom", "helix", "hx", "lapce", "micro", "pulsar", "subl", "sublime_text", "zed", "zeditor",
})  # fmt: skip


def user_editor(machine: Machine) -> str:
    """Return the editor of the user: VISUAL, EDITOR, git's ``core.editor``, else vi."""
    return machine.named_editor or git_setting(machine, "core.editor") or "vi"


def editor_argv(editor: str, path: str, place: tuple[int, int] | None = None) -> list[str]:
    """Return the words that open ``path`` in ``editor``, at a line and column.

    The editor may hold options and quotes: ``code --wait``. One that is not known to take a
    place opens the file at its beginning.
    """
    return shell_argv(editor, *_place_words(editor, path, place))


def shell_argv(command: str, *arguments: str) -> list[str]:
    """Return the words that start a program of the user, which may be a line for the shell."""
    if _FOR_SHELL.search(command):
        return ["sh", "-c", f'{command} "$@"', command, *arguments]
    return [command, *arguments]


def edit_file(machine: Machine, path: str, place: tuple[int, int] | None = None) -> int:
    """Open ``path`` in the user's editor, at ``place``, and return the editor's exit code.

    Raises:
      ToolError: the editor is missing or cannot start.
    """
    from sessionctl.system.process import run_interactive

    return run_interactive(editor_argv(user_editor(machine), path, place), machine.environ)


def _place_words(editor: str, path: str, place: tuple[int, int] | None) -> tuple[str, ...]:
    if place is None:
        return (path,)
    line, column = place
    name = os.path.basename(editor.split(maxsplit=1)[0]) if editor.split() else ""  # noqa: PTH119
    if name in _PLUS_LINE:
        return (f"+{line}", path)
    if name in _GOTO:
        return ("--goto", f"{path}:{line}:{column}")
    if name in _COLONS:
        return (f"{path}:{line}:{column}",)
    if name == "kate":
        return ("--line", str(line), "--column", str(column), path)
    return (path,)


def git_setting(machine: Machine, key: str) -> str:
    """Return what git's configuration says of ``key`` here, "" for nothing."""
    from pathlib import Path

    from sessionctl.errors import SessionctlError
    from sessionctl.system.git.program import Git

    try:
        return Git(machine.environ, Path()).text("config", key, ok=(0, 1))
    except SessionctlError:
        return ""
