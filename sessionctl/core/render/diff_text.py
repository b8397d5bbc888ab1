"""A diff for people: grouped by table, in pieces of text with the roles of their colours."""

from __future__ import annotations

from sessionctl.core.diff.change import (
    APART,
    END,
    Added,
    CommentChanged,
    Modified,
    Moved,
    Removed,
    Renamed,
)
from sessionctl.core.diff.word_changes import line_pieces, word_pieces
from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.light_typing import assert_never
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.source import visible
from sessionctl.core.toml.write.value_writer import render_line
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessionctl.core.diff.change import Change, Comment, Diff
    from sessionctl.core.diff.word_changes import Line
    from sessionctl.core.values import Value

_ROLES = {"+": "added", "-": "removed", "~": "changed", ">": "moved", "#": "dim"}
_WORDS = {
    "+": "added", "-": "removed", "~": "modified", ">": "moved or renamed", "#": "comments changed"
}  # fmt: skip
_BAR = 40


class DiffEntry(NamedTuple):
    """One change: its sign (``+ - ~ > #``), its first line, and the lines below it."""

    sign: str
    head: Line
    body: list[Line]


class DiffGroup(NamedTuple):
    """The changes inside one table; the empty path is the top level."""

    path: KeyPath
    entries: list[DiffEntry]


def group_changes(diff: Diff) -> list[DiffGroup]:
    """Return the changes by the table they are in, outer tables before inner ones.

    Give it a masked diff: all values are shown.
    """
    groups: dict[KeyPath, list[DiffEntry]] = {}
    for change in diff.changes:
        table, label = _split(change.path)
        groups.setdefault(table, []).append(_entry(change, label))
    return [DiffGroup(path, groups[path]) for path in _in_order(groups)]


def _in_order(paths: Iterable[KeyPath]) -> list[KeyPath]:
    """Return the tables as they come, each in front of what is inside of it."""
    first: dict[KeyPath, int] = {}
    for path in paths:
        for size in range(1, len(path) + 1):
            first.setdefault(KeyPath(path[:size]), len(first))
    return sorted(
        paths, key=lambda path: [first[KeyPath(path[:n])] for n in range(1, len(path) + 1)]
    )


def render_diff(diff: Diff) -> list[Line]:
    """Return the diff as lines for a terminal; there are none when nothing changed."""
    lines: list[Line] = []
    for path, entries in group_changes(diff):
        indent = ""
        if path:
            lines += [[]] if lines else []
            lines.append([(visible(str(path)), "heading")])
            indent = "  "
        for entry in entries:
            lines.append([(indent, ""), *entry.head])
            lines += [[(f"{indent}    ", ""), *line] for line in entry.body]
    return lines


def render_stat(diff: Diff) -> list[Line]:
    """Return how much changed in each table, and a last line with the totals."""
    groups = group_changes(diff)
    if not groups:
        return []
    signs = [[entry.sign for entry in group.entries] for group in groups]
    names = [visible(str(group.path)) or "(top level)" for group in groups]
    width = max(map(len, names))
    most = max(map(len, signs))
    lines: list[Line] = []
    for name, found in zip(names, signs, strict=True):
        line: Line = [(f" {name:<{width}} | {len(found):>{len(str(most))}} ", "")]
        for sign, role in _ROLES.items():
            count = found.count(sign)
            if count:
                size = count if most <= _BAR else max(1, count * _BAR // most)
                line.append((sign * size, role))
        lines.append(line)
    return [*lines, [(f" {summarize(diff)}", "")]]


def summarize(diff: Diff) -> str:
    """Return the number of changes by their kind, such as "2 added, 1 comment changed"."""
    signs = [entry.sign for group in group_changes(diff) for entry in group.entries]
    counts = {sign: signs.count(sign) for sign in _ROLES}
    words = {**_WORDS, "#": "comment changed"} if counts["#"] == 1 else _WORDS
    parts = [f"{count} {words[sign]}" for sign, count in counts.items() if count]
    return ", ".join(parts) if parts else "no changes"


def _split(path: KeyPath) -> tuple[KeyPath, str]:
    """Return the table a path is in, and the rest of the path as text."""
    size = len(path)
    while size and not isinstance(path[size - 1], str):
        size -= 1
    size = max(0, size - 1)
    return KeyPath(path[:size]), visible(str(KeyPath(path[size:])))


def _entry(change: Change, label: str) -> DiffEntry:
    match change:
        case Added():
            return _with_comments(_whole("+", label, change.after), change.comments)
        case Removed():
            return _whole("-", label, change.before)
        case Modified():
            entry = _modified(label, change.before, change.after)
            return _with_comments(entry, change.comments)
        case Moved():
            return _line(">", label, f": moved from [{change.before}] to [{change.after}]")
        case Renamed():
            return _line(">", label, f": renamed to {visible(render_key(change.key))}")
        case CommentChanged():
            return _comment(change, label)
        case _:
            assert_never(change)


def _line(sign: str, label: str, *rest: str | tuple[str, str]) -> DiffEntry:
    pieces = [(piece, "") if isinstance(piece, str) else piece for piece in rest]
    return DiffEntry(sign, [(f"{sign} ", _ROLES[sign]), (label, "key"), *pieces], [])


def _whole(sign: str, label: str, value: Value) -> DiffEntry:
    role = _ROLES[sign]
    if isinstance(value, str) and "\n" in value:
        empty = ("", value) if sign == "+" else (value, "")
        return _line(sign, label, ":")._replace(body=line_pieces(*empty))
    if not isinstance(value, dict | list) or not _leaves(value):
        return _line(sign, label, " = ", (visible(render_line(value)), role))
    body: list[Line] = [
        [(f"{visible(str(path))} = ", role), (visible(render_line(leaf)), role)]
        for path, leaf in _leaves(value)
    ]
    return _line(sign, label)._replace(body=body)


def _leaves(value: Value) -> list[tuple[KeyPath, Value]]:
    """Return what stands in a table or an array of tables, with paths; [] for other values."""
    return list(_walk(value, KeyPath())) if _is_open(value) else []


def _walk(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Value]]:
    if not _is_open(value):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, path / key)
    else:
        assert isinstance(value, list)
        for index, item in enumerate(value):
            yield from _walk(item, path / index)


def _is_open(value: Value) -> bool:
    """Return whether a value is shown by its parts; a reference to a secret is not."""
    if isinstance(value, dict):
        return bool(value) and list(value) != ["secret"]
    return isinstance(value, list) and bool(value) and all(isinstance(x, dict) for x in value)


def _with_comments(entry: DiffEntry, comments: tuple[Comment, ...]) -> DiffEntry:
    """Return the entry of a new value with the comments that came with it."""
    lines: list[Line] = []
    for path, _, text in comments:
        lead = f"{path}: " if path else ""
        lines += [[(visible(f"{lead}{line}"), "dim")] for line in text.split("\n")]
    return entry._replace(body=[*lines, *entry.body])


def _modified(label: str, before: Value, after: Value) -> DiffEntry:
    if same_value(before, after):
        return _line("~", label, ": changed, not shown: it is a secret")
    if isinstance(before, str) and isinstance(after, str):
        if "\n" in before or "\n" in after:
            return _line("~", label, ":")._replace(body=line_pieces(before, after))
        old, new = word_pieces(render_line(before), render_line(after))
    else:
        old = [(visible(render_line(before)), "removed")]
        new = [(visible(render_line(after)), "added")]
    return _line("~", label, ": ", *old, " -> ", *new)


def _comment(change: CommentChanged, label: str) -> DiffEntry:
    if change.position == END:
        where = f"at the end of {label}" if label else "at the end"
    else:
        where = f"{'above' if change.position == APART else change.position} {label}"
    head = [("# ", "dim"), (f"comment {where}:", "dim")]
    return DiffEntry("#", head, _comment_lines(change.before, change.after))


def _comment_lines(before: str, after: str) -> list[Line]:
    # Equal texts are two whose difference is masked.
    if before and after and before != after:
        return line_pieces(f"{before}\n", f"{after}\n")
    return [
        [(sign, role), (visible(line), role)]
        for sign, role, text in (("- ", "removed", before), ("+ ", "added", after))
        for line in text.split("\n")
        if text
    ]
