"""Staged files: the content that a commit would take, read from git's index."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110, PTH118, PTH119
import os

from sessionctl.core.filename import (
    SESSION_PATHSPEC,
    SIDECAR_PATHSPEC,
    is_session_name,
    is_sidecar_name,
    sidecar_path,
)
from sessionctl.core.leftover import is_leftover
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.errors import GitError
from sessionctl.services.git.commit_check import check_for_commit
from sessionctl.system.git.typed_git import typed_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator
    from sessionctl.services.verdicts.verdict_cache import VerdictCache
    from sessionctl.system.git.program import Git

_FILE_MODES = ("100644", "100755")
_READ_AT_ONCE = 500
_KEPT = (SIDECAR_PATHSPEC, SESSION_PATHSPEC)


class StagedFile(NamedTuple):
    """A file in the index: its path from the directory git runs in, the id of its content.

    ``blob`` is empty for a file that the commit deletes.
    """

    path: str
    blob: str


def check_staged(git: Git, verdicts: VerdictCache | None = None) -> list[CheckedFile]:
    """Return what was found in each staged file that is handed to sessionctl, by path.

    These are the sessions and their sidecars, the files whose attribute ``merge`` is ours,
    and keys that would give everything away. Content that is not staged does not matter,
    nor do files that the commit leaves as they are, save a session whose sidecar changes.
    What ``verdicts`` knows to be valid is not checked again.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    top = _top(git)
    staged = staged_files(git, top)
    ours = [file for file in staged if file.blob and _is_ours(file.path)]
    others = [file for file in staged if file.blob and not _is_ours(file.path)]
    ours += _handed_over(git, others)
    sidecars = {file.path: file.blob for file in staged if is_sidecar_name(_base(file.path))}
    from sessionctl.services.documents.validation import Validator

    validator = Validator(verdicts=verdicts)
    found = _check(git, ours, _Index(git, top), sidecars, validator)
    found += staged_keys(git, others)
    return sorted(found, key=lambda checked: checked.name)


class _Index:
    """What the index holds of sessions and sidecars, whether it changes or not."""

    def __init__(self, git: Git, top: str) -> None:
        self.git = git
        self._top = top
        self._blobs: dict[str, str] | None = None
        self._contents: dict[str, bytes] = {}

    @property
    def blobs(self) -> dict[str, str]:
        """The contents of the files, by their paths; most commits do not need them."""
        if self._blobs is None:
            listed = self.git.run("ls-files", "-s", "-z", "--full-name", "--", *_KEPT)
            self._blobs = {}
            for entry in os.fsdecode(listed.stdout).split("\0")[:-1]:
                about, _, path = entry.partition("\t")
                mode, blob, stage = about.split(" ")
                if stage == "0" and mode in _FILE_MODES:
                    self._blobs[_seen_from(self.git.directory, self._top, path)] = blob
        return self._blobs

    def read_sidecars(self, sessions: list[str]) -> None:
        """Ask git at once for what the sidecars of these sessions hold."""
        if not sessions:
            return
        blobs = [self.blobs[path] for path in map(sidecar_path, sessions) if path in self.blobs]
        if blobs:
            self._contents = dict(zip(blobs, read_blobs(self.git, blobs), strict=True))

    def stored(self, session: str, changed: Mapping[str, str]) -> StoredNames | None:
        """Return what the index stores for a session, None where it keeps no secrets.

        ``changed`` are the staged sidecars: one that is deleted stores nothing.
        """
        from sessionctl.core.secrets.sidecar import Sidecar
        from sessionctl.core.session.secret_problems import StoredNames
        from sessionctl.errors import SessionctlError

        sidecar = sidecar_path(session)
        store = f"store it: sessionctl secret set {typed_path(session, self.git.environ)} {{name}}"
        stage = f"stage the file it is in: git add -- {typed_path(sidecar, self.git.environ)}"
        blob = self.blobs.get(sidecar)
        if blob is None:
            is_there = os.path.exists(os.path.join(self.git.directory, sidecar))
            if not is_there and sidecar not in changed:
                return None
            return StoredNames((), stage if is_there else store)
        data = self._contents.get(blob)
        if data is None:  # of a session whose filter hides what it refers to
            [data] = read_blobs(self.git, [blob])
        try:
            names = tuple(Sidecar.parse(data.decode(), sidecar).entries)
        except (SessionctlError, UnicodeDecodeError):
            return None  # told where the sidecar itself is checked
        return StoredNames(names, f"{store}; then {stage.partition(': ')[2]}")

    def sessions_of(self, sidecars: Mapping[str, str]) -> list[StagedFile]:
        """Return the sessions in the index that those sidecars belong to."""
        if not sidecars:
            return []
        return [
            StagedFile(path, blob)
            for path, blob in self.blobs.items()
            if is_session_name(_base(path)) and sidecar_path(path) in sidecars
        ]


def _check(
    git: Git,
    files: list[StagedFile],
    index: _Index,
    sidecars: Mapping[str, str],
    validator: Validator,
) -> list[CheckedFile]:
    from sessionctl.core.session.secret_problems import DANGLING

    staged = {file.path for file in files}
    files = [*files, *(one for one in index.sessions_of(sidecars) if one.path not in staged)]
    found: list[CheckedFile] = []
    for file, content in _contents(git, files, index):
        checked = _check_content(validator, file, content, index, sidecars)
        if not checked.is_valid and _may_be_filtered(content, checked):
            filter_name, yielded = _yielded(git, file, content)
            if yielded is not None:
                checked = _check_content(validator, file, yielded, index, sidecars)
            elif filter_name and is_envelope(content):
                from sessionctl.services.git.filter_advice import unchecked

                checked = unchecked(file.path, filter_name)
        if is_leftover(_base(file.path)):  # no session, but a secret in it is one all the same
            leaks = (one for one in checked.problems if is_secret_rule(one.rule))
            checked = checked.with_problems(leaks)._replace(failure=None)
        if file.path not in staged:  # only what its sidecar changes about it
            told = (problem for problem in checked.problems if problem.rule == DANGLING)
            checked = checked.with_problems(told)._replace(failure=None)
        if checked.problems or checked.failure or file.path in staged:
            found.append(checked)
    return found


def _contents(
    git: Git, files: list[StagedFile], index: _Index
) -> Iterator[tuple[StagedFile, bytes]]:
    """Yield the files with their contents; git is asked for many at once, and for sidecars."""
    for start in range(0, len(files), _READ_AT_ONCE):
        part = files[start : start + _READ_AT_ONCE]
        contents = list(read_blobs(git, [file.blob for file in part]))
        read = list(zip(part, contents, strict=True))
        index.read_sidecars([file.path for file, content in read if _may_refer(file, content)])
        yield from read


def _may_refer(file: StagedFile, content: bytes) -> bool:
    """Return whether a file is a session that may refer to secrets."""
    return b"secret" in content and is_session_name(_base(file.path))


def _check_content(
    validator: Validator,
    file: StagedFile,
    content: bytes,
    index: _Index,
    sidecars: Mapping[str, str],
) -> CheckedFile:
    stored = index.stored(file.path, sidecars) if _may_refer(file, content) else None
    return check_for_commit(validator, file.path, content, stored)


def _may_be_filtered(content: bytes, checked: CheckedFile) -> bool:
    """Return whether the content of a file may be another form of a text; most are texts."""
    return is_envelope(content) or any(problem.rule == "syntax" for problem in checked.problems)


def _yielded(git: Git, file: StagedFile, content: bytes) -> tuple[str, bytes | None]:
    """Return the filter that a file is stored through ("" for none), and what that gives."""
    from sessionctl.system.git.filters import filters_of, smudged

    name = filters_of(git, [file.path]).get(file.path, "")
    if not name:
        return "", None
    inner = os.path.join(git.text("rev-parse", "--show-prefix"), file.path)
    return name, smudged(git, os.path.normpath(inner), file.blob, content)


def staged_keys(git: Git, files: list[StagedFile]) -> list[CheckedFile]:
    """Return the staged files that hold a key which opens secrets, by their names and content."""
    from sessionctl.services.scanning.key_files import check_key_file, may_hold_key

    named = [file for file in files if may_hold_key(file.path)]
    contents = read_blobs(git, [file.blob for file in named]) if named else iter(())
    checked = (
        check_key_file(file.path, data, step=f"unstage it: git reset -q -- {word}")
        for file, data in zip(named, contents, strict=True)
        for word in [typed_path(file.path, git.environ)]
    )
    return [file for file in checked if file is not None]


def _top(git: Git) -> str:
    return os.path.join(git.directory, git.text("rev-parse", "--show-cdup"))


def staged_files(git: Git, top: str = "") -> list[StagedFile]:
    """Return the files that the next commit would add, change or delete; symlinks are none.

    ``top`` is that of the work tree, where it is known.

    Raises:
      GitError: there is no repository with files here, or git is missing.
    """
    top = top or _top(git)
    listed = git.run(
        "-c", "diff.relative=false", "diff", "--cached", "--raw", "-z", "--no-abbrev",
        "--no-renames", "--ignore-submodules", "--diff-filter=ACMTD",
    )  # fmt: skip
    words = iter(os.fsdecode(listed.stdout).split("\0")[:-1])
    found = []
    for about, path in zip(words, words, strict=True):
        _, mode, _, blob, status = about.split(" ")
        if status == "D":
            found.append(StagedFile(_seen_from(git.directory, top, path), ""))
        elif mode in _FILE_MODES:
            found.append(StagedFile(_seen_from(git.directory, top, path), blob))
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


def _seen_from(directory: Path | str, top: str, path: str) -> str:
    return os.path.relpath(os.path.join(top, path), directory)


def _base(path: str) -> str:
    return os.path.basename(path)


def _is_ours(path: str) -> bool:
    return is_session_name(_base(path)) or is_sidecar_name(_base(path))


def _handed_over(git: Git, files: list[StagedFile]) -> list[StagedFile]:
    if not files:
        return []
    attributes = git.attributes([file.path for file in files], "merge")
    return [file for file in files if attributes[file.path]["merge"] == "sessionctl"]
