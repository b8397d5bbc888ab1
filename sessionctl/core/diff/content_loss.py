"""Content loss: whether a text would take nearly everything out of a document.

An empty capture, or an editor that saved a half, must not replace a rich session unasked.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Value

_FEW = 8
_PART = 4
_LISTS = ("windows", "connections")


def losses(before: Document, after: Document) -> tuple[str, ...]:
    """Return in words what is lost of ``before`` in ``after``; nothing where little is.

    Reported are the loss of all values, of all windows or connections of a session, and of
    more than three quarters of many values.
    """
    counts = [sum(1 for _ in _leaves(document.value)) for document in (before, after)]
    if counts[0] and not counts[1]:
        return (f"all {counts[0]} values are gone",)
    found = [
        f"all {len(table)} {name} are gone"
        for name in _LISTS
        if isinstance(table := before.value.get(name), (list, dict))
        and len(table) > 1
        and not after.value.get(name)
    ]
    # A small document is soon down to a quarter: of so few values the loss is seen at once.
    if not found and counts[0] >= _FEW and counts[1] * _PART < counts[0]:
        found.append(f"of {counts[0]} values only {counts[1]} are left")
    return tuple(found)


def _leaves(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list) and value:
        for item in value:
            yield from _leaves(item)
    else:
        yield value
