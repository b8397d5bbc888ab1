"""Path scope: directories as a session file writes them, and where they lead.

A directory is absolute, begins with ``~`` (the home directory) or with ``$NAME`` or ``${NAME}``
(a variable), or is relative to the one above it in the session. What only looks like one of
these has ``./`` before it.
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})(?=/|\Z)")


def _as_is(path: str) -> str:
    return path


class PathScope(NamedTuple):
    """What directories of one file on one machine refer to.

    ``base`` is the directory of the session file; ``real`` returns a path without symlinks.
    """

    base: str
    home: str = ""
    variables: Mapping[str, str] = {}
    real: Callable[[str], str] = _as_is

    def resolve(self, text: str, above: str) -> str:
        """Return the absolute path that ``text`` means below the directory ``above``.

        A variable that is not set leaves its name in place.
        """
        if text == "~" or text.startswith("~/"):
            text = self.home + text[1:]
        else:
            match = _VARIABLE.match(text)
            value = self.variables.get(match[1] or match[2]) if match else None
            if match is not None and value is not None:
                text = value + text[match.end() :]
        return posixpath.normpath(posixpath.join(above or self.base, text))

    def express(self, path: str, above: str) -> str:
        """Return the shortest plain way to write the absolute ``path`` below ``above``.

        Relative where it lies in ``above``, below ``~`` where it lies in the home directory.
        """
        for root in dict.fromkeys((above, self.real(above))) if above else ():
            inner = _inside(path, root)
            if inner is not None:
                return f"./{inner}" if inner[:1] in ("~", "$") else inner
        for home in dict.fromkeys((self.home, self.real(self.home))) if self.home else ():
            inner = _inside(path, home)
            if inner is not None:
                return "~" if inner == "." else f"~/{inner}"
        return path

    def is_same(self, one: str, other: str) -> bool:
        """Return whether two paths lead to one directory."""
        return one == other or self.real(one) == self.real(other)


def unset_variable(text: str, variables: Mapping[str, str]) -> str:
    """Return the variable that ``text`` begins with and that is not set, else ""."""
    match = _VARIABLE.match(text)
    name = (match[1] or match[2]) if match else ""
    return "" if name in variables else name


def _inside(path: str, root: str) -> str | None:
    if path == root:
        return "."
    below = root if root.endswith("/") else f"{root}/"
    return path[len(below) :] if path.startswith(below) and below != "/" else None
