"""File reading: what a look at a file shows, judged as ``validate`` judges it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.sync.events import FileKind, FileSeen
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.system.files.snapshot import glance_at, marks_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.services.documents.schema_source import SchemaReader
    from sessionctl.system.files.snapshot import Snapshot


class FileReading(NamedTuple):
    """What a look showed: for the state machine, and ``checked`` for people.

    ``marks`` tell without reading whether the file was touched since. ``is_open`` tells
    that somebody has it open for writing.
    """

    seen: FileSeen
    checked: CheckedFile | None
    marks: tuple[int, ...]
    is_open: bool = False


class CheckInterrupt(BaseException):
    """A check was broken off because the watch is to end; nothing had been written."""


class ContentCheck:
    """Checks contents for all files of a watch, until it is stopped.

    A check only reads, and may take seconds where a schema asks for much: a signal need not
    wait for it. What schemas used up all steps for is remembered from one file to the next.
    """

    def __init__(self) -> None:
        self._schemas: SchemaReader | None = None
        self._is_checking = False
        self.is_stopped = False

    def __call__(self, file: str, data: bytes) -> CheckedFile:
        """Check ``data`` as the content of a file, with what lies beside it.

        Raises:
          CheckInterrupt: ``stop`` was called, before or meanwhile.
        """
        self._is_checking = True
        try:
            if self.is_stopped:
                raise CheckInterrupt
            return self._judge(file, data)
        finally:
            self._is_checking = False

    def _judge(self, file: str, data: bytes) -> CheckedFile:
        from sessionctl.services.documents.file_validation import check_content
        from sessionctl.services.documents.schema_choice import SchemaChooser
        from sessionctl.services.documents.schema_source import SchemaReader
        from sessionctl.services.documents.validation import Validator

        if self._schemas is None:
            self._schemas = SchemaReader()
        # A new one each time: schemas are files too, and may have been edited.
        return check_content(file, data, Validator(SchemaChooser(reader=self._schemas)))

    def stop(self) -> None:
        """Check nothing any more; for the thread of the checks, where a signal came in.

        Raises:
          CheckInterrupt: a check is under way.
        """
        self.is_stopped = True
        if self._is_checking:
            raise CheckInterrupt


class FileReader:
    """Looks at one file; a content that was judged is not judged again."""

    def __init__(
        self, file: str, check: ContentCheck, glance: Callable[[str], Snapshot] = glance_at
    ) -> None:
        self._file = file
        self._check = check
        self._glance = glance
        self._judged: tuple[bytes, FileSeen, CheckedFile] | None = None

    def read(self) -> FileReading:
        """Return what the file holds now."""
        marks = marks_at(self._file)
        glance = self._glance(self._file)
        if glance.failure is not None:
            seen = FileSeen(FileKind.UNREADABLE, note=glance.failure.message)
            return FileReading(seen, None, marks, glance.is_open)
        if glance.data is None:
            return FileReading(FileSeen(FileKind.MISSING), None, marks)
        if self._judged is None or self._judged[0] != glance.data:
            self._judged = (glance.data, *self._judge(glance.data))
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
