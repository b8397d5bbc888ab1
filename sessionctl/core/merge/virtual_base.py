"""Virtual base: what stands for a conflict in a text that only serves as the base of a merge.

Where two commits are both a nearest common one of two branches (a criss-cross history),
git merges these two first and takes the result for the base. A key that they conflict in
has no value there: it gets one that nobody wrote, so that what either branch made of it
counts as a change.
"""

from __future__ import annotations

from sessionctl.core.text.lines import split_lines
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.merge import MergeResult
    from sessionctl.core.problem import Span

PLACEHOLDER = "sessionctl: unknown, because the commits merged for the base differ here"
"""The value that nobody wrote."""


def text_for_base(result: MergeResult) -> str:
    """Return the merged text to be used as a base: TOML without markers, if that can be.

    A conflict about more than one key keeps its markers.
    """
    if result.method == "text":
        return result.text
    return _replaced(result, [_placeholder(conflict) for conflict in result.conflicts])[0]


def without_placeholders(result: MergeResult) -> MergeResult:
    """Return the result of a merge with such a base, which then has no text where in doubt."""
    bases = [_without_placeholder(conflict.base) for conflict in result.conflicts]
    blocks = [
        None
        if conflict.base is None or base == conflict.base
        else _block(result, conflict).replace(conflict.base, base or "", 1)
        for conflict, base in zip(result.conflicts, bases, strict=True)
    ]
    text, spans = _replaced(result, blocks)
    conflicts = [
        conflict._replace(base=base, span=span)
        for conflict, base, span in zip(result.conflicts, bases, spans, strict=True)
    ]
    return result._replace(text=text, conflicts=tuple(conflicts))


def _placeholder(conflict: Conflict) -> str | None:
    """Return the statement that stands for a conflict, None where it is not about one key."""
    # One key can hold a value that nobody wrote; a table or several keys cannot, and stay between
    # markers, as git has them.
    keys = {_only_key(text) for text in (conflict.ours, conflict.theirs) if text}
    if len(keys) != 1 or None in keys:
        return None
    text = conflict.ours or conflict.theirs or ""
    newline = "\r\n" if text.endswith("\r\n") else "\n"
    return f'{keys.pop()} = "{PLACEHOLDER}"{newline}'


def _only_key(text: str) -> str | None:
    """Return the key of the one statement that ``text`` is, with its indent, or None."""
    try:
        document = DocumentText.parse(text)
    except ParseError:
        return None
    if len(document.statements) != 1 or document.statements[0].kind != KEY:
        return None
    statement = document.statements[0]
    line = text.rfind("\n", 0, statement.key_start) + 1
    return text[line : statement.key_end]


def _without_placeholder(base: str | None) -> str | None:
    if base is None or PLACEHOLDER not in base:
        return base
    return "".join(line for line in split_lines(base) if PLACEHOLDER not in line) or None


def _block(result: MergeResult, conflict: Conflict) -> str:
    return result.text[conflict.span.start : conflict.span.end]


def _replaced(result: MergeResult, blocks: list[str | None]) -> tuple[str, list[Span]]:
    """Return the text with the conflicts replaced by ``blocks``, and where they are then."""
    from sessionctl.core.problem import Span

    parts: list[str] = []
    spans: list[Span] = []
    position = length = 0
    for conflict, block in zip(result.conflicts, blocks, strict=True):
        shown = _block(result, conflict) if block is None else block
        parts += [result.text[position : conflict.span.start], shown]
        start = length + conflict.span.start - position
        length = start + len(shown)
        spans.append(Span(start, length))
        position = conflict.span.end
    parts.append(result.text[position:])
    return "".join(parts), spans
