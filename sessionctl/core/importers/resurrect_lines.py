"""The lines of tmux-resurrect as fields, each in its place; damaged ones too."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.importers.nodes.source_node import SourceList, SourceScalar
from sessionctl.core.problem import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node


class PaneFields(NamedTuple):
    """The fields of a pane line, each in its place."""

    session: SourceScalar
    window: SourceScalar
    window_name: SourceScalar | None
    flags: SourceScalar
    number: SourceScalar
    title: SourceScalar | None
    path: SourceScalar
    is_active: bool
    program: SourceScalar
    command: SourceScalar | None

    @property
    def is_shifted(self) -> bool:
        """Whether an empty title has moved what follows one field to the left."""
        return self.title is None and self.window_name is None

    @property
    def name(self) -> str:
        """The name of the program in front."""
        return self.program.text.removeprefix("-")


def read_lines(text: str) -> SourceList:
    """Return the lines of a file as lists of fields; empty lines are left out."""
    lines: list[Node] = []
    offset = 0
    for line in text.split("\n"):
        body = line.rstrip("\r")
        if body.strip():
            fields: list[Node] = []
            start = offset
            for field in body.split("\t"):
                fields.append(SourceScalar(field, field, Span(start, start + len(field))))
                start += len(field) + 1
            span = Span(offset, offset + len(body))
            lines.append(SourceList(tuple(fields), span))
        offset += len(line) + 1
    return SourceList(tuple(lines), Span(0, len(text)))


def pane_fields(fields: list[SourceScalar]) -> PaneFields | None:
    """Return the fields of a pane line, each in its place; None where that is past finding.

    A saver that reads fields with a shell loses an empty title: all behind it move one to
    the left, and the number of lines of history ends up where the process id was.
    """
    if len(fields) < 9 or fields[2].number is None:
        return None
    _, session, window, *rest = fields
    window_name = rest.pop(0) if rest[0].text.startswith(":") else None
    if len(rest) < 6 or rest[0].text not in ("0", "1") or rest[2].number is None:
        return None
    flags, index, *rest = rest[1:]
    title: SourceScalar | None = None
    if window_name is None and (not rest[0].text.startswith(":") or _is_title(*rest[:3])):
        title = rest.pop(0)
    if len(rest) < 3 or not _is_path(rest[0], rest[1]):
        return None
    path, active, program, *rest = rest
    number = next((i for i, field in enumerate(rest) if field.text.startswith(":")), len(rest))
    line = None
    if number < len(rest):  # a command may have tabs in it
        text = "\t".join(field.text for field in rest[number:])
        first, last = rest[number], rest[-1]
        line = first._replace(text=text, value=text, span=Span(first.span.start, last.span.end))
    return PaneFields(
        session, window, window_name, flags, index, title, path, active.text == "1", program, line
    )


def _is_path(field: SourceScalar, following: SourceScalar) -> bool:
    return field.text.startswith(":") and following.text in ("0", "1")


def _is_title(field: SourceScalar, following: SourceScalar, after: SourceScalar) -> bool:
    return _is_path(following, after) and not _is_path(field, following)
