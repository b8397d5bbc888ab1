"""Staged files: the content that a commit would take, read from git's index."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.errors import GitError
from sessionctl.services.githooks_content import check_content
from sessionctl.services.masking import is_session_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sessionctl.services.validating import Checked
    from sessionctl.system.git import Git

_FILE_MODES = ("100644", "100755")


class Staged(NamedTuple):
    """A staged file: its path from the directory git runs in, and the id of its content."""

    path: str
    blob: str


def check_staged(git: Git) -> list[Checked]:
    """Return what was found in each staged file that is handed to sessionctl, by path.

    These are the sessions, and the files whose attribute ``merge`` is ours. Content that
    is not staged does not matter, nor do files that the commit leaves as they are.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    from sessionctl.services.validating import Validator

    staged = staged_files(git)
    files = [file for file in staged if _is_session(file.path)]
    files += _handed_over(git, [file for file in staged if not _is_session(file.path)])
    if not files:
        return []
    validator = Validator()
    contents = read_blobs(git, [file.blob for file in files])
    return [
        check_content(validator, file.path, content)
        for file, content in sorted(zip(files, contents, strict=True))
    ]


def staged_files(git: Git) -> list[Staged]:
    """Return the files that the next commit would add or change; symlinks are none.

    Raises:
      GitError: there is no repository with files here, or git is missing.
    """
    top = os.path.join(git.cwd, git.text("rev-parse", "--show-cdup"))  # noqa: PTH118
    listed = git.run(
        "-c", "diff.relative=false", "diff", "--cached", "--raw", "-z", "--no-abbrev",
        "--no-renames", "--ignore-submodules", "--diff-filter=ACMT",
    )  # fmt: skip
    words = iter(os.fsdecode(listed.stdout).split("\0")[:-1])
    found = []
    for about, path in zip(words, words, strict=True):
        _, mode, _, blob, _ = about.split(" ")
        if mode in _FILE_MODES:
            found.append(Staged(_seen_from(git.cwd, top, path), blob))
    return found


def read_blobs(git: Git, blobs: list[str]) -> Iterator[bytes]:
    """Yield the content of each blob, in order.

    Raises:
      GitError: one is not there.
    """
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    answer = git.run("cat-file", "--batch", stdin=asked).stdout
    position = 0
    for blob in blobs:
        end = answer.index(b"\n", position)
        words = answer[position:end].split(b" ")
        if words[-1] == b"missing":
            raise GitError(f"git cat-file: {blob}: missing", hints=["see: git fsck"])
        position = end + 1 + int(words[-1])
        yield answer[end + 1 : position]
        position += 1


def _seen_from(directory: Path, top: str, path: str) -> str:
    return os.path.relpath(os.path.join(top, path), directory)  # noqa: PTH118


def _is_session(path: str) -> bool:
    return is_session_name(os.path.basename(path))  # noqa: PTH119


def _handed_over(git: Git, files: list[Staged]) -> list[Staged]:
    if not files:
        return []
    attributes = git.attributes([file.path for file in files], "merge")
    return [file for file in files if attributes[file.path]["merge"] == "sessionctl"]
