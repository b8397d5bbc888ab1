"""Vocabulary: every text that a user reads, collected; and the words that are not in it."""

from __future__ import annotations

import json
import re

import click

import sessionctl
from sessionctl.cli.app import app
from tests.package_code import module_code
from tests.world import CHECKOUT, PACKAGE

WORDS = {
    r"\b(?:tell|tells|telling|told)\b": "report, show, explain",
    r"\bmend\w*": "fix",
    r"\bheed\w*": "ignore, use",
    r"\bsettl(?:e|es|ed|ing)\b": "resolve",
    r"\bfor want of\b": "without, because there is no",
    r"\b(?:is|are|was|were) none\b": "no NOUN, not a NOUN",
    r"\bby (?:itself|themselves)\b": "automatically",
    r"\bwhat it is\b": "the kind, the meaning",
    r"\bin the clear\b": "in plain text",
    r"\bwritten out\b": "in plain text",
    r"\banew\b": "again",
    r"\ball the same\b": "anyway",
    r"\bnobody\b": "no one",
    r", for (?:it|they|there|nothing|these|this|that) ": "because",
    r"\b(?:bring|brings|brought) (?:it |them )?back\b": "restore",
    r"\b(?:take|takes|took) (?:it |them )?back\b": "undo",
    r"\bunasked\b": "without asking",
    r"\bset-up\b": "setup",
    r"\bclash\w*": "conflict",
    r"\bin step\b(?! \d)": "in sync",
    r"\bonce more\b": "again",
    r"\bone who\b": "someone who, someone with",
    r"\bsomebody\b": "someone",
    r"\b(?:no|not|nothing)\b[^.,;:]*\bany more\b": "no longer",
    r"\bcan be had\b": "restore",
    r"\btake[ns]? (?:it |them |this one )?out\b": "remove",
    r"\bheld to\b": "checked against",
    r"\blook (?:who|whether)\b": "see who, check whether",
    r"\bl(?:ies|ie|ay) (?:beside|apart|here)\b": "is",
}
"""What is not written, and what is written in its place; CONTRIBUTING.md has the table."""

ALLOWED = {
    "## What it is not": "a heading that says what the program is not for",
    "`settled`": "the name of a field of --json",
    "brought back to {}": "the reason of a backup, which older states of the store have too",
}
"""Texts that are written with such a word, and why."""

PATTERN = re.compile("|".join(WORDS), re.IGNORECASE)
PARTS = (
    "tell", "told", "mend", "heed", "settl", "want of", " none", "by itself", "by themselves",
    "what it is", "in the clear", "written out", "anew", "all the same", "nobody", ", for ", "back",
    "unasked", "set-up", "clash", "in step", "once more", "one who", "somebody", "any more",
    "can be had", "take", "held to", "look wh", "beside", "apart", "here",
)  # fmt: skip
"""One of them is in each text with such a word; to search for these is quicker."""
# In pages these may be plain: "what a restart brings back", "for it there is a driver".
ONLY_IN_MESSAGES = re.compile(
    r"(?:br[io]\w+|t[ao]\w+) (?:it |them )?back|written out", re.IGNORECASE
)
_CODE = re.compile(r"```.*?```", re.DOTALL)


def help_texts(command=app, context=None, words="sessionctl"):
    """Yield every help page and every line of help, hidden options too."""
    context = context or click.Context(app, info_name="sessionctl", **app.context_settings)
    yield f"--help of {words}", command.get_help(context)
    for option in command.params:
        yield f"{words} {option.name}", getattr(option, "help", None) or ""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            below = click.Context(child, parent=context, info_name=name)
            yield from help_texts(child, below, f"{words} {name}")


def messages():
    """Yield every string of the package that has a space, but for docstrings and comments."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in module_code(path).texts:
            if " " in text:
                yield f"{path.relative_to(CHECKOUT)}:{line}", text


def descriptions():
    """Yield every title and description of the schemas."""

    def walk(value):
        if isinstance(value, dict):
            for key, part in value.items():
                if key in {"title", "description", "$comment"} and isinstance(part, str):
                    yield part
                else:
                    yield from walk(part)
        elif isinstance(value, list):
            for part in value:
                yield from walk(part)

    for path in sorted((CHECKOUT / "schemas").glob("*.json")):
        for text in walk(json.loads(path.read_text(encoding="utf-8"))):
            yield f"schemas/{path.name}", text


def headlines():
    """Yield the first line of the docstring of every public name."""
    for name in sessionctl.__all__:
        text = getattr(sessionctl, name).__doc__ or ""
        yield f"sessionctl.{name}", text.strip().partition("\n")[0]


def pages():
    """Yield the lines of the pages, code left out."""
    top = [CHECKOUT / name for name in ("README.md", "CHANGELOG.md")]
    for path in [*sorted((CHECKOUT / "docs").rglob("*.md")), *top]:
        text = _CODE.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{path.relative_to(CHECKOUT)}:{number}", line


def refused(text, *, is_page=False):
    """Return the words of ``text`` that are not to be written; pages are read less strictly."""
    lower = text.lower()
    if not any(part in lower for part in PARTS):
        return []
    for allowed in ALLOWED:
        text = text.replace(allowed, "")
    found = [match[0] for match in PATTERN.finditer(text)]
    return [word for word in found if not (is_page and ONLY_IN_MESSAGES.fullmatch(word))]
