"""A file of another tool as sessions: which kind it is, its nodes, and its importer."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from sessionctl.core.importers import kind as kinds
from sessionctl.core.importers import templates
from sessionctl.core.importers.nodes.source_node import SourceList, SourceMap
from sessionctl.core.importers.parts.ledger import NOTE, Ledger
from sessionctl.core.importers.parts.secret_sweep import without_leftovers
from sessionctl.core.importers.parts.source_comments import leading_comments
from sessionctl.core.problem import Problem, Span
from sessionctl.errors import DocumentError, ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from sessionctl.core.importers.imported import ImportedSession, Importing
    from sessionctl.core.importers.nodes.source_node import Node


class ImportResult(NamedTuple):
    """The sessions of a file, and what became of all that is in it.

    ``is_readable`` is False where nothing could be read, and the problems say why.
    """

    kind: str
    sessions: tuple[ImportedSession, ...]
    problems: tuple[Problem, ...]
    is_readable: bool = True


def read_source(text: str, path: str, importing: Importing, kind: str = "") -> ImportResult:
    """Return the sessions of a file of another tool.

    Args:
      text: what the file holds.
      path: where it lies, which may show its kind.
      importing: what else is known.
      kind: one of ``KINDS``, "" to find out.

    Raises:
      ParseError: the text is not what files of this kind are.
      DocumentError: it is of no known kind.
      ModuleNotFoundError: a library that reads this format is not installed.
    """
    found = _read(text, path, importing, kind or kinds.kind_of_text(text, path))
    looked_at = [without_leftovers(session) for session in found.sessions]
    problems = [problem for _, left in looked_at for problem in left]
    return found._replace(
        sessions=tuple(session for session, _ in looked_at),
        problems=(*found.problems, *problems),
    )


def _read(text: str, path: str, importing: Importing, kind: str) -> ImportResult:
    if kind == kinds.RESURRECT:
        return _read_lines(text, importing)
    if kind == kinds.ZELLIJ:
        return _read_kdl(text, importing)
    if kind == kinds.SESH:
        return _read_toml(text, importing)
    return _read_structured(text, path, importing, kind)


def _read_lines(text: str, importing: Importing) -> ImportResult:
    from sessionctl.core.importers import resurrect
    from sessionctl.core.importers.resurrect_lines import read_lines

    ledger = Ledger(text, "tmux-resurrect", importing.home)
    root = read_lines(text)
    sessions = resurrect.read(root, ledger, importing)
    ledger.finish([root])
    return ImportResult(kinds.RESURRECT, sessions, tuple(ledger.problems))


def _read_kdl(text: str, importing: Importing) -> ImportResult:
    from sessionctl.core.importers import zellij
    from sessionctl.core.importers.nodes.kdl_nodes import kdl_scalars, read_kdl

    ledger = Ledger(text, "zellij", importing.home)
    nodes = read_kdl(text)
    comments = leading_comments(text, "//")
    sessions = tuple(
        one._replace(comments=comments) for one in zellij.read(nodes, ledger, importing)
    )
    _note_comments(ledger, comments if sessions else (), "//")
    ledger.finish([SourceList(tuple(kdl_scalars(nodes)), Span(0, len(text)))])
    return ImportResult(kinds.ZELLIJ, sessions, tuple(ledger.problems))


def _read_toml(text: str, importing: Importing) -> ImportResult:
    from sessionctl.core.importers import sesh
    from sessionctl.core.importers.nodes.toml_nodes import read_toml

    ledger = Ledger(text, "sesh", importing.home)
    root = read_toml(text)
    sessions = sesh.read(root, ledger, importing)
    _note_comments(ledger, [line for session in sessions for line in session.comments])
    ledger.finish([root])
    return ImportResult(kinds.SESH, sessions, tuple(ledger.problems))


def _read_structured(text: str, path: str, importing: Importing, kind: str) -> ImportResult:
    """Read YAML or JSON, of which the templates of Ruby were filled in."""
    filled = None
    likely = kind or kinds.kind_of_path(path)
    if likely in ("", kinds.TMUXINATOR, kinds.TEAMOCIL) and templates.has_tags(text):
        filled = templates.fill(text, importing)
        if not filled.is_readable:
            return ImportResult(kind or kinds.TMUXINATOR, (), filled.problems, is_readable=False)
    elif likely in ("", kinds.SMUG) and importing.settings and "$" in text:
        filled = templates.fill_variables(text, importing)
    written = text if filled is None else filled.text
    roots, odd = _documents(written, path)
    if not text.strip("\ufeff \t\r\n"):
        raise DocumentError("it is empty")
    if not roots or not isinstance(roots[0], SourceMap):
        raise DocumentError("it contains no keys", hints=["name its tool with --from"])
    kind = kind or kinds.kind_of_path(path) or kinds.kind_of_node(roots[0])
    if not kind:
        raise DocumentError(
            "it is not a file of a known tool",
            hints=[f"name its tool with --from, one of {', '.join(kinds.KINDS)}"],
        )
    ledger = Ledger(written, kind, importing.home)
    ledger.problems += odd
    sessions = _module(kind).read(roots[0], ledger, importing)
    comments = leading_comments(written)
    sessions = tuple(one._replace(comments=comments) for one in sessions)
    _note_comments(ledger, comments)
    for root in roots[1:]:
        ledger.lose(root, "it is in another document of the file")
    ledger.finish(roots)
    problems = tuple(ledger.problems)
    if filled is not None:
        problems = (*filled.problems, *map(filled.places.problem, problems))
    return ImportResult(kind, sessions, problems)


def _documents(text: str, path: str) -> tuple[list[Node], list[Problem]]:
    is_json = path.endswith(".json")
    if is_json or text.lstrip("\ufeff \t\r\n").startswith("{"):
        from sessionctl.core.importers.nodes.json_nodes import read_json

        try:
            root, problems = read_json(text)
        except ParseError:
            if is_json:
                raise
        else:
            return [root], list(problems)
    from sessionctl.core.importers.nodes.yaml_nodes import read_yaml

    found = read_yaml(text)
    return list(found.documents), list(found.problems)


def _module(kind: str) -> ModuleType:
    return import_module(f"sessionctl.core.importers.{kind}")


def _note_comments(ledger: Ledger, taken: Sequence[str], sign: str = "#") -> None:
    """Report how many lines of comments are not ``taken``, at the first of them."""
    left = [line.strip() for line in taken]
    offset = 0
    lines: list[Span] = []
    for line in ledger.source.split("\n"):
        body = line.strip()
        if body.startswith(sign) and not body.startswith("#:"):
            text = body[len(sign) :].strip()
            if text in left:
                left.remove(text)
            else:
                lines.append(Span(offset, offset + len(line)))
        offset += len(line) + 1
    if lines:
        what = "a line" if len(lines) == 1 else f"{len(lines)} lines"
        message = f"{what} of comments not taken over, this is the first"
        ledger.problems.append(Problem(NOTE, message, lines[0], severity="note"))
