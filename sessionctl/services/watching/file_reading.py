"""File reading: what a look at a file shows, judged as ``validate`` judges it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.sync.events import FileKind, FileSeen
from sessionctl.core.text.source import Source
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.system.files.snapshot import glance_at, marks_at
from sessionctl.system.store.archive_entry import address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.toml.document import Document
    from sessionctl.services.documents.schema_choice import SchemaChooser
    from sessionctl.services.verdicts.verdict_cache import VerdictCache
    from sessionctl.system.files.snapshot import Snapshot


_LONGEST_KEPT = 100_000
"""A document takes some times the memory of its text: a longer one is read again."""


class FileReading(NamedTuple):
    """What a look showed: for the state machine, and ``checked`` for people.

    ``marks`` tell without reading whether the file was touched since. ``is_open`` tells
    that somebody has it open for writing.
    """

    seen: FileSeen
    checked: CheckedFile | None
    marks: tuple[int, ...]
    is_open: bool = False


class ContentCheck:
    """Checks contents for all files of a watch.

    What schemas used up all steps for is remembered from one file to the next, and so is what
    ``verdicts`` knows to be valid.
    """

    def __init__(self, verdicts: VerdictCache | None = None) -> None:
        self._schemas: SchemaChooser | None = None
        self._verdicts = verdicts
        self._last: Document | None = None

    def __call__(self, file: str, data: bytes) -> CheckedFile:
        """Check ``data`` as the content of a file, with what lies beside it."""
        from sessionctl.services.documents.file_validation import check_content
        from sessionctl.services.documents.schema_choice import SchemaChooser
        from sessionctl.services.documents.validation import Validator

        if self._schemas is None:
            self._schemas = SchemaChooser()
        # A new one each time: schemas are files too, and may have been edited.
        validator = Validator(self._schemas.renewed(), self._verdicts)
        checked = check_content(file, data, validator)
        last = validator.document
        self._last = last if last is not None and len(last.text) <= _LONGEST_KEPT else None
        return checked

    def document(self, file: str, text: str) -> Document:
        """Return the document that a text of a file is; what was checked last is at hand.

        Raises:
          ParseError: it is not TOML.
        """
        last = self._last
        if last is not None and last.text == text and last.name == file:
            return last
        from sessionctl.core.toml.document import Document

        return Document.parse(text, file)

    def keep(self) -> None:
        """Let other processes know what was found valid."""
        if self._verdicts is not None:
            self._verdicts.keep()


class FileReader:
    """Looks at one file; a content that was judged is not judged again."""

    def __init__(
        self, file: str, check: ContentCheck, glance: Callable[[str], Snapshot] = glance_at
    ) -> None:
        self._file = file
        self._check = check
        self._glance = glance
        self._judged: tuple[str, FileSeen, CheckedFile] | None = None

    def read(self, known: str | None = None) -> FileReading:
        """Return what the file holds now; as ``known``, where that is the same text."""
        marks = marks_at(self._file)
        glance = self._glance(self._file)
        if glance.failure is not None:
            seen = FileSeen(FileKind.UNREADABLE, note=glance.failure.message)
            return FileReading(seen, None, marks, glance.is_open)
        if glance.data is None:
            return FileReading(FileSeen(FileKind.MISSING), None, marks)
        digest = address_of(glance.data)
        if self._judged is None or self._judged[0] != digest:
            seen, checked = self._judge(glance.data)
            if seen.text == known and known is not None:
                seen = seen._replace(text=known)  # of many files, one text each is enough
            if not checked.problems:
                checked = checked._replace(source=Source("", self._file))
            self._judged = (digest, seen, checked)
        _, seen, checked = self._judged
        return FileReading(seen, checked, marks, glance.is_open)

    def _judge(self, data: bytes) -> tuple[FileSeen, CheckedFile]:
        checked = self._check(self._file, data)
        if checked.fixed_place is not None:  # no text
            note = checked.problems[0].message
            return FileSeen(FileKind.INVALID, data.decode(errors="replace"), note), checked
        text = data.decode()
        if checked.is_valid:
            return FileSeen(FileKind.TEXT, text), checked
        from sessionctl.core.conflict.marked_text import MARKER_RULE, whole_conflicts

        rules = {problem.rule for problem in checked.problems}
        if MARKER_RULE in rules or whole_conflicts(text):
            return FileSeen(FileKind.MARKED, text), checked
        note = checked.failure.message if checked.failure is not None else ""
        return FileSeen(FileKind.INVALID, text, note), checked
