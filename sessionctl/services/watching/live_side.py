"""Live side: what a file is kept in step with."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class LiveSide(Protocol):
    """A document that lives outside of its file: in an application, in another copy.

    Both methods are called from the one thread that keeps the file in step. That they
    raised something is told, with the message of a ``SessionctlError``, and they are called
    again later.
    """

    def get(self, base: str | None) -> str | None:
        """Return the document as TOML, None while there is none.

        ``base`` is the text on which both sides agreed last; while they never did, what the file
        was just seen to hold, None while it holds no document. What did not change must have
        its text from there, comments and layout too: an unchanged document is ``base``.
        """
        ...

    def apply(self, text: str, expected: str | None) -> bool:
        """Take over ``text``, and return whether that was done.

        False, and nothing done, when the document is not ``expected`` any more.
        """
        ...


class LastGood:
    """The live side of a file that is only watched: the last text of it that was valid."""

    def __init__(self, text: str | None) -> None:
        self._text = text

    def get(self, base: str | None) -> str | None:
        """Return the last good text."""
        return self._text

    def apply(self, text: str | None, expected: str | None) -> bool:
        """Remember ``text``."""
        self._text = text
        return True


class SharedCopies:
    """The live side of several copies of one file: what all of them shall hold.

    ``changed`` is called with the copy from which a change came, or None.
    """

    def __init__(self, text: str | None) -> None:
        self.text = text
        self._copies: list[Copy] = []

    def copy(self, changed: Callable[[], None]) -> Copy:
        """Return the live side for one more copy; ``changed`` says that it has new text."""
        copy = Copy(self, changed)
        self._copies.append(copy)
        return copy

    def put(self, text: str, origin: Copy) -> None:
        """Make ``text`` what all copies shall hold."""
        self.text = text
        for copy in self._copies:
            if copy is not origin:
                copy.changed()


class Copy:
    """The live side of one copy."""

    def __init__(self, shared: SharedCopies, changed: Callable[[], None]) -> None:
        self._shared = shared
        self.changed = changed

    def get(self, base: str | None) -> str | None:
        """Return what all copies shall hold."""
        return self._shared.text

    def apply(self, text: str, expected: str | None) -> bool:
        """Give ``text`` to the other copies."""
        if self._shared.text != expected:
            return False
        self._shared.put(text, self)
        return True
