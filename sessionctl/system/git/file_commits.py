"""Git past: which commits changed a file, under whatever name, and the texts it had."""

from __future__ import annotations

import os
from itertools import groupby

from sessionctl.core.frozen_class import dataclass
from sessionctl.errors import GitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sessionctl.system.git.program import Git

SYMLINK = "120000"
_NOTHING = "000000"
_NAMED = 50
"""So many files are named to git; of more all that it has are listed."""
# The letters keep a name or a subject from beginning with the mark of a commit.
_FIELDS = "%H%x00%P%x00%aI%x00n%an%x00e%ae%x00s%s"
_COMMIT = "\x01"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its hash, its parents, the author's date (ISO 8601), name, address, subject.

    ``is_cut_off`` tells that it has parents which are not in this (shallow) clone.
    """

    hash: str
    parents: tuple[str, ...]
    date: str
    author: str
    email: str
    subject: str
    is_cut_off: bool = False

    @property
    def short(self) -> str:
        """The first characters of the hash, for people."""
        return self.hash[:8]


@dataclass(frozen=True, slots=True)
class Blob:
    """A version of a file in git: its path from the top, its mode, the hash of its content."""

    path: str
    mode: str
    hash: str


@dataclass(frozen=True, slots=True)
class FileStep:
    """What one commit made of a file, against its first parent.

    ``before`` is None where the file was not there, ``after`` where it is not there any
    more; with another path in ``before`` it was renamed.
    """

    commit: Commit
    before: Blob | None
    after: Blob | None

    @property
    def path(self) -> str:
        """The path of the file after the commit, or before it where it was removed."""
        blob = self.after or self.before
        return blob.path if blob is not None else ""

    @property
    def is_merge(self) -> bool:
        """Whether the commit has more than one parent."""
        return len(self.commit.parents) > 1


def steps_of(git: Git, path: str, start: str = "HEAD") -> list[FileStep]:
    """Return the commits that changed the file at ``path`` (from the top), newest first.

    Every line of history counts, those of merged branches too; a merge is there when
    what it made differs from all its parents. Where a commit brought the file in under
    this name, its history goes on under the name it had before.

    Raises:
      GitError: ``start`` is no commit.
    """
    found: dict[tuple[str, str], FileStep] = {}
    origins: dict[tuple[str, str], Blob] = {}
    names = [path]
    pending = [(start, path)]
    walked: set[tuple[str, str]] = set()
    while pending:
        place = pending.pop()
        if place in walked:
            continue
        walked.add(place)
        for step in _made_here(_walk(git, place[0], [place[1]])):
            key = (step.commit.hash, place[1])
            if key in found:
                continue
            found[key] = step
            if step.before is None and step.commit.parents:
                parent = step.commit.parents[0]
                origin = find_origin(git, place[1], parent, step.commit.hash)
                if origin is not None:
                    origins[key] = origin
                    pending.append((parent, origin.path))
                    names.append(origin.path)
    ordered = list(found.items())
    if len(names) > 1:
        everything = _walk(git, start, list(dict.fromkeys(names)))
        keys = [(step.commit.hash, step.path) for step in everything]
        ordered = [(key, found[key]) for key in dict.fromkeys(keys) if key in found]
    renamed = {(commit, blob.path) for (commit, _), blob in origins.items()}
    return [
        FileStep(step.commit, origins.get(key, step.before), step.after)
        for key, step in ordered
        if not (step.after is None and key in renamed)
    ]


def read_blob(git: Git, blob: Blob, *, as_checked_out: bool = False) -> bytes:
    """Return the bytes of a version; ``as_checked_out`` with the line ends of the work tree.

    Raises:
      GitError: git does not have it (a partial clone, or one that is damaged).
    """
    if as_checked_out:
        try:
            return git.run("cat-file", "--filters", f"--path={blob.path}", blob.hash).stdout
        except GitError as error:
            hint = "find the filter that fails: sessionctl doctor"
            raise GitError(error.message, hints=[*error.hints, hint]) from error
    return git.run("cat-file", "blob", blob.hash).stdout


def read_blobs(git: Git, blobs: Sequence[Blob]) -> dict[str, bytes]:
    """Return the bytes of many versions by their hash; what git lacks is not in it."""
    hashes = list(dict.fromkeys(blob.hash for blob in blobs))
    stdin = "".join(f"{name}\n" for name in hashes).encode()
    answer = git.run("cat-file", "--batch", stdin=stdin).stdout
    texts: dict[str, bytes] = {}
    position = 0
    for name in hashes:
        end = answer.index(b"\n", position)
        words = answer[position:end].split()
        position = end + 1
        if len(words) == 3:
            size = int(words[2])
            texts[name] = answer[position : position + size]
            position += size + 1
    return texts


def blob_at(git: Git, revision: str, path: str) -> Blob | None:
    """Return the version of the file at ``path`` (from the top) in a revision, or None."""
    return blobs_at(git, revision, [path]).get(path)


def blobs_at(git: Git, revision: str, paths: Collection[str]) -> dict[str, Blob]:
    """Return the versions that a revision has of files, by their paths from the top."""
    which = ["-r", revision]
    if len(paths) <= _NAMED:
        which = [revision, "--", *(f":(literal){path}" for path in paths)]
    listed = git.run("ls-tree", "-z", "--full-tree", *which, ok=(0, 128), timeout_s=None)
    found: dict[str, Blob] = {}
    for entry in os.fsdecode(listed.stdout).split("\0")[:-1]:
        facts, _, name = entry.partition("\t")
        if name in paths:
            mode, kind, content = facts.split()
            if kind == "blob":
                found[name] = Blob(name, mode, content)
    return found


def stored_at_head(git: Git, paths: Collection[str]) -> dict[str, bytes]:
    """Return what the last commit has of files, by their paths from the top, as git stores it."""
    plain = [path for path in paths if "\n" not in path]
    found = dict(_named_at_head(git, plain)) if plain else {}
    odd = [path for path in paths if "\n" in path]  # these cannot be asked for in a line
    if odd:
        blobs = blobs_at(git, "HEAD", odd)
        texts = read_blobs(git, list(blobs.values()))
        found |= {path: texts[blob.hash] for path, blob in blobs.items() if blob.hash in texts}
    return found


def _named_at_head(git: Git, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    stdin = b"".join(b"HEAD:%s\n" % os.fsencode(path) for path in paths)
    answer = git.run("cat-file", "--batch", stdin=stdin, timeout_s=None).stdout
    position = 0
    for path in paths:
        end = answer.index(b"\n", position)
        line = answer[position:end]
        position = end + 1
        words = line.split(b" ")
        if line.endswith(b" missing") or len(words) != 3:
            continue
        size = int(words[2])
        if words[1] == b"blob":
            yield path, answer[position : position + size]
        position += size + 1


def find_origin(git: Git, path: str, before: str, after: str) -> Blob | None:
    """Return what the file at ``path`` in ``after`` was in ``before``, if it was renamed."""
    done = git.run(
        "diff-tree", "-r", "-z", "-M", "--raw", "--no-abbrev", "--diff-filter=R", before, after,
        timeout_s=None,
    )  # fmt: skip
    words = os.fsdecode(done.stdout).split("\0")
    for facts, old, new in zip(words[::3], words[1::3], words[2::3], strict=False):
        if new == path:
            return Blob(old, facts[1:].split()[0], facts.split()[2])
    return None


def read_named(git: Git, name: str) -> tuple[str, bytes] | None:
    """Return the hash and the bytes of the content that git calls ``name``, in one question.

    None for whatever else it is, and for a name that git has to be asked about in another way.
    """
    if "\n" in name:
        return None
    answer = git.run("cat-file", "--batch", stdin=os.fsencode(name) + b"\n", ok=(0, 128)).stdout
    head, _, rest = answer.partition(b"\n")
    words = head.split(b" ")
    if len(words) != 3 or words[1] != b"blob":
        return None
    size = int(words[2])
    return (words[0].decode(), rest[:size]) if len(rest) > size else None


def find_commit(git: Git, revision: str) -> str | None:
    """Return the hash of the commit that ``revision`` names, as git reads it, or None."""
    name = f"{revision}^{{commit}}"
    done = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, ok=(0, 1, 128))
    return done.stdout.decode().strip() or None if done.returncode == 0 else None


def _walk(git: Git, start: str, paths: list[str]) -> Iterator[FileStep]:
    """Yield the commits that changed one of ``paths``: a step for each path and parent."""
    cut_off = _cut_off(git)
    done = git.run(
        "log", "--full-history", "--topo-order", "--diff-merges=separate", "--raw", "-z",
        "--no-abbrev", "--no-renames", "--no-color", "--no-show-signature", "--no-follow",
        "--encoding=UTF-8", f"--format={_COMMIT}{_FIELDS}", start, "--",
        *(f":(top,literal){path}" for path in paths),
        timeout_s=None,
    )  # fmt: skip
    for record in done.stdout.split(f"\0{_COMMIT}".encode()):
        text = os.fsdecode(record.removeprefix(_COMMIT.encode()))
        if not text:
            continue
        name, parents, date, author, email, rest = text.split("\0", 5)
        subject, _, raw = rest.partition("\0")
        who, address, what = author[1:], email[1:], subject[1:]
        commit = Commit(
            name, tuple(parents.split()), date, who, address, what, is_cut_off=name in cut_off
        )
        yield from _steps(commit, raw.lstrip("\n"))


def _cut_off(git: Git) -> frozenset[str]:
    """Return the commits whose parents a shallow clone does not have."""
    path = git.path_in_git_dir("shallow")
    return frozenset(path.read_text(encoding="ascii").split() if path.exists() else ())


def _made_here(steps: Iterator[FileStep]) -> Iterator[FileStep]:
    """Yield the steps of one file, of a merge the one against its first parent.

    A merge that made the file what it is in one of its parents is left out.
    """
    for _, group in groupby(steps, key=lambda step: step.commit.hash):
        found = list(group)
        if len(found) >= len(found[0].commit.parents):
            yield found[0]


def _steps(commit: Commit, raw: str) -> Iterator[FileStep]:
    words = raw.split("\0")
    for facts, path in zip(words[::2], words[1::2], strict=False):
        if facts.startswith(":"):
            old_mode, mode, old, new, _ = facts[1:].split()
            before = None if old_mode == _NOTHING else Blob(path, old_mode, old)
            after = None if mode == _NOTHING else Blob(path, mode, new)
            yield FileStep(commit, before, after)
