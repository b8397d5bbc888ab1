"""First place: where a key or a table was defined that a text defines again."""

from __future__ import annotations

from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.statement import ARRAY_TABLE, KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.toml.parse.statement import Statement

    Path = tuple[str | int, ...]


def first_place(
    statements: Sequence[Statement], keys: tuple[str, ...], *, is_header: bool
) -> Span | None:
    """Return the key that defines what ``keys``, the next statement, defines again.

    ``is_header``: they are those of a header, and not below the last one.
    """
    items: dict[Path, int] = {}
    section: Path = ()
    places: list[tuple[Path, Statement]] = []
    for statement in statements:
        if statement.kind == KEY:
            places.append(((*section, *statement.keys), statement))
            continue
        outer = _numbered(statement.keys[:-1], items)
        section = (*outer, statement.keys[-1])
        if statement.kind == ARRAY_TABLE:
            items[section] = items.get(section, -1) + 1
            places.append((section, statement))
            section = (*section, items[section])
        else:
            section = _numbered(statement.keys, items) if section in items else section
            places.append((section, statement))
    if is_header:
        wanted: Path = (*_numbered(keys[:-1], items), keys[-1])
    else:
        wanted = (*section, *keys)
    return _of(wanted, places, len(wanted) - len(keys) if not is_header else 0)


def _numbered(keys: tuple[str, ...], items: dict[Path, int]) -> Path:
    """Return the path of ``keys``, with the number of the last item behind each array."""
    path: Path = ()
    for key in keys:
        path = (*path, key)
        if path in items:
            path = (*path, items[path])
    return path


def _of(wanted: Path, places: list[tuple[Path, Statement]], outer: int) -> Span | None:
    """Return the first of ``places`` that is at ``wanted``, below it, or what it is within."""
    exact: dict[Path, Statement] = {}
    for path, statement in places:
        exact.setdefault(path, statement)
    for length in range(len(wanted), outer, -1):
        found = exact.get(wanted[:length])
        if found is not None:
            return Span(found.key_start, found.key_end)
        below = (s for path, s in places if path[:length] == wanted[:length] and s.kind == KEY)
        first = next(below, None)
        if first is not None:
            return Span(first.key_start, first.key_end)
    return None
