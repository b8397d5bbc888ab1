"""Ancestry: what the history of a work tree says of an entry that is older than one seen here.

All of history counts: git leaves commits out of a walk that is limited to paths (a merge that
takes one side whole hides the other), and replaced or grafted commits hide more.
"""

from __future__ import annotations

from sessionctl.core.filename import SIDECAR_PATTERN
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.errors import GitError, SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from sessionctl.core.secrets.sidecar import SidecarEntry
    from sessionctl.system.git.program import Git

_SIDECARS = f":(top,glob)**/{SIDECAR_PATTERN}"
_MOST_BLOBS = 5_000
_AS_IT_IS = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": "/dev/null"}
"""Variables with which git walks the commits as they were made."""


class SidecarBlob(NamedTuple):
    """A sidecar as a commit has it, where that commit changed it."""

    commit: str
    blob: str


class History:
    """The commits that a sidecar lies in, as git has them."""

    def __init__(self, sidecar: Path, environ: Mapping[str, str]) -> None:
        """Look from the directory of ``sidecar``; nothing is read yet."""
        self._sidecar = sidecar
        self._environ = environ
        self._program: Git | None = None
        self._committed: frozenset[str] | None = None
        self._past: tuple[str, ...] | None = None

    @property
    def _git(self) -> Git:
        if self._program is None:
            from sessionctl.system.git.program import Git

            self._program = Git({**self._environ, **_AS_IT_IS}, self._sidecar.resolve().parent)
        return self._program

    def has_lost(self, digests: Collection[str], *, is_loose: bool) -> bool:
        """Return whether an entry that ``digests`` name was here, and now is an older one.

        It was not where another branch still has it, and this one never had; and with
        ``is_loose``, which says that it was never seen committed, where no commit has it.
        Of a file that git does not keep, and of a history that is not all here, everything
        counts as having been there: nobody but a thief or a backup puts an older one back.
        """
        try:
            return self._has_lost(digests, is_loose=is_loose)
        except GitError:
            return True

    def has_committed(self, digest: str) -> bool:
        """Return whether HEAD has the sidecar with an entry that ``digest`` names."""
        if self._committed is None:
            self._committed = frozenset(entry.digest for entry in _entries(self._head_text()))
        return digest in self._committed

    def _head_text(self) -> str:
        """Return the sidecar as HEAD has it; "" where it has none."""
        name = self._sidecar.name
        try:
            shown = self._git.run("cat-file", "blob", f"HEAD:./{name}", ok=(0, 128))
        except GitError:
            return ""
        return shown.stdout.decode(errors="replace") if shown.returncode == 0 else ""

    def past_entries(self, name: str) -> list[SidecarEntry]:
        """Return every entry ``name`` of all sidecars that git has, each once.

        Raises:
          GitError: there are too many, or git cannot say.
        """
        if self._past is None:
            self._past = tuple(self._past_texts())
        found = {
            entry.digest: entry
            for text in self._past
            if name in text
            for entry in _entries(text)
            if entry.name == name
        }
        return list(found.values())

    def _past_texts(self) -> Iterator[str]:
        if self._has_repository():
            blobs = {change.blob for change in self._changes("--all", "--reflog", "HEAD")}
            yield from (text for _, text in self._texts(blobs))

    def _has_repository(self) -> bool:
        """Whether there may be one: git is not started where nothing looks like it."""
        folder = self._sidecar.resolve().parent
        return "GIT_DIR" in self._environ or any(
            (above / ".git").exists() for above in (folder, *folder.parents)
        )

    def _has_lost(self, digests: Collection[str], *, is_loose: bool) -> bool:
        name = self._sidecar.name
        tracked = self._git.run("ls-files", "--error-unmatch", "--", name, ok=(0, 1))
        if tracked.returncode != 0 or not self._is_whole():
            return True
        # Past states of branches too: what was reset, amended or rebased away was there.
        found = self._changes("--all", "--reflog", "HEAD")
        held = self._holders({change.blob for change in found}, digests)
        commits = {change.commit for change in found if change.blob in held}
        if not commits:
            return not is_loose
        if commits & self._commits("HEAD", states=self._past_states()):
            return True
        elsewhere = commits & self._commits("--all")
        return not any(self._is_related(commit) for commit in elsewhere)

    def _is_whole(self) -> bool:
        """Whether all commits are here; of a submodule others choose which one is."""
        told = self._git.text(
            "rev-parse", "--is-shallow-repository", "--show-superproject-working-tree", ok=(0, 128)
        )
        return told.splitlines() == ["false"]

    def _past_states(self) -> list[str]:
        """Return the commits where this branch and its upstream were, or HEAD without one."""
        branch = self._git.text("symbolic-ref", "--quiet", "HEAD", ok=(0, 1))
        names = ["HEAD"]
        if branch:
            short = branch.removeprefix("refs/heads/")
            upstream = f"{short}@{{upstream}}"
            told = self._git.text("rev-parse", "--symbolic-full-name", upstream, ok=(0, 128))
            names = [branch, *(name for name in told.splitlines() if name.startswith("refs/"))]
        logs = (self._git.text("rev-list", "--walk-reflogs", name, "--") for name in names)
        return list(dict.fromkeys(state for log in logs for state in log.split()))

    def _is_related(self, commit: str) -> bool:
        """Whether ``commit`` and HEAD have an ancestor in common."""
        return self._git.run("merge-base", "HEAD", commit, ok=(0, 1)).returncode == 0

    def _commits(self, start: str, *, states: Collection[str] = ()) -> set[str]:
        """Return the commits that are reached from ``start`` and from ``states``."""
        stdin = "".join(f"{state}\n" for state in states).encode()
        listed = self._git.run("rev-list", "--ignore-missing", start, "--stdin", stdin=stdin)
        return set(listed.stdout.decode().split())

    def _changes(self, *starts: str) -> list[SidecarBlob]:
        """Return every sidecar that a commit reached from ``starts`` changed, newest first."""
        listed = self._git.run(
            *("rev-list", "--full-history", *starts, "--", _SIDECARS), ok=(0, 128)
        )
        shown = self._git.run(
            *("diff-tree", "--stdin", "--root", "-r", "-m", "--no-renames", "--no-abbrev"),
            *("--raw", "--", _SIDECARS),
            stdin=listed.stdout,
        )
        return list(_blobs(shown.stdout))

    def _texts(self, blobs: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield name and text of each of ``blobs``."""
        if len(blobs) > _MOST_BLOBS:
            raise GitError("too many versions of sidecars")
        names = "".join(f"{blob}\n" for blob in sorted(blobs))
        yield from _contents(self._git.run("cat-file", "--batch", stdin=names.encode()).stdout)

    def _holders(self, blobs: Collection[str], digests: Collection[str]) -> set[str]:
        """Return those of ``blobs`` that hold one of the entries ``digests`` name."""
        return {name for name, text in self._texts(blobs) if _holds(text, digests)}


def _blobs(raw: bytes) -> Iterator[SidecarBlob]:
    """Yield what the output of ``git diff-tree --stdin --raw`` says about new contents."""
    commit = ""
    for line in raw.splitlines():
        if not line.startswith(b":"):
            commit = line.split()[0].decode() if line.strip() else commit
            continue
        fields = line[1:].split(b" ", 4)
        if len(fields) == 5 and fields[3].strip(b"0"):
            yield SidecarBlob(commit, fields[3].decode())


def _contents(batch: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and text of the blobs in the output of ``git cat-file --batch``."""
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        header = batch[at:end].split(b" ")
        at = end + 1
        if len(header) == 3:
            size = int(header[2])
            if header[1] == b"blob":
                yield header[0].decode(), batch[at : at + size].decode(errors="replace")
            at += size + 1


def _entries(text: str) -> Iterable[SidecarEntry]:
    """Return the entries of a sidecar; none of a text that is not one."""
    try:
        return Sidecar.parse(text).entries.values()
    except SessionctlError:
        return ()


def _holds(text: str, digests: Collection[str]) -> bool:
    return any(entry.digest in digests for entry in _entries(text))
