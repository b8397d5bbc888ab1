"""Formatting files: which ones, what would change in them, and writing it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.filename import STDIN_NAME
from sessionctl.core.text.source import Source
from sessionctl.core.toml.layout_rules import LayoutEdit, format_text
from sessionctl.system.files.session_files import find_sessions, is_directory
from sessionctl.system.files.text import read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.services.documents.document_store import Store
    from sessionctl.system.store.store import SaveResult


class FormattedFile(NamedTuple):
    """A file before and after formatting; ``edits`` is empty when it was tidy.

    ``name`` is what it goes by in messages, ``<stdin>`` for ``-``.
    """

    name: str
    before: str
    after: str
    edits: tuple[LayoutEdit, ...]

    def places(self) -> list[tuple[int, int, str]]:
        """Return the line, column and reason of every edit, in the text as it was."""
        source = Source(self.before, self.name)
        return [(*source.place(edit.start), edit.reason) for edit in self.edits]


def files_to_format(names: Iterable[str]) -> list[str]:
    """Return ``names`` with each directory replaced by the session files in and below it.

    Raises:
      FileError: a directory cannot be read.
    """
    files: list[str] = []
    for name in names:
        if name != "-" and is_directory(name):
            files += [found.path for found in find_sessions(name)]
        else:
            files.append(name)
    return list(dict.fromkeys(files))


def plan_format(file: str) -> FormattedFile:
    """Return what formatting ``file`` comes to; ``-`` is stdin. Nothing is written.

    Raises:
      FileError: it cannot be read.
      ParseError: it is not TOML; the message carries the place.
    """
    name = STDIN_NAME if file == "-" else file
    text = read_stdin() if file == "-" else read_text(file)
    after, edits = format_text(text, name)
    return FormattedFile(name, text, after, edits)


def write_formatted(tidied: FormattedFile, store: Store) -> SaveResult:
    """Write the tidy text to its file, with what others changed in it meanwhile.

    Raises:
      FileError: it cannot be written, or an edit of someone else clashes.
    """
    return store.save(tidied.name, tidied.after, expected=tidied.before, why="fmt")
