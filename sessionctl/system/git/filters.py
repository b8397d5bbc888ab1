"""Git filters: what a file that git stores in another form looks like to people, and back.

Git hands merge drivers and hooks what it stores: of a file behind a filter (git-crypt,
transcrypt, Git LFS) that is ciphertext or a pointer.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110, PTH118, PTH120, PTH123
import codecs
import os

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.system.git.directory import find_git_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.system.git.program import Git

NOT_SET = ("unspecified", "unset", "set", "")
"""The values of an attribute that name nothing."""
_ATTRIBUTES = ("filter", "working-tree-encoding")
_FAILED = (1, 128, 129)


class Conversion(NamedTuple):
    """What git does to a file between the work tree and its store.

    ``filter_name`` is its filter, ``encoding`` that of the work tree; "" stands for none.
    """

    filter_name: str = ""
    encoding: str = ""

    def as_stored(self, data: bytes) -> bytes:
        """Return the bytes of the work tree in UTF-8, where they have another encoding."""
        name = self.encoding.removesuffix("-BOM")
        try:
            codec = codecs.lookup(name) if name else None
            return data if codec is None else codec.decode(data)[0].lstrip("\ufeff").encode()
        except (LookupError, UnicodeError):
            return data


def may_convert(git: Git, top: str, paths: Sequence[str]) -> bool:
    """Return whether git may change one of the paths on the way, without starting git.

    Most attributes files name no filter; where others than the usual ones may count, it may.
    """
    git_dir = find_git_dir(top, git.environ)
    if git_dir is None or os.path.exists(os.path.join(git_dir, "commondir")):
        return True
    home = git.environ.get("HOME", "")
    users = git.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    folders = {top}
    for path in paths:
        folder = os.path.dirname(path)
        while folder:
            folders.add(os.path.join(top, folder))
            folder = os.path.dirname(folder)
    files = [os.path.join(folder, ".gitattributes") for folder in folders]
    files += [os.path.join(git_dir, "info", "attributes"), os.path.join(users, "git", "attributes")]
    return any(map(_names_conversion, files))


def _names_conversion(file: str) -> bool:
    try:
        with open(file, "rb") as stream:
            data = stream.read()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return any(name.encode() in data for name in _ATTRIBUTES)


def conversions_of(git: Git, paths: Sequence[str]) -> dict[str, Conversion]:
    """Return what git does to each of the paths that it changes on the way."""
    if not paths:
        return {}
    found = {}
    for path, of in git.attributes(paths, *_ATTRIBUTES).items():
        names = ("" if of[name] in NOT_SET else of[name] for name in _ATTRIBUTES)
        conversion = Conversion(*names)
        if any(conversion):
            found[path] = conversion
    return found


def filters_of(git: Git, paths: Sequence[str]) -> dict[str, str]:
    """Return the name of the filter of each path that has one."""
    found = conversions_of(git, paths)
    return {path: one.filter_name for path, one in found.items() if one.filter_name}


def known_filters(git: Git) -> set[str]:
    """Return the names of the filters that have any command."""
    settings = git.config("", r"^filter\..*\.(clean|smudge|process)$")
    return {key.partition(".")[2].rpartition(".")[0] for key, value in settings.items() if value}


def checked_out(git: Git, path: str, blob: str) -> bytes | None:
    """Return a blob as it is checked out at ``path``, from the top; None where a filter fails."""
    done = git.run(
        "cat-file", "--filters", f"--path={path}", blob, ok=(0, *_FAILED), timeout_s=None
    )
    # A filter that is not required fails without a word in the exit code.
    has_failed = done.returncode != 0 or b"filter" in done.stderr
    return None if has_failed else done.stdout


def lfs_object(git: Git, pointer: bytes) -> bytes | None:
    """Return the content that a pointer of Git LFS stands for, where it is in this clone."""
    import re

    found = re.search(rb"^oid sha256:([0-9a-f]{64})$", pointer, re.MULTILINE)
    if found is None:
        return None
    name = found[1].decode()
    folder = os.path.join(git.repository().common_dir, "lfs", "objects", name[:2], name[2:4])
    try:
        with open(os.path.join(folder, name), "rb") as stream:
            return stream.read()
    except OSError:
        return None


def configured_filters(git: Git) -> set[str]:
    """Return the names of the filters that have a command to store a file."""
    settings = git.config("", r"^filter\..*\.(clean|process)$")
    return {key.partition(".")[2].rpartition(".")[0] for key, value in settings.items() if value}


def is_stored_by(git: Git, name: str, path: str) -> bool:
    """Return whether the filter ``name`` takes the file at ``path``, from the top; nothing is kept.

    Of one that is not required, git lets a failure pass and stores the content as it is.
    """
    required = f"filter.{name}.required=true"
    done = git.run("-c", required, "hash-object", "--", path, ok=(0, *_FAILED), timeout_s=None)
    return done.returncode == 0


def readable(git: Git, path: str, blob: str, stored: bytes) -> bytes:
    """Return the content of a blob as it is checked out at ``path``, where it needs that.

    What no filter makes readable is returned as it is stored.
    """
    if not is_envelope(stored) or path not in filters_of(git, [path]):
        return stored
    content = smudged(git, path, blob, stored)
    return stored if content is None else content


def smudged(git: Git, path: str, blob: str, stored: bytes) -> bytes | None:
    """Return the content of a blob as it is checked out at ``path``, from the top.

    None where the filter gives nothing: it is not set up, fails, or hands on what is ``stored``.
    """
    done = git.run(
        "cat-file", "--filters", f"--path={path}", blob, ok=(0, *_FAILED), timeout_s=None
    )
    if done.returncode != 0 or _plain(done.stdout) == _plain(stored):
        return None
    return done.stdout


def smudge(git: Git, path: str, stored: bytes) -> bytes | None:
    """Return what is ``stored`` as it is checked out at ``path``; None as ``smudged`` does."""
    if not stored:
        return b""
    done = git.run("hash-object", "-w", "--no-filters", "--stdin", stdin=stored, ok=(0, *_FAILED))
    blob = done.stdout.decode().strip()
    return smudged(git, path, blob, stored) if done.returncode == 0 else None


def clean(git: Git, path: str, content: bytes) -> bytes | None:
    """Return what git stores of ``content`` at ``path``, None where the filter fails."""
    done = git.run(
        "hash-object", "-w", f"--path={path}", "--stdin", stdin=content, ok=(0, *_FAILED)
    )
    if done.returncode != 0:
        return None
    return git.run("cat-file", "blob", done.stdout.decode().strip()).stdout


def _plain(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")
