"""``patch``: carry out a diff on a document, leaving alone what it does not speak of."""

from __future__ import annotations

from sessionctl.core.diff.change import Diff
from sessionctl.core.diff.comment_patch import write_comments
from sessionctl.core.diff.table_patches import PatchOperation, TablePatches
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import GuardError


def patch(before: str | Document, diff: Diff) -> Document:
    """Return the document that ``diff`` makes of ``before``.

    ``patch(a, diff(a, b))`` has the value of ``b``; bytes that no change touches stay as
    they are. ``before`` may be another document than the diff was made of, if it has
    what the changes start from. Comments are changed where they have a place: not
    inside an array that is written on one line.

    Raises:
      ParseError: ``before`` is not TOML 1.0.
      EditError: ``before`` does not have what a change starts from; the message names
        the path.
    """
    document = Document.parse(before) if isinstance(before, str) else before
    patches = TablePatches(document, diff)
    wanted = patches.result()
    result = document
    for operation in patches.operations():
        result = _carry_out(result, operation)
    if not same_value(result.value, wanted):
        raise GuardError("patch: the result is not what the diff asks for; nothing was changed")
    return write_comments(document, result, patches, diff)


def _carry_out(document: Document, operation: PatchOperation) -> Document:
    kind, place, value, origin, behind = operation
    if kind == "remove":
        return document.delete(place)
    if kind == "replace":
        return document.set(place, value)
    last = place[-1]
    if kind == "move":
        if isinstance(last, str):
            return document.rename(origin, last)
        # Its comments come back with the others: write_comments knows whose they are.
        return document.delete(origin).insert(place, document.get(origin))
    if isinstance(behind, str) and place.parent / behind in document:
        return document.insert(place, value, after=behind)
    return document.insert(place, value)
