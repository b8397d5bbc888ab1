"""Collector: every hint that the code can give, as a template; ``{}`` stands for what varies."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from tests.package_code import nodes
from tests.world import PACKAGE

_KEYWORDS = ("hint", "hints", "fix", "step")
_NAMES = re.compile(r"_*(hints?|fix|steps?|advice)", re.IGNORECASE)
_GIT = (
    "add|check|check-attr|checkout|commit|config|fetch|fsck|log|merge|push|remote|rm|show"
    "|sparse-checkout|stash|status|switch"
)
_COMMAND = re.compile(
    r"(?:^|[ ;'&(])(?:sessionctl|git|chmod|mv|rm|iconv|vi|age|export|unset|git-crypt"
    r"|journalctl|ls|ps)"
    rf" \S|(?:^|: |'|\}})\{{\}} ?(?:\{{\}} --|--continue|sessionctl|(?:{_GIT})\b)"
    r"|: \{\}(?:$|;| [|<])"
)
_GIVES = re.compile(
    r"\b_*(?:hints?|fix|steps?|advice)\b *=|\bhint\(|def _way_"
    r"|def \w*(?:hint|_step|steps_|advice|_words)"
)
"""What is in each line that begins a hint; nothing else is looked at."""
_WORDS = ("hint", "fix", "step", "advice", "_way_", "_words")
"""One of them is in each such line; a search for a word is quicker."""

_VALUES = re.compile(
    r"'\{\}=\{\}' resolves it|it printed|say when it is sent, such as|there are( conflicts at)?"
    r"|together the two edits are invalid|say which is which"
    r"|choose one with --session|name one, or --all|write it without (a point|quotes)|\{\}"
)
"""What leads to values, and not to a command."""


def collect():
    """Return the hints with a command to type, each with the modules that give it."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module, code = path.relative_to(PACKAGE).as_posix(), path.read_text()
        lines = [
            number
            for number, line in enumerate(code.lower().split("\n"), 1)
            if any(word in line for word in _WORDS) and _GIVES.search(line)
        ]
        for node in nodes_at(lines, ast.parse(code)) if lines else ():
            for text in _hints_of(node):
                if _COMMAND.search(text) and not _VALUES.fullmatch(text.removesuffix(": {}")):
                    found.setdefault(text, set()).add(module)
    return found


def nodes_at(lines, tree):
    """Yield the nodes of ``tree`` that have one of the ``lines``, which are sorted."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if (first := getattr(node, "lineno", 0)) and not (
            bisect_left(lines, first) < bisect_right(lines, node.end_lineno)
        ):
            continue
        yield node
        pending.extend(ast.iter_child_nodes(node))


def pattern_of(template):
    """Return an expression for what the template becomes."""
    parts = re.split(r"\{\w*\}", template)
    pattern = re.escape(parts[0])
    for before, after in pairwise(parts):
        # What stands close to a word may be left out: a directory, a command before it.
        is_optional = before[-1:].isalpha() or after[:1].isalpha()
        pattern += (".*?" if is_optional else ".+?") + re.escape(after)
    return re.compile(pattern)


def _hints_of(node):
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for keyword in node.keywords:
            if keyword.arg in _KEYWORDS:
                yield from _texts(keyword.value)
        if name == "hint":
            for argument in node.args:
                yield from _texts(argument)
    elif isinstance(node, ast.Assign):
        names = [getattr(target, "id", "") for target in node.targets]
        if any(_NAMES.fullmatch(name) for name in names):
            yield from _texts(node.value)
    elif isinstance(node, ast.FunctionDef) and re.search(
        r"hint|_step|steps_|advice|_words|^_way_", node.name
    ):
        for inner in nodes(node):
            if isinstance(inner, ast.Return) and inner.value is not None:
                value = inner.value
                if node.name.endswith("_words") and isinstance(value, ast.Tuple) and value.elts:
                    value = value.elts[-1]  # what happened, and the next step
                yield from _texts(value)


def _texts(node):
    inner = set()
    for sub in nodes(node):
        if isinstance(sub, ast.JoinedStr):
            inner |= {id(one) for one in nodes(sub)} - {id(sub)}
            yield "".join(
                one.value if isinstance(one, ast.Constant) else "{}" for one in sub.values
            )
    for sub in nodes(node):
        if isinstance(sub, ast.Constant) and isinstance(sub.value, str) and id(sub) not in inner:
            yield sub.value
