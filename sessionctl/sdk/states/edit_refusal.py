"""Edit refusal: an edit of the file that a provider did not take over, as data with its place."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.toml.document import Document
from sessionctl.sdk.provider import Veto
from sessionctl.sdk.states.state_text import changed_keys, stored_states

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table


class EditRefusal(NamedTuple):
    """What one provider refused.

    ``conflicts`` are the keys that differ now, each with the text of the file (``ours``) and
    of the host (``theirs``); ``place`` is the line and column of the first in the file.
    """

    provider: str
    reason: str
    conflicts: tuple[Conflict, ...] = ()
    place: tuple[int, int] | None = None

    def words(self, file: str) -> str:
        """Return it for people: the place, the key, the reason."""
        where = file if self.place is None else f"{file}:{self.place[0]}:{self.place[1]}"
        key = f"{self.conflicts[0].path}: " if self.conflicts else ""
        reason = self.reason or "refused"
        return f"{where}: {key}not applied by provider {self.provider}: {reason}"


def refusal_of(
    provider: str, error: Exception, reason: str, app: str, texts: tuple[str, str | None]
) -> EditRefusal:
    """Return what ``error``, raised by ``apply``, refuses of the first text; the second was given.

    A ``Veto`` with a ``path`` is about that key alone.
    """
    text, expected = texts
    document = Document.parse(text)
    before = Document.parse(expected or "")
    root = KeyPath(("apps", app, provider))
    paths = [root / key for key in changed_keys(_state(before, app, provider),
                                                 _state(document, app, provider))]  # fmt: skip
    if isinstance(error, Veto) and error.path:
        named = KeyPath((*root, *KeyPath.parse(error.path)))
        paths = [named] if named in document or named in before else paths
    conflicts = tuple(_conflict(path, before, document) for path in paths)
    span = next((one.span for one in conflicts if one.ours is not None), None)
    place = None if span is None else document.source.place(span.start)
    return EditRefusal(provider, reason, conflicts, place)


def _conflict(path: KeyPath, before: Document, document: Document) -> Conflict:
    old, new = _text_at(before, path), _text_at(document, path)
    span = document.span(path) if path in document else Span(0, 0)
    return Conflict(ConflictKind.BOTH_MODIFIED, path, old, new, old, span)


def _text_at(document: Document, path: KeyPath) -> str | None:
    if path not in document:
        return None
    span = document.span(path)
    return document.text[span.start : span.end]


def _state(document: Document, app: str, provider: str) -> Table:
    found = stored_states(document, app).get(provider)
    return {} if found is None else found.state
