"""Text cache: the file that lets git keep the masked texts of a repository, and its rules.

Git's configuration includes the file; what is in it makes textconv a command with the name of
the cache, and includes a file of the package that turns git's cache on. Git drops what it kept
as soon as the command is another one, and keeps nothing once the package is another version.
Whatever else would make a kept text wrong turns the cache off, or gives it another name, before
the text is printed. The key of the marks is in the file too: all who share a repository see
the same marks, and whoever can read it can read the repository.
"""

from __future__ import annotations

# pathlib costs start-up, and git starts this once per file: plain os calls here.
# ruff: noqa: PTH100, PTH101, PTH105, PTH108, PTH116, PTH117, PTH119, PTH118, PTH120, PTH123
import os
import stat

from sessionctl._version import __version__
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import GitError
from sessionctl.services.git.cache.kept_command import FILE, OFF, SCRIPT, SCRIPT_TEXT, kept_command
from sessionctl.system.git.directory import find_common_dir
from sessionctl.system.os_errors import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = "# Lets git keep the masked texts of session files: sessionctl git install --cache\n"
_FILTERED = f"{OFF}: files come through a filter of git"
RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"kept-{__version__}.gitconfig")
"""The file of this version that turns git's cache on."""
_NAME, _KEY, _RULES = "# name ", "# key ", "# rules "
_KEY_BYTES = 32
_NAME_BYTES = 8
_TEMPORARY = "git-blob-"
_NOT_SET = ("unspecified", "unset")


class CacheState(NamedTuple):
    """What the file says: nothing but ``is_filtered`` where the cache is off."""

    name: str = ""
    key: bytes = b""
    rules: str = ""
    is_filtered: bool = False

    @property
    def is_current(self) -> bool:
        """Whether git keeps the texts that this version masks."""
        return is_of_this_version(self.name) and self.rules == RULES


class TextCache:
    """The cache of the repository whose common git directory is ``folder``."""

    __slots__ = ("_folder", "_has_filters", "path", "script")

    def __init__(self, folder: str) -> None:
        """Look at nothing yet."""
        self._folder = folder
        self._has_filters: bool | None = None
        self.path = os.path.join(folder, FILE)
        self.script = os.path.join(folder, SCRIPT)

    @classmethod
    def here(cls, environ: Mapping[str, str]) -> TextCache | None:
        """Return that of the repository that git is in; None outside of one."""
        folder = find_common_dir(".", environ)
        return None if folder is None else cls(folder)

    def read(self) -> CacheState | None:
        """Return what the file says; None where no cache is wanted."""
        try:
            with open(self.path, encoding="utf-8", errors="surrogateescape") as stream:
                lines = stream.read().split("\n")
        except OSError:
            return None
        found = {
            begin: line.removeprefix(begin)
            for line in lines
            for begin in (_NAME, _KEY, _RULES)
            if line.startswith(begin)
        }
        try:
            key = bytes.fromhex(found[_KEY])
            return CacheState(found[_NAME], key, found[_RULES])
        except (KeyError, ValueError):
            return CacheState(is_filtered=_FILTERED in lines)

    def check(self, name: str, path: str, data: bytes) -> None:
        """Let git keep under ``name`` what this version shows of ``data``, the file ``path``.

        What was kept by another version is not used any more after that.

        Raises:
          GitError: git must not keep it.
        """
        state = self.read()
        is_used = state is not None and state.name == name
        if self._is_filtered(path, data):
            if is_used:
                self._write(f"{_FILTERED}\n")
            raise GitError(
                f"{os.path.basename(path)}: it comes through a filter of git, so git must not keep"
                " what is shown of it; its cache of texts is off now",
                hints=["run the same command again"],
            )
        if is_used and state is not None and not state.is_current:
            self._write(self._fresh(state.key))

    def refresh(self) -> None:
        """Begin a new cache where one is wanted and the last one is off, or of another version."""
        state = self.read()
        if state is None or state.is_filtered or state.is_current:
            return
        try:
            self._write(self._fresh(state.key))
        except GitError:
            return

    def begin(self) -> None:
        """Begin a new cache, with or without one before; raises ``GitError``."""
        state = self.read()
        self._write(self._fresh(state.key if state else b""))

    def reader_problem(self) -> str:
        """Return why git cannot use the cache here, "" for nothing.

        Git stops at an included file that is there and cannot be read: for everybody who
        uses the repository.
        """
        status = os.stat(self._folder)
        is_shared = status.st_mode & stat.S_ISGID or _others_reach(self._folder)
        if is_shared and not (_others_reach(RULES) and os.stat(RULES).st_mode & stat.S_IROTH):
            return f"others can use this repository, and cannot read {RULES}"
        return ""

    def _fresh(self, key: bytes) -> str:
        if self.reader_problem():
            return f"{OFF}\n"
        name = f"{__version__}-{os.urandom(_NAME_BYTES).hex()}"
        key = key or os.urandom(_KEY_BYTES)
        return (
            f"{_HEAD}{_NAME}{name}\n{_KEY}{key.hex()}\n{_RULES}{RULES}\n"
            f'[include]\n\tpath = "{_escaped(RULES)}"\n'
            f'[diff "sessionctl"]\n\ttextconv = "{_escaped(kept_command(name))}"\n'
        )

    def _write(self, text: str) -> None:
        try:
            if text.startswith(_HEAD):
                self._replace(self.script, SCRIPT_TEXT)
            self._replace(self.path, text)
        except OSError as error:
            if not os.access(self._folder, os.W_OK):
                return  # then git keeps nothing here either
            raise GitError(f"{self.path}: cannot write it: {reason_of(error)}") from error

    def _replace(self, path: str, text: str) -> None:
        """Put a file in place as a whole, for all who can read git's configuration."""
        mode = stat.S_IMODE(os.stat(os.path.join(self._folder, "config")).st_mode) & 0o666
        fresh = f"{path}.{os.getpid()}"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with open(os.open(fresh, flags, 0o600), "wb") as stream:
                stream.write(text.encode("utf-8", "surrogateescape"))
            os.chmod(fresh, mode)
            os.replace(fresh, path)
        except OSError:
            if os.path.lexists(fresh):
                os.unlink(fresh)
            raise

    def _is_filtered(self, path: str, data: bytes) -> bool:
        """Return whether a filter of git may have made ``data``: git does not store it so."""
        if self._has_filters is None:
            asked = ("config", "--get-regexp", r"^filter\..*\.(smudge|process)$")
            self._has_filters = _git(*asked)[0] == 0
        if not self._has_filters:
            return False
        for stored in {data, data.replace(b"\r\n", b"\n")}:
            code, said = _git("hash-object", "--no-filters", "--stdin", stdin=stored)
            if code == 0 and _git("cat-file", "-e", said.strip())[0] == 0:
                return False
        if os.path.isabs(path) or _TEMPORARY in path:
            return True
        code, said = _git("check-attr", "filter", "--", path)
        return code != 0 or not said.rstrip("\n").endswith(tuple(f": {word}" for word in _NOT_SET))


def is_of_this_version(name: str) -> bool:
    """Return whether a cache of that name has texts that this version masked."""
    return name.startswith(f"{__version__}-")


def _git(*arguments: str, stdin: bytes = b"") -> tuple[int, str]:
    from sessionctl.system.process import run

    done = run(["git", *arguments], input=stdin, check=False)
    return done.returncode, os.fsdecode(done.stdout)


def _others_reach(path: str) -> bool:
    """Return whether any user of this machine may enter all directories above ``path``."""
    place = os.path.dirname(os.path.realpath(path))
    while os.stat(place).st_mode & stat.S_IXOTH:
        if place == os.path.dirname(place):
            return True
        place = os.path.dirname(place)
    return False


def _escaped(text: str) -> str:
    """Return ``text`` as it stands between quotes in git's configuration."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
