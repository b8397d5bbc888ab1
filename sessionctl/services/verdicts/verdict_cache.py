"""Verdict cache: which contents were found valid before, by everything that decided on it.

Beside them, how many changes lead from one content to another. All that is kept is that a digest
was valid, or that a digest of two contents and a number is right. It is made of the whole content
and of all it was held to, so whoever changes a file, a schema or this program asks about another
digest.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118, PTH120
import os
import sys

from sessionctl._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from hashlib import blake2b

    from sessionctl.core.schema.model import Schema
    from sessionctl.services.machine import Machine
    from sessionctl.system.files.digest_file import DigestFile

_FILE = "verdicts"
_RULES = b"1"
"""To be raised where the same sources come to other verdicts: another library, say."""
_LEAST = 4_000
"""So many characters are checked sooner than the cache is opened."""
_KEPT_AT_ONCE = 500
_COUNTED = 16
"""Fewer changes than these are remembered: a digest can only be asked for, not read."""


class VerdictCache:
    """What was found valid before, here or by another process of this program."""

    def __init__(self, machine: Machine, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Remember in the cache directory of ``machine``, once there is enough to check.

        Then ``is_wanted`` is asked whether the user wants that.
        """
        self._machine = machine
        self._is_wanted = is_wanted
        self._size = 0
        self._file: DigestFile | None = None
        self._start: blake2b | None = None
        self._new: dict[bytes, None] = {}
        self._pair = (("", "", ""), "")
        self._schemas: dict[int, tuple[Schema, bytes]] = {}

    def digest(self, text: str, schema: Schema | None, about: Iterable[str]) -> bytes | None:
        """Return the digest of a text, what it is held to, and what else decides on it.

        None where its verdict is not to be remembered, for it is not worth it or not allowed.
        """
        self._size += len(text)
        if self._size < _LEAST or not self._is_open():
            return None
        held_to = b""
        if schema is not None:
            held_to = self._schema_digest(schema)
            if not held_to:
                return None
        return self._digest([text, *about], held_to)

    def holds(self, digest: bytes) -> bool:
        """Return whether what ``digest`` stands for was found valid, without any problem."""
        return digest in self._new or (self._file is not None and digest in self._file)

    def add(self, digest: bytes) -> None:
        """Remember that what ``digest`` stands for is valid, without any problem."""
        self._new[digest] = None
        if len(self._new) >= _KEPT_AT_ONCE:
            self.keep()

    def count(self, before: str, after: str, kind: str) -> int | None:
        """Return how many changes lead from one text to another, None where that is not known.

        ``kind`` is what else decides on it.
        """
        for number in range(_COUNTED):
            digest = self._count_digest((before, after, kind), number)
            if digest is None:
                return None
            if self.holds(digest):
                return number
        return None

    def add_count(self, before: str, after: str, kind: str, number: int) -> None:
        """Remember how many changes lead from one text to another."""
        digest = self._count_digest((before, after, kind), number) if number < _COUNTED else None
        if digest is not None:
            self.add(digest)

    def _count_digest(self, texts: tuple[str, str, str], number: int) -> bytes | None:
        if self._size < _LEAST or not self._is_open():
            return None
        if self._pair[0] != texts:
            self._pair = (texts, self._digest(texts, b"changes").hex())
        return self._digest([self._pair[1], str(number)], b"number of changes")

    def keep(self) -> None:
        """Hand over to other processes what was added."""
        if self._new and self._file is not None:
            self._file.add(self._new)
            self._new = {}

    def _is_open(self) -> bool:
        if self._start is None:
            self._start = _program()
            directory, home = self._machine.cache, self._machine.home
            # What is in a work tree may have come with the repository.
            is_own = directory is not None and not _is_in_work_tree(directory, home)
            if directory is not None and is_own and self._is_wanted():
                from sessionctl.system.files.digest_file import DigestFile

                self._file = DigestFile(directory, _FILE)
        return self._file is not None

    def _schema_digest(self, schema: Schema) -> bytes:
        """Return what tells a schema from all others, nothing where that is not known."""
        known = self._schemas.get(id(schema))
        if known is None:
            known = schema, self._digest(schema.sources, b"schema") if schema.sources else b""
            self._schemas[id(schema)] = known
        return known[1]

    def _digest(self, texts: Iterable[str], held_to: bytes) -> bytes:
        assert self._start is not None
        found = self._start.copy()
        for part in (held_to, *(text.encode(errors="surrogatepass") for text in texts)):
            found.update(len(part).to_bytes(8, "big"))
            found.update(part)
        return found.digest()


def _is_in_work_tree(directory: str, home: str | None) -> bool:
    above = directory
    while above not in (home, os.path.dirname(above)):
        if os.path.lexists(os.path.join(above, ".git")):
            return True
        above = os.path.dirname(above)
    return False


def _program() -> blake2b:
    """Return the digest of this program: its version, its sources, the Python it runs on."""
    try:
        # hashlib takes longer to import than all else here: it loads the library of TLS.
        from _blake2 import blake2b
    except ImportError:  # a Python without its own
        from hashlib import blake2b

    import sessionctl.core as checking
    from sessionctl.system.files.digest_file import SIZE

    digest = blake2b(digest_size=SIZE, person=b"sc-verdict")
    digest.update(b"\0".join([_RULES, __version__.encode(), sys.version.encode()]))
    for folder in checking.__path__:
        for mark in sorted(_marks(folder)):
            digest.update(mark)
    return digest


def _marks(folder: str) -> Iterator[bytes]:
    """Yield what changes when a source file in or below ``folder`` is written or replaced."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    mark = f"\0{entry.path}\0{status.st_size}\0{status.st_mtime_ns}"
                    yield mark.encode(errors="surrogateescape")
                elif entry.name != "__pycache__" and entry.is_dir():
                    yield from _marks(entry.path)
    except OSError:  # within an archive, whose version tells it apart
        return
