"""Sibling files: what lies below the directory of a file, read within bounds."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH113, PTH117, PTH118, PTH120, PTH121, PTH206
import os

from sessionctl.errors import FileError
from sessionctl.system.files.text import read_text

_MOST_FILES = 200
_MOST_BYTES = 32 << 20
_MOST_LEVELS = 20
"""So many files may lead to each other one after another."""


class AbsentSiblingError(FileError):
    """There is no such file."""


class SiblingFiles:
    """The files that a first one leads to, by relative names, never outside its directory."""

    def __init__(self, first: str, suffix: str, limit_bytes: int) -> None:
        """Begin with the file ``first``; ``suffix`` may be left out of names."""
        self._folder = os.path.dirname(first)
        self._real_folder = os.path.realpath(self._folder or ".")
        self._suffix = suffix
        self._limit_bytes = limit_bytes
        self._left = _MOST_BYTES
        self._levels = {first: 0}
        self._first = first

    def locate(self, origin: str, reference: str) -> str:
        """Return the path of what ``reference`` in the file ``origin`` leads to.

        Raises:
          AbsentSiblingError: there is no such file.
          FileError: it leads outside.
        """
        inside = os.path.relpath(os.path.dirname(origin) or ".", self._folder or ".")
        name = os.path.normpath(os.path.join(inside, reference))
        path = os.path.join(self._folder, name)
        if os.path.isabs(reference) or name.split(os.sep)[0] == os.pardir:
            raise FileError(f"{reference} is not below {self._shown_folder}")
        for found in (path, path + self._suffix):
            if os.path.isfile(found):
                break
        else:
            raise AbsentSiblingError(f"there is no file {path}")
        real = os.path.realpath(found)
        if os.path.commonpath([real, self._real_folder]) != self._real_folder:
            raise FileError(f"{found} is a link that leads out of {self._shown_folder}")
        if os.path.samefile(found, self._first):
            return self._first
        self._levels.setdefault(found, self._levels[origin] + 1)
        return found

    def read(self, path: str) -> str:
        """Return the text of a file that was located.

        Raises:
          FileError: it cannot be read, or one of the bounds is reached.
          ParseError: it is not UTF-8.
        """
        if len(self._levels) > _MOST_FILES:
            raise FileError(f"more than {_MOST_FILES} files")
        if self._levels[path] > _MOST_LEVELS:
            raise FileError(f"more than {_MOST_LEVELS} files, one after another")
        text = read_text(path, limit_bytes=min(self._limit_bytes, self._left))
        self._left -= len(text)
        return text

    @property
    def _shown_folder(self) -> str:
        return self._folder or "this directory"
