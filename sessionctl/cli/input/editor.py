"""Editor: the user's own, started on a file as git starts it."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine

# What makes git hand the words to a shell: run-command.c, prepare_shell_cmd.
_FOR_SHELL = re.compile(r"[|&;<>()$`\\\"' \t\n*?\[#~=%]")


def editor_argv(editor: str, path: str) -> list[str]:
    """Return the words that open ``path`` in ``editor``.

    That may hold options and quotes: ``code --wait``.
    """
    return shell_argv(editor, path)


def shell_argv(command: str, *arguments: str) -> list[str]:
    """Return the words that start a program of the user, which may be a line for the shell."""
    if _FOR_SHELL.search(command):
        return ["sh", "-c", f'{command} "$@"', command, *arguments]
    return [command, *arguments]


def edit_file(machine: Machine, path: str) -> int:
    """Open ``path`` in the user's editor and return the editor's exit code.

    Raises:
      ToolError: the editor is missing or cannot start.
    """
    from sessionctl.system.process import run_interactive

    return run_interactive(editor_argv(machine.editor, path), machine.environ)
