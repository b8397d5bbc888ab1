"""What doctor says of the content of files: the place, and the command that shows it."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.errors import FileError
from sessionctl.services.doctor.checks.session_content import valid
from sessionctl.services.documents.checked_file import CheckedFile


def test_a_file_that_cannot_be_read_is_named_with_the_command_that_shows_why():
    file = "/a b.session.toml"
    checked = CheckedFile(file, failure=FileError(f"{file}: no such file"))
    [fault] = valid(SimpleNamespace(checked={file: checked}))
    assert fault.message == f"{file}: no such file"
    assert fault.fix == f"sessionctl validate -- '{file}'"
    assert fault.place == file
