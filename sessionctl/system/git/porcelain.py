"""Git work: commit, fetch, merge and push, as syncing needs them.

Nothing here forces, stashes or rewrites, nor resets a branch or a file: whatever git refuses
stays as it was.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from sessionctl.errors import GitError
from sessionctl.system.git.program import ADVICE
from sessionctl.system.git.work_state import HEADS, NEW
from sessionctl.system.process import ProcessResult, failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.system.git.program import Git
    from sessionctl.system.git.work_state import ChangedFile, Upstream

_NETWORK_TIMEOUT_S = 300
_SHOWN_WORDS = 5
_SUMMARY = (b"error: failed to push some refs", b"To ")
_ANY_CODE = range(-64, 256)
# What git lists below "would be overwritten by merge".
_BLOCKING = re.compile(
    r"^(?:\t|  )(?! )(.+)$|^error: .* file '(.+)' would be overwritten", re.MULTILINE
)
# Others pushed in the meantime: between our fetch and our push, or during the push.
_OVERTAKEN = re.compile(
    r"\[rejected\] \((fetch first|non-fast-forward)\)"
    r"|\[remote rejected\] .*(cannot lock ref|failed to update ref|incorrect old value)"
)


class Refusal(NamedTuple):
    """Why git did not merge: in its words, and the files it would have had to overwrite.

    ``is_untracked`` tells that git does not know these files yet.
    """

    message: str
    files: tuple[str, ...]
    is_untracked: bool


def commit_files(git: Git, files: Sequence[ChangedFile], message: str) -> str:
    """Commit ``files`` as they are on disk, and nothing else; return the commit's hash.

    What else is staged stays staged. When git or a hook refuses, nothing was committed
    and the index is as it was.

    Raises:
      GitError: git or a hook refused.
    """
    new = [file.path for file in files if file.change == NEW]
    added = [path for path in new if path not in _tracked(git, new)]
    is_done = False
    try:
        if added:
            _with_paths(git, added, "add", "--intent-to-add")
        paths = [file.path for file in files]
        _with_paths(git, paths, "commit", "--quiet", "--only", f"--message={message}")
        is_done = True
        # A hook that edits what is committed edits an index of its own: that of the
        # repository has what was there before it.
        _with_paths(git, paths, "reset", "--quiet")
    finally:
        if added and not is_done:
            _with_paths(git, added, "rm", "--cached", "--quiet", "--force", "--ignore-unmatch")
    return git.text("rev-parse", "HEAD")


def conclude_merge(git: Git, resolved: Sequence[str], message: str | None) -> str:
    """Stage the resolved files and commit the merge that is under way; return its hash.

    Raises:
      GitError: git or a hook refused; the merge is still under way.
    """
    if resolved:
        _with_paths(git, resolved, "add")
    words = ["--no-edit"] if message is None else [f"--message={message}"]
    git.run("commit", "--quiet", "--cleanup=strip", *words, timeout_s=None)
    return git.text("rev-parse", "HEAD")


def fetch(git: Git, remote: str) -> None:
    """Fetch from ``remote``.

    Raises:
      GitError: it cannot be reached, or refuses.
    """
    git.run("fetch", "--quiet", "--end-of-options", remote, timeout_s=_NETWORK_TIMEOUT_S)


def merge(git: Git, upstream: Upstream) -> Refusal | None:
    """Merge the upstream into HEAD; return why git refused to begin, or None.

    Afterwards the merge is done, or it is under way: with unmerged files, or because a
    hook refused. Settings that would stash, squash or forbid a merge do not count.
    """
    done = git.run(
        "merge", "--no-edit", "--ff", "--commit", "--no-squash", "--no-autostash",
        "--no-allow-unrelated-histories", upstream.name,
        ok=_ANY_CODE, timeout_s=None,
    )  # fmt: skip
    if done.returncode == 0 or git.path_in_git_dir("MERGE_HEAD").exists():
        return None
    told = done.stderr.decode(errors="surrogateescape")
    files = [one or other for one, other in _BLOCKING.findall(told)]
    return Refusal(
        failure(done._replace(argv=("git merge",))),
        tuple(dict.fromkeys(name.rstrip() for name in files)),
        "untracked working tree file" in told.lower(),
    )


def push(git: Git, branch: str, upstream: Upstream) -> bool:
    """Push ``branch`` to its upstream, never by force; False when others were faster.

    Raises:
      GitError: the remote cannot be reached, or refuses; so does a hook.
    """
    done = git.run(
        "push", "--porcelain", "--end-of-options", upstream.remote,
        f"{HEADS}{branch}:{upstream.remote_ref}",
        ok=_ANY_CODE, timeout_s=_NETWORK_TIMEOUT_S,
    )  # fmt: skip
    if done.returncode == 0:
        return True
    if _OVERTAKEN.search(done.stdout.decode(errors="replace")):
        return False
    raise GitError(
        failure(done._replace(argv=("git push",), stderr=_words(done)), most=_SHOWN_WORDS + 1)
    )


def _words(done: ProcessResult) -> bytes:
    """Return what was said of a refused push: ssh's, a hook's, the remote's words, the verdict."""
    refused = [line for line in done.stdout.splitlines() if line.startswith(b"!")]
    lines = [line.strip() for line in done.stderr.splitlines()]
    if refused:  # git's own summary says less than the verdict
        lines = [line for line in lines if not line.startswith(_SUMMARY)]
    words = (line for line in lines if line not in (b"", b"remote:"))
    told = [word for word in words if not word.startswith(ADVICE)]
    return b"\n".join([*told[-_SHOWN_WORDS:], *(line.split(b"\t")[-1] for line in refused)])


def _with_paths(git: Git, paths: Sequence[str], *arguments: str) -> None:
    stdin = b"".join(b":(top,literal)" + os.fsencode(path) + b"\0" for path in paths)
    options = ("--pathspec-from-file=-", "--pathspec-file-nul")
    git.run(*arguments, *options, stdin=stdin, timeout_s=None)


def _tracked(git: Git, paths: Sequence[str]) -> set[str]:
    specs = [f":(top,literal){path}" for path in paths]
    return set(git.tracked(*specs)) if specs else set()
