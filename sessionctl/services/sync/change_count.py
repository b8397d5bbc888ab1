"""Change count: how many changes lead from one text to another; what shows them is not loaded."""

from __future__ import annotations

from sessionctl.core.diff.comparison import diff
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.partial_reading import read_changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.schema.model import Schema


def count_changes(
    name: str,
    before: str,
    after: str,
    session_schema: Schema | None,
    parsed: Document | None = None,
) -> int:
    """Return how many changes ``compare`` finds; ``session_schema`` is given for sessions.

    ``parsed`` is the document of ``after`` where it is known. Of the text before, only what
    differs is read where that is enough.

    Raises:
      ParseError: one is not TOML 1.0; the message carries ``name`` and the place.
    """
    is_known = parsed is not None and parsed.text == after
    other = parsed if parsed is not None and is_known else Document.parse(after, name)
    one = read_changed(other, before) or Document.parse(before, name)
    keys = None if session_schema is None else session_schema.item_key
    return len(diff(Document.of(one), other, item_keys=keys))
