"""Merged text: the result as it grows, and where its conflicts lie."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.conflict.markers import MarkerStyle, conflict_block
from sessionctl.core.problem import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.keypath import KeyPath


class MergedText:
    """A text written piece by piece; every piece begins on a line of its own.

    ``start`` is a byte order mark or nothing, ``tail`` what stands behind all pieces; blank lines
    at the beginning are dropped unless ``may_begin_blank``, and so is the last line end unless
    ``ends_line``.
    """

    __slots__ = (
        "_has_taken_blank", "_is_behind_comment", "conflicts", "ends_line", "length",
        "may_begin_blank", "parts", "start", "style", "tail",
    )  # fmt: skip

    def __init__(
        self,
        style: MarkerStyle,
        start: str,
        tail: str,
        *,
        may_begin_blank: bool,
        ends_line: bool,
    ) -> None:
        self.style = style
        self.start = start
        self.tail = tail
        self.may_begin_blank = may_begin_blank
        self.ends_line = ends_line
        self.parts: list[str] = []
        self.length = len(start)
        self.conflicts: list[Conflict] = []
        self._is_behind_comment = False
        self._has_taken_blank = False

    def write_free_comment(self, text: str) -> None:
        """Add a comment that stands free: what follows begins behind a blank line."""
        self.write(text)
        self._is_behind_comment = True

    def write(self, text: str) -> None:
        """Add ``text``."""
        if not text:
            return
        self._end_line()
        begins_blank = text.startswith(("\n", "\r\n"))
        # Without the blank line the comment would belong to what follows
        # (a_free_comment_changed_by_both_sides_stays_free_in_both_versions).
        if self._is_behind_comment and not begins_blank:
            # What was inserted here takes the blank line of the one it was put before.
            text = self.style.newline + text
            self._has_taken_blank = True
        elif self._has_taken_blank and begins_blank:
            if not self._is_behind_comment:
                text = text[text.index("\n") + 1 :]
            self._has_taken_blank = False
        self._is_behind_comment = False
        # The block that stood first may be gone; the blank line above the second one parted them.
        if not self.parts and not self.may_begin_blank:
            text = text.lstrip("\r\n")
        self.parts.append(text)
        self.length += len(text)

    def conflict(self, kind: ConflictKind, path: KeyPath, texts: Sequence[str | None]) -> None:
        """Add a conflict between the texts of base, ours and theirs."""
        base, ours, theirs = texts
        block = conflict_block(base or "", ours or "", theirs or "", self.style)
        self._end_line()
        if self._is_behind_comment:
            self.write(self.style.newline)
        span = Span(self.length, self.length + len(block))
        self.write(block)
        self.conflicts.append(Conflict(kind, path, base, ours, theirs, span))

    @property
    def text(self) -> str:
        """All of it."""
        text = "".join(self.parts) + self.tail
        ends_in_conflict = bool(self.conflicts) and self.conflicts[-1].span.end == self.length
        if not self.ends_line and not ends_in_conflict and not text.endswith("\n\n"):
            text = text.removesuffix("\n")
        return self.start + text

    def _end_line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append(self.style.newline)
            self.length += len(self.style.newline)
