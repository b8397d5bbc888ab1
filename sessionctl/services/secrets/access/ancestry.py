"""Ancestry: whether a ciphertext stands in the history that a work tree is based on."""

from __future__ import annotations

from sessionctl.core.filename import SIDECAR_PATTERN, SIDECAR_SUFFIX
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.errors import GitError, SessionctlError
from sessionctl.system.git.program import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

_SIDECARS = f":(top,glob)**/{SIDECAR_PATTERN}"


def was_in_history(sidecar: Path, digests: Collection[str], environ: Mapping[str, str]) -> bool:
    """Return whether a commit that HEAD comes from held one of the entries ``digests`` name.

    Of a file that git does not keep, everything counts as having been there: nobody but
    a thief or a backup puts an older version of it back.
    """
    git = Git(environ, sidecar.resolve().parent)
    try:
        tracked = git.run("ls-files", "--error-unmatch", "--", sidecar.name, ok=(0, 1))
        if tracked.returncode != 0:
            return True
        listed = git.run("rev-list", "--objects", "HEAD", "--", _SIDECARS, ok=(0, 128))
    except GitError:
        return True
    blobs = [
        line.split(b" ", 1)[0]
        for line in listed.stdout.splitlines()
        if SIDECAR_SUFFIX.encode() in line
    ]
    contents = git.run("cat-file", "--batch", stdin=b"\n".join(blobs) + b"\n").stdout
    return any(_holds(content, digests) for content in _contents(contents))


def _contents(batch: bytes) -> list[str]:
    """Return the blobs of the output of ``git cat-file --batch``."""
    found: list[str] = []
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        header = batch[at:end].split(b" ")
        at = end + 1
        if len(header) == 3:
            size = int(header[2])
            if header[1] == b"blob":
                found.append(batch[at : at + size].decode(errors="replace"))
            at += size + 1
    return found


def _holds(text: str, digests: Collection[str]) -> bool:
    try:
        sidecar = Sidecar.parse(text)
    except SessionctlError:
        return False
    return any(entry.digest in digests for entry in sidecar.entries.values())
