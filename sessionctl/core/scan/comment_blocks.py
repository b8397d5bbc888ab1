"""Comment blocks: what goes on from one comment line to the next: a phrase, a private key."""

from __future__ import annotations

from sessionctl.core.scan.finding import PRIVATE_KEY
from sessionctl.core.scan.rules.signs import KEY_BEGINNINGS, is_mnemonic_like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sessionctl.core.problem import Span
    from sessionctl.core.scan.finding import SecretPart

_FEWEST_WORDS = 12


def parts_across(text: str, comments: Iterable[Span]) -> Iterator[SecretPart]:
    """Yield the secrets that more than one of ``comments``, which are in order, hold together.

    Such a secret is as many parts as it is comments.
    """
    for block in _blocks(text, comments):
        said = text[block[0].start : block[-1].end]
        if any(mark in said for mark in KEY_BEGINNINGS):
            from sessionctl.core.scan.rules.tokens import token_parts

            keys = (part for part in token_parts(_bare(text, block)) if part.what == PRIVATE_KEY)
            yield from _by_comment(text, block, keys)
        if said.count(" ") + len(block) < _FEWEST_WORDS:
            continue
        if is_mnemonic_like(said.replace("#", " ")):
            from sessionctl.core.scan.rules.mnemonic import mnemonic_parts

            yield from _by_comment(text, block, mnemonic_parts(_bare(text, block)))


def _bare(text: str, block: Sequence[Span]) -> str:
    """Return the text from the first of the comments to the last, without their signs."""
    first = block[0].start
    letters = list(text[first : block[-1].end])
    for start, _ in block:
        letters[start - first] = " "
    return "".join(letters)


def _by_comment(
    text: str, block: Sequence[Span], parts: Iterable[SecretPart]
) -> Iterator[SecretPart]:
    """Yield what each comment has of ``parts``, which were found in ``_bare``."""
    first = block[0].start
    for part in parts:
        for start, end in block:
            begin, stop = max(start + 1, first + part.start), min(end, first + part.end)
            begin += len(text[begin:stop]) - len(text[begin:stop].lstrip())
            if begin < stop:
                yield part._replace(start=begin, end=stop)


def _blocks(text: str, comments: Iterable[Span]) -> Iterator[list[Span]]:
    """Yield the comments that stand on lines of their own, below each other."""
    block: list[Span] = []
    for span in comments:
        if text[text.rfind("\n", 0, span.start) + 1 : span.start].strip():
            continue  # behind a value
        between = text[block[-1].end : span.start] if block else ""
        if block and not (between.isspace() and between.count("\n") <= 1):
            if len(block) > 1:
                yield block
            block = []
        block.append(span)
    if len(block) > 1:
        yield block
