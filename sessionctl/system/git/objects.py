"""Git objects: every content that a repository holds, whether a commit leads to it or not."""

from __future__ import annotations

import os
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.system.git.program import Git

_COMMIT = "\x01"
_BATCH_BYTES = 32 << 20
_FILE_MODES = ("100644", "100755")


class ContentObject(NamedTuple):
    """A content in the object database: its hash, and its size in bytes."""

    hash: str
    size_bytes: int


class ContentVersion(NamedTuple):
    """A content that a commit gave the file ``path`` (from the top)."""

    hash: str
    path: str
    commit: str


def all_blobs(git: Git) -> list[ContentObject]:
    """Return every content there is: committed, staged, stashed, or left behind by one."""
    listed = git.run(
        "cat-file", "--batch-all-objects", "--unordered",
        "--batch-check=%(objecttype) %(objectname) %(objectsize)",
        ok=(0, 128), timeout_s=None,
    )  # fmt: skip
    rows = (line.split(" ") for line in listed.stdout.decode().splitlines())
    return [ContentObject(row[1], int(row[2])) for row in rows if row[0] == "blob" and row[2:]]


class FileVersions(NamedTuple):
    """What commits made of files, newest first; ``has_stopped`` says that git gave up on some."""

    versions: tuple[ContentVersion, ...]
    has_stopped: bool


def versions_of(git: Git) -> FileVersions:
    """Return what each commit of any branch, tag, stash or reflog made of the files."""
    done = git.run(
        "-c", "log.showRoot=true", "log", "--all", "--reflog", "--topo-order", "--raw", "-z",
        "--no-abbrev", "--no-renames", "--diff-merges=separate", "--no-show-signature",
        "--no-color", "--no-follow", f"--format={_COMMIT}%H", "--",
        ok=(0, 128), timeout_s=None,
    )  # fmt: skip
    found: dict[tuple[str, str], ContentVersion] = {}
    for record in done.stdout.split(_COMMIT.encode()):
        commit, _, raw = os.fsdecode(record).partition("\0")
        words = raw.lstrip("\n").split("\0")
        for facts, path in zip(words[::2], words[1::2], strict=False):
            if not facts.startswith(":"):
                continue
            _, mode, _, blob, _ = facts[1:].split()
            if mode in _FILE_MODES and blob.strip("0"):
                # The last one seen is the oldest commit that has it.
                found[blob, path] = ContentVersion(blob, path, commit.strip())
    return FileVersions(tuple(found.values()), done.returncode != 0)


def index_versions(git: Git) -> list[ContentVersion]:
    """Return what the index holds, conflicting sides too; ``commit`` is empty."""
    listed = git.run("ls-files", "-s", "-z", "--full-name", ":(top)")
    found = []
    for entry in os.fsdecode(listed.stdout).split("\0")[:-1]:
        about, _, path = entry.partition("\t")
        mode, blob, _ = about.split(" ")
        if mode in _FILE_MODES:
            found.append(ContentVersion(blob, path, ""))
    return found


def contents(git: Git, blobs: Sequence[ContentObject]) -> Iterator[tuple[str, bytes]]:
    """Yield the hash and the bytes of each of ``blobs``, read some megabytes at a time.

    One that cannot be read is left out.
    """
    batch: list[ContentObject] = []
    waiting = 0
    for blob in blobs:
        batch.append(blob)
        waiting += blob.size_bytes
        if waiting >= _BATCH_BYTES:
            yield from _read(git, batch)
            batch, waiting = [], 0
    yield from _read(git, batch)


def _read(git: Git, blobs: Sequence[ContentObject]) -> Iterator[tuple[str, bytes]]:
    rest = list(blobs)
    while rest:
        asked = "".join(f"{blob.hash}\n" for blob in rest).encode()
        done = git.run("cat-file", "--batch", stdin=asked, ok=(0, 128), timeout_s=None)
        answered = 0
        for blob, data in _answers(rest, done.stdout):
            answered += 1
            if data is not None:
                yield blob.hash, data
        if done.returncode == 0:
            return
        del rest[: answered + 1]  # git stops at one that is damaged


def _answers(
    blobs: Sequence[ContentObject], answer: bytes
) -> Iterator[tuple[ContentObject, bytes | None]]:
    position = 0
    for blob in blobs:
        end = answer.find(b"\n", position)
        if end < 0:
            return
        words = answer[position:end].split(b" ")
        position = end + 1
        if len(words) != 3:
            yield blob, None
            continue
        size = int(words[2])
        if position + size >= len(answer):
            return
        yield blob, answer[position : position + size]
        position += size + 1
