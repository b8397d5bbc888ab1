"""Finding session files in directories."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110, PTH112, PTH118, PTH123
import os

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.core.leftover import is_leftover
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import FileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SKIPPED = {
    ".bzr", ".cache", ".git", ".hg", ".jj", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache",
    ".svn", ".tox", ".venv", "__pycache__", "node_modules", "site-packages", "venv",
}  # fmt: skip
_KERNEL = {
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts",
    "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs", "proc", "pstore",
    "rpc_pipefs", "securityfs", "selinuxfs", "sysfs", "tracefs",
}  # fmt: skip
_NETWORK = {
    "9p",
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "fuse.rclone",
    "fuse.sshfs",
    "nfs",
    "nfs4",
    "smb3",
}
_MOUNTS = "/proc/self/mounts"
_ESCAPES = (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\"))


class FoundFile(NamedTuple):
    """A session file: its path and the time of its last change, in seconds since 1970."""

    path: str
    modified: float


def find_sessions(
    directory: str,
    *,
    below: bool = True,
    own: Iterable[str] = (),
    suffix: str | tuple[str, ...] = SESSION_SUFFIX,
    with_leftovers: bool = False,
    with_dangling: bool = False,
) -> list[FoundFile]:
    """Return the session files in ``directory``, and ``below`` it, sorted by path.

    With another ``suffix``, or several, the files whose names end so.

    Not looked into: what version control, package managers and caches keep, symlinked
    directories, directories below that cannot be read, file systems of the kernel below, and
    below ``/`` those of the network, and the directories that sessionctl keeps for itself
    (``own``): who wants these names a directory there. What editors
    and programs that copy files left behind counts only ``with_leftovers``, and a link that
    leads nowhere only ``with_dangling``.

    Raises:
      FileError: ``directory`` itself cannot be read.
    """
    try:
        entries = list(os.scandir(directory))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        missing = directory if isinstance(error, FileNotFoundError) else ""
        hints = []
        if isinstance(error, NotADirectoryError):
            from sessionctl.core.text.shellwords import path_word

            hints = [f"show the file: sessionctl show {path_word(directory)}"]
        raise FileError(
            f"{directory}: cannot read the directory: {reason}", hints=hints, missing=missing
        ) from error
    found: list[FoundFile] = []
    pending = [entries]
    foreign = _foreign_mounts(directory) | own_below(directory, own) if below else frozenset()
    while pending:
        for entry in pending.pop():
            try:
                if with_dangling and entry.name.endswith(suffix) and _is_dangling(entry):
                    modified = entry.stat(follow_symlinks=False).st_mtime
                    found.append(FoundFile(os.path.normpath(entry.path), modified))
                elif entry.name.endswith(suffix) and entry.is_file():
                    if is_leftover(entry.name) and not with_leftovers:
                        continue
                    found.append(FoundFile(os.path.normpath(entry.path), entry.stat().st_mtime))
                elif below and entry.name not in _SKIPPED and entry.is_dir(follow_symlinks=False):
                    if foreign and entry.path in foreign:
                        continue
                    pending.append(list(os.scandir(entry.path)))
            except OSError:
                continue
    return sorted(found)


def own_below(directory: str, own: Iterable[str]) -> frozenset[str]:
    """Return which directories of ``own`` are below ``directory``, as a walk names them.

    In and below one of them nothing is left out: it was asked for.
    """
    top = os.path.realpath(directory)
    prefix = f"{top.rstrip('/')}/"
    found = set()
    for place in map(os.path.realpath, own):
        if f"{top}/".startswith(f"{place}/"):
            return frozenset()
        if place.startswith(prefix):
            found.add(os.path.join(directory, place[len(prefix) :]))
    return frozenset(found)


def _foreign_mounts(directory: str) -> frozenset[str]:
    """Return the mounts below ``directory`` that are not looked into, as a walk names them."""
    try:
        with open(_MOUNTS, "rb") as stream:
            lines = os.fsdecode(stream.read()).splitlines()
        top = os.path.realpath(directory)
    except OSError:
        return frozenset()
    prefix = f"{top.rstrip('/')}/"
    left_out = _KERNEL | _NETWORK if top == "/" else _KERNEL
    found = set()
    for line in lines:
        _, _, rest = line.partition(" ")
        place, _, rest = rest.partition(" ")
        if rest.partition(" ")[0] in left_out:
            path = place
            for code, character in _ESCAPES:
                path = path.replace(code, character)
            if path.startswith(prefix) and path != prefix:
                found.add(os.path.join(directory, path[len(prefix) :]))
    return frozenset(found)


_NEARBY_ENTRIES = 20_000


def nearby_sessions(directory: str, *, own: Iterable[str] = ()) -> list[str]:
    """Return the session files in and below ``directory``, what is nearest first.

    Not looked into is what ``find_sessions`` leaves out, nor what cannot be read; a link that
    leads nowhere is among them, for it has the name of a session. The search
    ends after 20,000 entries: a name must not make a whole disk be read.
    """
    found: list[str] = []
    level = [directory]
    budget = _NEARBY_ENTRIES
    foreign = _foreign_mounts(directory) | own_below(directory, own)
    while level and budget > 0:
        below: list[str] = []
        for folder in level:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            budget -= len(entries)
            for entry in entries:
                name = entry.name
                if name.endswith(SESSION_SUFFIX):
                    if not is_leftover(name) and (_is_file(entry) or _is_dangling(entry)):
                        found.append(os.path.normpath(entry.path))
                elif name not in _SKIPPED and entry.path not in foreign and _is_folder(entry):
                    below.append(entry.path)
            if budget <= 0:
                break
        level = below
    return found


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_dangling(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and not os.path.exists(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def is_directory(path: str) -> bool:
    """Return whether ``path`` leads to a directory."""
    return os.path.isdir(path)
