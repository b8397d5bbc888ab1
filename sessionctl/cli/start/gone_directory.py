"""Gone directory: a command that is typed where the current directory was deleted."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH109, PTH112, PTH117
import os

from sessionctl.errors import FileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ANYWHERE = frozenset({"completion", "explain", "help", "pane", "save", "schema"})
"""The commands that need no directory; tmux starts some of them wherever a pane was."""
_ASKS = frozenset({"--help", "--version", "-V", "-h"})


def is_gone() -> bool:
    """Return whether the current directory was deleted."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def needs_directory(arguments: Sequence[str]) -> bool:
    """Return whether the command line ``arguments`` is about the current directory.

    One that names a file by its whole path is not.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    words = [word for word in arguments if not word.startswith("-")]
    if not words or words[0] in _ANYWHERE or not _ASKS.isdisjoint(arguments[:end]):
        return False
    return not any(os.path.isabs(word) for word in words)


def gone_directory(environ: Mapping[str, str]) -> FileError:
    """Return the error that says so, with the former path where the shell still knows it."""
    former = environ.get("PWD", "")
    place = f": {former}" if os.path.isabs(former) and not os.path.isdir(former) else ""
    return FileError(
        f"the current directory is gone{place}", hints=["go to a directory that is there: cd"]
    )
