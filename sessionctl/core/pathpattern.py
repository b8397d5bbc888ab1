"""Path patterns: which key paths a person means by ``windows.*``."""

from __future__ import annotations

import re

from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.keypath import Part

_STARS = r"\*+"
_BRACKETS = r"\[[^\]]*\]"
_BELOW = ".**"


class PathPattern:
    """A key path as people write it, in which ``*`` stands for any characters, dots too.

    It fits what it names and everything below. Indexes and names of items may be left
    out: ``windows.*`` fits ``windows[name=editor].layout``. ``a.**`` is ``a`` and what
    is below it; ``*`` alone also fits what has no key, such as comments.
    """

    __slots__ = ("_pattern", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        named = text.removesuffix(_BELOW) if text != _BELOW else text
        wanted = ".*".join(map(re.escape, re.split(_STARS, named)))
        self._pattern = re.compile(wanted, re.DOTALL)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PathPattern) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"PathPattern({self.text!r})"

    def fits(self, path: Iterable[Part]) -> bool:
        """Return whether ``path``, or a part of it from the top, is what the pattern says."""
        if self.text and not self.text.strip("*"):
            return True
        parts = tuple(path)
        for length in range(1, len(parts) + 1):
            name = str(KeyPath(parts[:length]))
            if self._pattern.fullmatch(name) or self._pattern.fullmatch(
                re.sub(_BRACKETS, "", name)
            ):
                return True
        return False
