"""Formatting: which files, what would change in them, and writing it."""

from __future__ import annotations

from sessionctl.core.filename import STDIN, STDIN_NAME
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.source import Source
from sessionctl.core.toml.formatter import LayoutEdit, format_text
from sessionctl.services.plan.plan import SkipStep, StepGroup
from sessionctl.system.files.session_files import find_sessions, is_directory
from sessionctl.system.files.text import read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.services.plan.plan import Note, Plan
    from sessionctl.system.store.store import Store


class FormattedFile(NamedTuple):
    """A file before and after formatting, and the step that writes it.

    ``name`` is what it goes by in messages, ``<stdin>`` for ``-``; ``edits`` is empty when it
    was tidy.
    """

    name: str
    before: str
    after: str
    edits: tuple[LayoutEdit, ...]

    def places(self) -> list[tuple[int, int, str]]:
        """Return the line, column and reason of every edit, in the text as it was."""
        source = Source(self.before, self.name)
        return [(*source.place(edit.start), edit.reason) for edit in self.edits]

    def render(self) -> str:
        """Return what is done."""
        return f"tidy {self.name}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        edits = [{"line": line, "column": col, "reason": why} for line, col, why in self.places()]
        return {"action": "format", "file": self.name, "tidy": not edits, "edits": edits}

    def carry_out(self, store: Store, /) -> tuple[Note, ...]:
        """Write the tidy text to the file, with what others changed in it meanwhile.

        Raises:
          SkipStep: it is tidy.
          FileError: it cannot be written, or an edit of someone else clashes.
        """
        if not self.edits:
            raise SkipStep(f"{self.name} is tidy")
        return store.save(self.name, self.after, expected=self.before, why="fmt").notes


def files_to_format(names: Iterable[str], own: Iterable[str] = ()) -> list[str]:
    """Return ``names`` with each directory replaced by the session files in and below it.

    Not looked into are the directories of sessionctl's ``own`` files.

    Raises:
      FileError: a directory cannot be read.
    """
    files: list[str] = []
    for name in names:
        if name != STDIN and is_directory(name):
            files += [found.path for found in find_sessions(name, own=own)]
        else:
            files.append(name)
    return list(dict.fromkeys(files))


def format_file(file: str) -> FormattedFile:
    """Return ``file`` before and after formatting; ``-`` is stdin. Nothing is written.

    Raises:
      FileError: it cannot be read.
      ParseError: it is not TOML; the message carries the place.
    """
    name = STDIN_NAME if file == STDIN else file
    text = read_stdin() if file == STDIN else read_text(file)
    after, edits = format_text(text, name)
    return FormattedFile(name, text, after, edits)


def plan_format(files: Iterable[FormattedFile]) -> Plan[Store]:
    """Return the steps that write ``files``; they do not depend on each other."""
    steps = tuple(files)
    return (StepGroup("", steps, goes_on=True),) if steps else ()
