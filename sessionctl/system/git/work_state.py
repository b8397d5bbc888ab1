"""Git state: what differs from the last commit, the upstream, a merge under way."""

from __future__ import annotations

import os

from sessionctl.core.frozen_class import dataclass
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.system.git.program import Git

NEW = "new"
MODIFIED = "modified"
DELETED = "deleted"

HEADS = "refs/heads/"
_SUBMODULE = "160000"
_NOT_SHOWN = ("no", "false", "off", "0")


class ChangedFile(NamedTuple):
    """A file that differs from the last commit: its path from the top, and how."""

    path: str
    change: str


class UnmergedFile(NamedTuple):
    """A file git could not merge: its path from the top, and the blob that each side has.

    "" stands for a side that does not have the file.
    """

    path: str
    base: str
    ours: str
    theirs: str

    @property
    def deleted_by(self) -> str:
        """The side that deleted the file ("ours", "theirs", "both"); "" where none did."""
        if self.ours:
            return "" if self.theirs or not self.base else "theirs"
        return "ours" if self.theirs and self.base else "both" if self.base else ""


@dataclass(frozen=True, slots=True)
class Upstream:
    """The branch a branch is kept in step with.

    ``name`` is for people ("origin/main"), ``ref`` the tracking branch, which need not be
    there yet; ``remote_ref`` is its name on ``remote``, which is "." for one of this
    repository. ``push_remote`` is where git would push to.
    """

    name: str
    ref: str
    remote: str
    remote_ref: str
    push_remote: str


def current_branch(git: Git) -> str | None:
    """Return the branch that is checked out, or None for a detached head."""
    ref = git.text("symbolic-ref", "--quiet", "HEAD", ok=(0, 1))
    return ref.removeprefix(HEADS) if ref.startswith(HEADS) else None


def find_upstream(git: Git, branch: str) -> Upstream | None:
    """Return the upstream of ``branch``, which need not have a commit yet, or None."""
    asked = ("upstream", "upstream:short", "upstream:remotename", "upstream:remoteref")
    fields = "%00".join(f"%({name})" for name in (*asked, "push:remotename"))
    told = git.text("for-each-ref", f"--format={fields}", f"{HEADS}{branch}").split("\0")
    if len(told) == 5:
        ref, name, remote, remote_ref, push_remote = told
        if not ref:
            return None
        return Upstream(name, ref, remote, remote_ref, push_remote or remote)
    # A branch without a commit: what a clone of an empty repository set up.
    import re

    key = re.escape(f"branch.{branch}.")
    settings = git.config("", f"^{key}(remote|merge)$")
    remote = settings.get(f"branch.{branch}.remote", "")
    merge = settings.get(f"branch.{branch}.merge", "")
    if remote in ("", ".") or not merge.startswith(HEADS):
        return None
    name = f"{remote}/{merge.removeprefix(HEADS)}"
    return Upstream(name, f"refs/remotes/{name}", remote, merge, remote)


def find_remotes(git: Git) -> list[str]:
    """Return the names of the remotes."""
    return git.text("remote").split()


class WorkChanges(NamedTuple):
    """What differs from the last commit, on disk and in the index.

    ``files`` are those that a commit of the files on disk would change. Of the
    ``partly_staged`` the index holds another change than the disk; a file that was only renamed
    there, and then edited, is none of them: no part of the edit is staged. ``let_go`` are staged
    for removal, and still on disk. ``unmerged`` are the files that git could not merge.
    ``has_own_attributes`` tells that the user's attributes lie in a file of their choice.
    """

    files: tuple[ChangedFile, ...]
    partly_staged: tuple[str, ...]
    let_go: frozenset[str]
    unmerged: tuple[UnmergedFile, ...]
    has_own_attributes: bool = False


def read_changes(git: Git, pathspecs: Sequence[str]) -> WorkChanges:
    """Return how the files that match differ from the last commit; git must run at the top.

    New files are among them unless git is told not to look for such, as for dotfiles in a
    home directory. A file that is staged for removal and still on disk is left out.
    """
    settings = git.config("", r"^(status\.showuntrackedfiles|core\.attributesfile)$")
    shown = settings.get("status.showuntrackedfiles", "")
    looked_for = "no" if shown.lower() in _NOT_SHOWN else "all"
    done = git.run(
        "status", "--porcelain=v2", "-z", "--no-renames", "--ignore-submodules=all",
        f"--untracked-files={looked_for}", "--", *pathspecs,
        timeout_s=None,
    )  # fmt: skip
    found: dict[str, str] = {}
    let_go: set[str] = set()
    partly: dict[str, str] = {}
    renamed_blobs: set[str] = set()
    unmerged: list[UnmergedFile] = []
    for entry in os.fsdecode(done.stdout).split("\0")[:-1]:
        kind, rest = entry[0], entry[2:]
        if kind == "?":
            if rest not in let_go:
                found[rest] = NEW
        elif kind == "1":
            letters, *_, blob_before, blob, path = rest.split(" ", 7)
            change = _change(letters)
            if letters[0] == "D":
                if os.path.lexists(git.cwd / path):
                    let_go.add(path)
                    continue
                renamed_blobs.add(blob_before)
            if change:
                found[path] = change
                if "." not in letters:
                    partly[path] = blob if letters[0] == "A" else ""
        elif kind == "u":
            words = rest.split(" ", 9)
            sides = (blob if blob.strip("0") else "" for blob in words[6:9])
            unmerged.append(UnmergedFile(words[9], *sides))
    files = tuple(ChangedFile(path, change) for path, change in found.items())
    has_attributes = "core.attributesfile" in settings
    staged = tuple(path for path, blob in partly.items() if blob not in renamed_blobs)
    return WorkChanges(files, staged, frozenset(let_go), tuple(unmerged), has_attributes)


class IndexedFiles(NamedTuple):
    """The tracked files by their paths from the top; a sparse checkout leaves some out."""

    tracked: frozenset[str]
    left_out: frozenset[str]


def read_index(git: Git, pathspecs: Sequence[str]) -> IndexedFiles:
    """Return the tracked files that match; a submodule is no file."""
    done = git.run("ls-files", "-t", "-s", "-z", "--full-name", "--", *pathspecs)
    tracked, left_out = set(), set()
    for entry in os.fsdecode(done.stdout).split("\0")[:-1]:
        about, _, path = entry.partition("\t")
        tag, mode, _ = about.split(" ", 2)
        if mode == _SUBMODULE:
            continue
        tracked.add(path)
        if tag == "S":
            left_out.add(path)
    return IndexedFiles(frozenset(tracked), frozenset(left_out))


def without_ignored(git: Git, paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return which of the files, by their paths from the top, git ignores not, and which."""
    if not paths:
        return [], []
    stdin = b"".join(os.fsencode(path) + b"\0" for path in paths)
    done = git.run("check-ignore", "-z", "--stdin", ok=(0, 1), stdin=stdin)
    ignored = set(os.fsdecode(done.stdout).split("\0"))
    taken = [path for path in paths if path not in ignored]
    return taken, [path for path in paths if path in ignored]


def is_left_out(git: Git, path: str) -> bool:
    """Return whether a tracked file, by its path from the top, is left out of the work tree."""
    return path in left_out_files(git, f":(top,literal){path}")


def left_out_files(git: Git, *pathspecs: str) -> set[str]:
    """Return the tracked files that a sparse checkout leaves out, as paths from the top."""
    done = git.run("ls-files", "-t", "-z", "--full-name", "--", *pathspecs)
    entries = os.fsdecode(done.stdout).split("\0")[:-1]
    return {entry[2:] for entry in entries if entry.startswith("S ")}


def _change(letters: str) -> str:
    """Return what the two letters of git status make of a file, "" for nothing."""
    if "A" in letters:
        return "" if letters[1] == "D" else NEW
    return DELETED if "D" in letters else MODIFIED


def unmerged_files(git: Git) -> list[UnmergedFile]:
    """Return the files git could not merge, of the whole repository.

    Raises:
      GitError: there is no repository with a work tree here.
    """
    blobs: dict[str, list[str]] = {}
    done = git.run("ls-files", "-u", "-z", "--full-name", "--", ":/")
    for entry in os.fsdecode(done.stdout).split("\0")[:-1]:
        about, _, path = entry.partition("\t")
        _, blob, stage = about.split(" ")
        blobs.setdefault(path, ["", "", ""])[int(stage) - 1] = blob
    return [UnmergedFile(path, *found) for path, found in blobs.items()]


def as_merge_left_it(git: Git, path: str) -> bool:
    """Return whether an unmerged file is still what the merge wrote, or what ours was."""
    now = git.text("hash-object", "--", path)
    for name in (f"AUTO_MERGE:{path}", f":2:{path}"):
        done = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, ok=(0, 1, 128))
        if done.returncode == 0:
            # Before 2.38 or with another strategy git tells of ours only.
            return done.stdout.decode().strip() == now
    return False


def merge_head(git: Git) -> str | None:
    """Return the commit that is being merged; None for none or several."""
    path = git.path_in_git_dir("MERGE_HEAD")
    heads = path.read_text(encoding="ascii").split() if path.exists() else []
    return heads[0] if len(heads) == 1 else None


def is_merging_upstream(git: Git) -> bool:
    """Return whether the merge under way is one of the branch's upstream, as a sync begins it."""
    branch = current_branch(git)
    return branch is not None and is_merging(git, find_upstream(git, branch))


def is_merging(git: Git, upstream: Upstream | None) -> bool:
    """Return whether the merge under way is one of ``upstream``."""
    head = merge_head(git)
    return (
        head is not None
        and upstream is not None
        and has_commit(git, upstream.ref)
        and is_ancestor(git, head, upstream.ref)
    )


def has_commit(git: Git, revision: str) -> bool:
    """Return whether ``revision`` is a commit."""
    name = f"{revision}^{{commit}}"
    done = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, ok=(0, 1, 128))
    return done.returncode == 0


def is_ancestor(git: Git, commit: str, of: str) -> bool:
    """Return whether everything in ``commit`` is in ``of`` too."""
    return git.run("merge-base", "--is-ancestor", commit, of, ok=(0, 1)).returncode == 0


def ahead_and_behind(git: Git, ref: str) -> tuple[int, int]:
    """Return how many commits only HEAD has, and how many only ``ref``."""
    ahead, behind = git.text("rev-list", "--left-right", "--count", f"HEAD...{ref}").split()
    return int(ahead), int(behind)


def common_commit(git: Git, ref: str) -> str | None:
    """Return a newest commit that HEAD and ``ref`` have in common, or None."""
    return git.text("merge-base", "HEAD", ref, ok=(0, 1)) or None


def differing_files(git: Git, before: str, after: str, pathspecs: Sequence[str]) -> list[str]:
    """Return the files that are different, or only in one, of two revisions."""
    done = git.run(
        "diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after, "--", *pathspecs
    )
    return os.fsdecode(done.stdout).split("\0")[:-1]


def files_of(git: Git, revision: str, pathspecs: Sequence[str]) -> list[str]:
    """Return the files of a revision that match."""
    # ls-tree knows no patterns; against the empty tree every file differs.
    empty = git.text("hash-object", "-t", "tree", "--stdin")
    return differing_files(git, empty, f"{revision}^{{tree}}", pathspecs)


def literal_paths(paths: Sequence[str]) -> Iterator[str]:
    """Yield pathspecs for exactly these files and directories, from the top."""
    for path in paths:
        yield ":(top)" if path == "." else f":(top,literal){path}"
