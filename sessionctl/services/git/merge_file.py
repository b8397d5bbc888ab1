"""Merge file: three files merged line by line by git, and what is done where git is missing."""

from __future__ import annotations

from sessionctl.errors import GitError
from sessionctl.system.process import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.markers import Labels

_MOST_CONFLICTS = 127
"""The exit code of git merge-file is the number of conflicts, up to this; more is a failure."""


def merge_file_lines(files: tuple[str, str, str], labels: Labels, marker_size: int) -> bool:
    """Merge base, ours and theirs into the file of ours; return whether conflicts are in it.

    Raises:
      GitError: git could not merge them.
      ToolError: there is no git.
    """
    base, ours, theirs = files
    names = [word for name in labels for word in ("-L", name)]
    options = ["--quiet", "--diff3", f"--marker-size={marker_size}", *names]
    done = run(["git", "merge-file", *options, "--", ours, base, theirs], check=False)
    if done.returncode > _MOST_CONFLICTS:
        said = done.stderr.decode(errors="replace").strip()  # nothing, as a rule: --quiet
        raise GitError(said or f"git merge-file: exit code {done.returncode}")
    return done.returncode != 0


def put_both_sides(ours: str, theirs: str, labels: Labels, marker_size: int) -> None:
    """Write the whole of both sides between markers into the file of ours.

    Raises:
      OSError: a file cannot be read or written.
    """
    texts = []
    for path in (ours, theirs):
        with open(path, "rb") as stream:  # noqa: PTH123 - pathlib costs start-up
            data = stream.read()
        texts.append(data if not data or data.endswith(b"\n") else data + b"\n")

    def marker(character: str, label: str) -> bytes:
        return f"{character * marker_size}{label}\n".encode(errors="replace")

    parts = [marker("<", f" {labels.ours}"), texts[0], marker("=", "")]
    parts += [texts[1], marker(">", f" {labels.theirs}")]
    with open(ours, "wb") as target:  # noqa: PTH123
        target.write(b"".join(parts))
