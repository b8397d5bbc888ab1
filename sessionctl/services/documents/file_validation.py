"""File validation: files are found, read and checked, with the secrets that lie beside them."""

from __future__ import annotations

from sessionctl.core.filename import (
    SESSION_SUFFIX,
    SIDECAR_SUFFIX,
    STDIN,
    STDIN_NAME,
    is_session_name,
    is_sidecar_name,
)
from sessionctl.errors import FileError, ParseError, SessionctlError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.validation import Validator
from sessionctl.system.files.session_files import find_sessions, is_directory
from sessionctl.system.files.text import decode_text, read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sessionctl.core.session.secret_problems import StoredNames

_MANY = 32


def check_files(
    names: Iterable[str],
    validator: Validator,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    own: Sequence[str] = (),
) -> Iterator[CheckedFile]:
    """Check files, the session files in and below directories, and stdin (``-``), each once.

    ``progress`` is called with how many of how many are done. Not looked into are the
    directories of sessionctl's ``own`` files.
    """
    files: dict[str, CheckedFile | None] = {}
    for name in names:
        found = [name]
        if name != STDIN and is_directory(name):
            try:
                found = _found_in(name, own)
            except FileError as error:
                files[name] = CheckedFile(name, failure=error)
                continue
        for file in found:
            files.setdefault(file, None)
    for done, checked in enumerate(_checked(files, validator), 1):
        progress(done, len(files))
        yield checked


def _checked(files: dict[str, CheckedFile | None], validator: Validator) -> Iterator[CheckedFile]:
    def check(file: str) -> CheckedFile:
        return files[file] or check_file(file, validator)

    if len(files) < _MANY:
        yield from map(check, files)
        return
    from sessionctl.services.verdicts.parallel_check import check_in_parallel

    yield from check_in_parallel(list(files), check, validator.keep)


def check_file(file: str, validator: Validator) -> CheckedFile:
    """Check one file; it is only read."""
    name = STDIN_NAME if file == STDIN else file
    try:
        text = read_stdin() if file == STDIN else read_text(file)
    except ParseError as error:  # not UTF-8
        return CheckedFile.of_bytes(name, error)
    except SessionctlError as error:
        return CheckedFile(name, failure=error)
    return in_reach(validator.check_text(name, text, _stored_beside(name, text)), text)


def check_content(file: str, data: bytes, validator: Validator) -> CheckedFile:
    """Check ``data`` as the content of a file, with what lies beside it."""
    try:
        text = decode_text(data, file)
    except ParseError as error:
        return CheckedFile.of_bytes(file, error)
    return in_reach(validator.check_text(file, text, _stored_beside(file, text)), text)


def in_reach(checked: CheckedFile, text: str) -> CheckedFile:
    """Return ``checked`` with what is wrong where its vault is out of reach."""
    name = checked.name.rpartition("/")[2]
    if checked.failure is not None or "secret" not in text:
        return checked
    if is_session_name(name):
        from sessionctl.services.secrets.stored_names import has_sidecar

        if not has_sidecar(checked.name):
            return checked
    elif not is_sidecar_name(name):
        return checked
    from sessionctl.services.secrets.vault_reach import reach_problem

    problem = reach_problem(checked.name, text)
    return checked if problem is None else checked.with_problems([*checked.problems, problem])


def _found_in(directory: str, own: Sequence[str]) -> list[str]:
    suffixes = (SESSION_SUFFIX, SIDECAR_SUFFIX)
    return [file.path for file in find_sessions(directory, own=own, suffix=suffixes)]


def _stored_beside(file: str, text: str) -> StoredNames | None:
    if "secret" not in text or not is_session_name(file.rpartition("/")[2]):
        return None
    from sessionctl.services.secrets.stored_names import stored_beside

    return stored_beside(file)
