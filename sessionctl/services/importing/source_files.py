"""Source files: finding and reading what other session tools have written."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH114, PTH119
import os

from sessionctl.core.filename import STDIN, STDIN_NAME
from sessionctl.core.importers.kind import is_save, kind_of_path, may_be_one
from sessionctl.errors import ParseError, SessionctlError
from sessionctl.system.files.session_files import find_sessions
from sessionctl.system.files.text import read_bytes, read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT_BYTES = 1024 * 1024
"""The largest file that is read: YAML takes long to read, and no such file is longer."""

_ENDINGS = (".yaml", ".yml", ".json", ".toml", ".kdl", "last")


def find_sources(directory: str, own: Iterable[str] = ()) -> list[str]:
    """Return the files in and below ``directory`` that may be those of another tool.

    They lie where a tool looks for them, or hold what one writes. Not looked into are the
    directories of sessionctl's ``own`` files.

    Raises:
      FileError: ``directory`` itself cannot be read.
    """
    found = find_sessions(directory, own=own, suffix=_ENDINGS)
    # A link to a file that is found anyway is no file of its own.
    real = {item.path for item in found if not os.path.islink(item.path)}
    real = {os.path.realpath(path) for path in real}
    return [
        item.path
        for item in found
        if not (os.path.islink(item.path) and os.path.realpath(item.path) in real)
        and _may_be_source(os.path.abspath(item.path))
    ]


def read_source_text(path: str) -> str:
    """Return the text of a file, or that on stdin for ``-``; raises as ``read_text`` does.

    tmux-resurrect saves the bytes of directories as they are: what is not UTF-8 in its file is
    replaced.
    """
    if path == STDIN:
        return read_stdin(limit_bytes=LIMIT_BYTES)
    try:
        return read_text(path, limit_bytes=LIMIT_BYTES)
    except ParseError:
        text = read_bytes(path, limit_bytes=LIMIT_BYTES).decode("utf-8", "replace")
        if is_save(text):
            return text
        raise


def source_name(path: str) -> str:
    """Return the name of a file for messages."""
    return STDIN_NAME if path == STDIN else path


def source_stem(path: str) -> str:
    """Return what a session without a name of its own is called: the file, or its project.

    A file such as ``.tmuxp.yaml`` is called like all others, so its directory is taken.
    """
    if path == STDIN:
        return "session"
    directory, name = os.path.split(os.path.abspath(path))
    stem = name.partition(".")[0]
    return stem or os.path.basename(directory) or "session"


def _may_be_source(path: str) -> bool:
    if path.endswith(".session.toml"):
        return False
    if kind_of_path(path):
        return True
    if path.endswith("last"):
        return False
    try:
        return may_be_one(read_source_text(path))
    except SessionctlError:
        return False
