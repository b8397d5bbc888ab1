"""The context of one merge, and the question that decides it: is this text the right result?"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.merge.proof import is_proved, keeps_changes
from sessionctl.core.merge.value.guide import Guide
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.parser import parse_value
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.conflict.markers import MarkerStyle
    from sessionctl.core.merge.result import MergeResult
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.parse.statement import ParseMemory

# Of so many statements a document is large.
_MANY = 4000


class MergeContext(NamedTuple):
    """What every step of one merge needs: how to write, what was parsed, the schema."""

    style: MarkerStyle
    memory: ParseMemory
    schema: Schema | None = None
    contested: frozenset[tuple[str, ...]] = frozenset()
    """What one side moved, and the other deleted or moved elsewhere, at the new paths."""
    unsure: frozenset[tuple[str, ...]] = frozenset()
    """Tables that may be another one on each side: they are not mixed."""
    mixed: frozenset[tuple[str, ...]] = frozenset()
    """Those of ``unsure`` that got names of each other on both sides."""

    def parse(self, text: str, like: DocumentText | None = None) -> DocumentText:
        """Return the document of ``text``; statements seen before are not read again.

        A large one takes little room: its statements are packed, and what is the same in ``like``,
        an earlier version, is kept once.
        """
        document = DocumentText.parse(text, memory=self.memory)
        if len(document.statements) > _MANY:
            from sessionctl.core.merge.value_sharing import shared
            from sessionctl.core.toml.parse.packed_statements import PackedStatements

            document.statements = PackedStatements(document.statements)
            if like is not None:
                value = shared(document.value, like.value)
                assert isinstance(value, dict)
                document.value = value
        return document


def is_right(documents: Sequence[DocumentText], text: str, context: MergeContext) -> bool:
    """Return whether ``text`` is TOML and proved to be the merge of ``documents``."""
    try:
        value = parse_value(text, context.memory)
    except ParseError:
        return False
    base, ours, theirs = (document.value for document in documents)
    return is_proved(base, ours, theirs, value, Guide(context.schema))


def can_be_taken(
    documents: Sequence[DocumentText], result: MergeResult, context: MergeContext
) -> bool:
    """Return whether either side can win what conflicts: it is TOML, and keeps its changes."""
    base, ours, theirs = (document.value for document in documents)
    for name, side, other in (("ours", ours, theirs), ("theirs", theirs, ours)):
        try:
            value = parse_value(result.taken([name] * len(result.conflicts)), context.memory)
        except ParseError:
            return False
        if not keeps_changes(base, side, other, value):
            return False
    return True
