"""Comment blocks: what goes on from one comment line to the next, such as a recovery phrase."""

from __future__ import annotations

from sessionctl.core.scan.rules.signs import is_mnemonic_like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessionctl.core.problem import Span
    from sessionctl.core.scan.finding import SecretPart

_FEWEST_WORDS = 12


def parts_across(text: str, comments: Iterable[Span]) -> Iterator[SecretPart]:
    """Yield the secrets that more than one of ``comments``, which are in order, hold together."""
    for block in _blocks(text, comments):
        said = text[block[0].start : block[-1].end]
        if said.count(" ") + len(block) < _FEWEST_WORDS:
            continue
        if is_mnemonic_like(said.replace("#", " ")):
            from sessionctl.core.scan.rules.mnemonic import mnemonic_across

            yield from mnemonic_across(text, block)


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
