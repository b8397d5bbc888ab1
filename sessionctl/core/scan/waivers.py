"""Waivers: comments that let a secret stand, ``# sessionctl: allow-secret REASON``."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import WAIVER, SecretFinding
from sessionctl.core.text.lines import line_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_WAIVER = late(r"sessionctl:[ \t]*allow-secret(?![\w-])[ \t]*([^\n]*)")
_SIGN = late(r"#[^\n]*")


class Waivers(NamedTuple):
    """Which stretches of a text are let stand, and the waivers that give no reason.

    The former are in order, and none touches another.
    """

    covered: tuple[Span, ...] = ()
    bare: tuple[Span, ...] = ()

    @classmethod
    def of_comments(
        cls, text: str, comments: Iterable[Span], statements: Iterable[Span]
    ) -> Waivers:
        """Return the waivers in ``comments`` of a document.

        One behind a value covers its lines, one on a line of its own all of the statement
        below. ``statements`` are the statements' stretches, in order.
        """
        return _collect(text, comments, tuple(statements))

    @classmethod
    def of_lines(cls, text: str) -> Waivers:
        """Return the waivers of a text that is not TOML; every ``#`` may begin a comment."""
        if "allow-secret" not in text:
            return cls()
        return _collect(text, (Span(*match.span()) for match in _SIGN.finditer(text)), ())

    def cover(self, span: Span) -> bool:
        """Return whether what stands at ``span`` is let stand."""
        index = bisect_right(self.covered, span.start, key=lambda covered: covered.start) - 1
        return index >= 0 and span.start < self.covered[index].end

    def findings(self) -> list[SecretFinding]:
        """Return a finding for each waiver that gives no reason; those waive nothing."""
        return [SecretFinding(WAIVER, "a waiver gives no reason", span) for span in self.bare]


def _collect(text: str, comments: Iterable[Span], statements: tuple[Span, ...]) -> Waivers:
    covered: list[Span] = []
    bare: list[Span] = []
    starts = [span.start for span in statements]
    for comment in comments:
        waiver = _WAIVER.search(text, comment.start, comment.end)
        if waiver is None:
            continue
        if not waiver[1].strip():
            bare.append(Span(*waiver.span()))
            continue
        covered.append(_reach(text, comment, statements, starts))
    return Waivers(tuple(_joined(covered)), tuple(bare))


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _reach(text: str, comment: Span, statements: tuple[Span, ...], starts: list[int]) -> Span:
    begin = text.rfind("\n", 0, comment.start) + 1
    end = line_end(text, comment.start)
    inside = bisect_right(starts, comment.start) - 1
    is_inside = inside >= 0 and comment.start < statements[inside].end
    if text[begin : comment.start].strip():  # behind a value
        if is_inside and end >= statements[inside].end:
            begin = statements[inside].start
        return Span(begin, end)
    if not is_inside and inside + 1 < len(statements):
        below = statements[inside + 1]
        if _only_comments(text[end : below.start]):
            return Span(begin, below.end)
    return Span(begin, line_end(text, end))


def _only_comments(between: str) -> bool:
    """Return whether only comment lines stand there, no blank one among them."""
    lines = between.split("\n")[:-1]
    return all(line.lstrip().startswith("#") for line in lines)
