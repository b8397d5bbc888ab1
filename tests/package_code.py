"""The code of the package as trees, read quickly: by its statements, or by all nodes."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def statements(tree):
    """Yield the statements of ``tree``, nested ones too; expressions are not entered."""
    pending = [tree]
    while pending:
        node = pending.pop()
        for name in _BLOCKS:
            block = getattr(node, name, ())
            yield from block
            pending.extend(block)


def nodes(tree):
    """Yield all that ``ast.walk`` does, but for the context of names, in a third of its time."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        for value in vars(node).values():
            if isinstance(value, list):
                pending += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                pending.append(value)


@dataclass(frozen=True)
class ModuleCode:
    """What a module says of itself, imports and defines; an import is what it names.

    ``texts`` are its strings but for docstrings, each with its line; the values in an f-string
    are ``{}``.
    """

    docstring: str | None
    lines: int
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    classes: tuple[str, ...]
    texts: tuple[tuple[int, str], ...]


def code_of(text):
    """Return what the text of a module says, parsed once."""
    tree = ast.parse(text)
    found = list(statements(tree))
    return ModuleCode(
        ast.get_docstring(tree),
        text.count("\n"),
        tuple(node for node in found if isinstance(node, (ast.Import, ast.ImportFrom))),
        tuple(node.name for node in found if isinstance(node, ast.ClassDef)),
        tuple(_texts(tree)),
    )


def _texts(tree):
    found = list(nodes(tree))
    skipped = {id(node.value) for node in found if isinstance(node, ast.Expr)} | {
        id(part) for node in found if isinstance(node, ast.JoinedStr) for part in node.values
    }
    for node in found:
        if isinstance(node, ast.JoinedStr):
            parts = node.values
            text = "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in parts)
            yield node.lineno, text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in skipped:
                yield node.lineno, node.value


@functools.cache
def module_code(path):
    """Return the code of the module at ``path``; it is read once."""
    return code_of(path.read_text(encoding="utf-8"))
