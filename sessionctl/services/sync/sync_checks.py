"""Sync checks: what must not be committed or pushed, and what hinders a merge by key."""

from __future__ import annotations

import os

from sessionctl.core.filename import (
    RECIPIENTS_FILE,
    VAULT_FILE,
    VAULT_FOLDER,
    VAULT_INFO_FILE,
    is_session_name,
    is_sidecar_name,
)
from sessionctl.errors import FileError
from sessionctl.services.git.commit_check import check_for_commit
from sessionctl.services.secrets.stored_names import stored_beside
from sessionctl.system.files.text import read_bytes
from sessionctl.system.git.file_commits import blob_at, read_blob
from sessionctl.system.process import find_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator
    from sessionctl.system.git.program import Git


def seen_from_here(top: Path, path: str) -> str:
    """Return the way from the current directory to a path from the top."""
    return os.path.relpath(top / path)


def is_synced(path: str) -> bool:
    """Tell whether sync commits a file of this path: a session, or what opens its secrets."""
    folder, _, name = path.rpartition("/")
    if is_session_name(name) or is_sidecar_name(name) or name == RECIPIENTS_FILE:
        return True
    return name in (VAULT_FILE, VAULT_INFO_FILE) and folder.rpartition("/")[2] == VAULT_FOLDER


def check_files(top: Path, paths: Iterable[str]) -> list[CheckedFile]:
    """Return those files of the work tree in which something is wrong; symlinks are not read."""
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator

    found = []
    validator = Validator()
    for path in paths:
        if (top / path).is_symlink():
            continue
        name = seen_from_here(top, path)
        try:
            checked = _check(validator, name, read_bytes(top / path), is_on_disk=True)
        except FileError as error:
            checked = CheckedFile(name, failure=error)
        if not checked.is_valid:
            found.append(checked)
    return found


def _check(
    validator: Validator, name: str, data: bytes, *, is_on_disk: bool = False
) -> CheckedFile:
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.scanning.key_files import check_key_file

    base = os.path.basename(name)  # noqa: PTH119
    if is_session_name(base) or is_sidecar_name(base):
        stored = stored_beside(name) if is_on_disk and is_session_name(base) else None
        return check_for_commit(validator, name, data, stored)
    return check_key_file(name, data) or CheckedFile(name)


def check_committed(git: Git, top: Path, paths: Iterable[str]) -> list[CheckedFile]:
    """Return those files in which something is wrong as they are committed."""
    from sessionctl.services.documents.validation import Validator

    validator = Validator()
    found = []
    for path in paths:
        blob = blob_at(git, "HEAD", path)
        if blob is None or not blob.mode.startswith("100"):
            continue
        if is_synced(path):
            checked = _check(validator, seen_from_here(top, path), read_blob(git, blob))
            if not checked.is_valid:
                found.append(checked)
    return found


def is_refused(findings: Iterable[CheckedFile]) -> bool:
    """Tell whether one of the files must not be committed; warnings do not matter."""
    return any(not checked.is_valid for checked in findings)


def driver_obstacle(git: Git, paths: list[str]) -> str:
    """Return why git would not merge these files through sessionctl, or ""."""
    if not git.config("", r"^merge\.sessionctl\.driver$"):
        return "git does not know sessionctl here"
    if find_program("sessionctl", git.environ.get("PATH")) is None:
        return "sessionctl is not on the PATH that git sees"
    for path, found in git.attributes(paths, "merge").items():
        if found["merge"] != "sessionctl":
            return f"git merges it by lines (attribute merge of {path}: {found['merge']})"
    return ""
