"""Samples: inputs as people write them, each with what it becomes, one file a kind.

An input begins below ``=== NAME`` and ends at ``--- becomes``; what follows is the session
file and the report. In the name may stand what is typed with it: ``--set NAME=VALUE``,
``--arg VALUE`` and ``--from``, for a file that does not show its kind. After a change that is
meant: ``python -m tests.core.importers.sample_files``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.importers.imported import Importing
from sessionctl.core.importers.reading import read_source
from sessionctl.core.schema.verdict import validate
from sessionctl.core.session.session_text import render_session
from sessionctl.core.text.source import Source
from sessionctl.errors import DocumentError

SAMPLES = Path(__file__).parent / "samples"
KINDS = ("resurrect", "sesh", "smug", "teamocil", "tmuxinator", "tmuxp", "zellij")
SEVERITIES = {"import-note": "note", "import-changed": "note"}
"""Those of the rules that are no warning."""
_ENDINGS = {"sesh": ".toml", "zellij": ".kdl", "resurrect": ""}
_SAMPLE = re.compile(r"^=== ([^\n]*)\n(.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)
_BECOMES = "--- becomes\n"
_TYPED = re.compile(r"--(set|arg) (\S+)")
_SAID_OF = re.compile(r'"([^"]*?)(\.\.\.)?" (?:is left out|counts as)')


class Sample(NamedTuple):
    """An input with its name, and what is written below it."""

    kind: str
    name: str
    text: str
    becomes: str


def samples(kind):
    """Return the samples of a kind, in the order of its file."""
    text = (SAMPLES / f"{kind}.txt").read_text(encoding="utf-8")
    return [
        Sample(kind, match[1], *match[2].partition(_BECOMES)[::2])
        for match in _SAMPLE.finditer(text)
    ]


def become(sample):
    """Return what a sample becomes: the sessions, then the report line by line."""
    try:
        path = f"/src/sample{_ENDINGS.get(sample.kind, '.yml')}"
        typed = _TYPED.findall(sample.name)
        arguments = tuple(value for option, value in typed if option == "arg")
        settings = tuple(tuple(value.split("=", 1)) for option, value in typed if option == "set")
        known = Importing("sample", "/home/ada", arguments, settings)
        kind = sample.kind if "--from" in sample.name else ""
        found = read_source(sample.text, path, known, kind)
    except DocumentError as error:
        return f"refused: {error.message}\n"
    assert found.is_readable is all(one.severity != "error" for one in found.problems)
    source = Source(sample.text)
    shown = [] if found.kind == sample.kind else [f"taken for {found.kind}\n"]
    for session in found.sessions:
        text = render_session({"schema_version": 1, **session.value}, session.comments)
        assert not [problem for problem in validate(text) if problem.severity == "error"], text
        shown.append(
            re.sub(r"^#:schema .*\n\n|^schema_version = 1\n", "", text, flags=re.MULTILINE)
        )
    for problem in found.problems:
        is_error = problem.severity == "error"
        assert is_error or problem.severity == SEVERITIES.get(problem.rule, "warning"), problem
        # Where a value is filled in, what is marked is not what the message says: it is shown.
        marked = f" «{sample.text[slice(*problem.span)]}»" if typed else ""
        if not typed:
            check_mark(sample.text, problem)
        line, column = source.place(problem.span.start)
        key = f"{problem.key_path}: " if problem.key_path else ""
        hint = f" ({problem.hint})" if problem.hint else ""
        rule = f"error: {problem.rule}" if is_error else problem.rule
        shown.append(f"{line}:{column}: {rule}: {key}{problem.message}{hint}{marked}\n")
    return "".join(shown)


def check_mark(text, problem):
    """Check what is marked for a problem: whole words of one line, those that it speaks of."""
    start, end = problem.span
    marked = text[start:end]
    assert "\n" not in marked or problem.rule == "import-erb", problem
    if marked and not problem.rule.startswith("secret-"):
        for edge in (text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]):
            assert len(edge) < 2 or not edge.isalnum(), (problem, marked)
    said = _SAID_OF.match(problem.message)
    if said is not None and "***" not in said[1]:
        bare = marked.strip("\"':")
        assert bare.startswith(said[1]) if said[2] else bare == said[1], (problem, marked)


def main():
    """Write what each sample becomes below it."""
    for kind in KINDS:
        parts = [
            f"=== {sample.name}\n{sample.text}{_BECOMES}{become(sample)}"
            for sample in samples(kind)
        ]
        (SAMPLES / f"{kind}.txt").write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
