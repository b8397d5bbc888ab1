"""Editor: the user's own, started on a file as git starts it."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What makes git hand the words to a shell: run-command.c, prepare_shell_cmd.
_FOR_SHELL = re.compile(r"[|&;<>()$`\\\"' \t\n*?\[#~=%]")


def editor_argv(environ: Mapping[str, str], path: str) -> list[str]:
    """Return the words that open ``path`` in ``$VISUAL``, else ``$EDITOR``, else vi.

    Either may hold options and quotes: ``code --wait``.
    """
    chosen = environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    if _FOR_SHELL.search(chosen):
        return ["sh", "-c", f'{chosen} "$@"', chosen, path]
    return [chosen, path]


def edit_file(path: str) -> int:
    """Open ``path`` in the user's editor and return the editor's exit code.

    Raises:
      ToolError: the editor is missing or cannot start.
    """
    from sessionctl.system.process import run_interactive

    return run_interactive(editor_argv(os.environ, path), os.environ)
