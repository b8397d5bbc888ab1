"""Whole files: each finding in full, and the file as it is shown."""

from __future__ import annotations

import re
from pathlib import Path

from sessionctl import Document
from sessionctl.core.problem import Span
from sessionctl.core.scan.broken_scan import find_in_broken
from sessionctl.core.scan.document_scan import find_secrets, in_values, meet
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.known_values import KnownValues
from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.scan.redaction import redact, redact_broken
from sessionctl.core.scan.text_scan import find_in_text, without_secrets
from sessionctl.core.text.source import Source
from sessionctl.core.text.splicing import spliced
from sessionctl.core.toml.key_places import KeyPlaces
from tests.together import together

# A file begins below "=== KIND: NAME". Below "--- finds" stands each finding: where it is and
# what stands there, its rule, its key path, what holds of it, what it says. Below "--- shows" stand
# the lines of the file that are not shown as they are.
FILES = (Path(__file__).parent / "findings.txt").read_text(encoding="utf-8")
_FILE = re.compile(
    r"^=== (\w+): [^\n]*\n(.*?)^--- finds\n(.*?)^--- shows\n(.*?)(?=^=== |\Z)",
    re.MULTILINE | re.DOTALL,
)
KNOWN = KnownValues(["kupferdraht", "Tür+Schloß", "abc"])
JUDGEMENTS = {
    "session": Judgement(in_session=True),
    "other": Judgement(),
    "hints": Judgement(hints=True),
    "known": Judgement(known=KNOWN),
    "field": Judgement(is_field=lambda path: path[-1] == "field"),
}


def finds(kind, text):
    if kind == "broken":
        return find_in_broken(text, JUDGEMENTS["session"])
    if kind == "text":
        return find_in_text(text)
    return find_secrets(Document.parse(text), JUDGEMENTS[kind])


def shows(kind, text):
    if kind == "broken":
        return redact_broken(text)
    if kind == "text":
        return f"{without_secrets(text)}{redact(text)}"
    judgement = JUDGEMENTS[kind]
    asked = {"in_session": judgement.in_session, "is_field": judgement.is_field}
    return spliced(text, hidden_places(Document.parse(text), **asked))


def answer(kind, text):
    source = Source(text)
    lines = []
    for one in finds(kind, text):
        holds = [name for name in ("is_whole", "is_inside", "is_comment") if getattr(one, name)]
        problem = one.problem("the hint")
        assert problem.hint == "the hint"
        place, found = source.place(one.span.start), text[one.span.start : one.span.end]
        lines.append(
            f"{place} {found!r} {problem.rule}"
            f" [{problem.key_path}] {' '.join(holds)} {problem.severity}: {problem.message}\n"
        )
    before = set(text.splitlines())
    shown = [f"{line}\n" for line in shows(kind, text).splitlines() if line not in before]
    return "".join(lines), "".join(shown)


@together(("kind", "text", "found", "shown"), _FILE.findall(FILES))
def test_a_file_has_these_secrets_and_is_shown_like_this(kind, text, found, shown):
    assert answer(kind, text) == (found, shown)


@together(("kind", "text"), [one[:2] for one in _FILE.findall(FILES)])
def test_what_reaches_into_a_stretch_is_hidden_and_found_as_in_the_whole(kind, text):
    if kind not in JUDGEMENTS:
        return
    document, judgement = Document.parse(text), JUDGEMENTS[kind]
    asked = {"in_session": judgement.in_session, "is_field": judgement.is_field}
    places = KeyPlaces(document)
    found, hidden = list(in_values(document, judgement)), hidden_places(document, **asked)
    edges = sorted({0, len(text), *(edge for one in found for edge in one.span)})
    for start, end in zip(edges, edges[2:], strict=False):
        within = Span(start, end)
        # A value that reaches into it is looked at whole.
        of_found = [one for one in found if meet(places.value(one.key_path), within)]
        assert list(in_values(document, judgement, within)) == of_found
        of_hidden = [one for one in hidden if meet(one[0], within)]
        assert hidden_places(document, **asked, within=within) == of_hidden
