"""What a generation of a file changed, in a few words; and why a change cannot be previewed."""

from __future__ import annotations

from types import SimpleNamespace

from sessionctl.services.documents.document_comparison import DocumentVersion
from sessionctl.services.history.generations import _summary, preview_lines
from tests.together import together

GOOD = 'schema_version = 1\nname = "a"\n'


def generation(data):
    return SimpleNamespace(candidate=SimpleNamespace(data=data))


@together(
    "before, after, words",
    [
        (GOOD.encode(), GOOD.encode(), "nothing"),
        (GOOD.encode(), GOOD.replace("name =", "name  =").encode(), "layout only"),
        (GOOD.encode(), b"name = \n", "not TOML"),
        (b"x = '\xff'\n", b"x = '\xff'\n", "nothing"),
        (GOOD.encode(), GOOD.replace('"a"', '"b"').encode(), "1 modified"),
        (GOOD.encode(), f"{GOOD}root = 'x'\n[preferences]\ntheme = 'd'\n".encode(), "2 added"),
    ],
    ids=str,
)
def test_what_a_generation_changed(before, after, words):
    assert _summary("a.session.toml", generation(before), generation(after)) == words


@together(
    "before, after, lines",
    [
        (GOOD, GOOD, [("nothing changes", "dim")]),
        (GOOD, GOOD + "\n", [("only the layout, or a secret, changes", "dim")]),
    ],
)
def test_what_does_not_change_key_by_key_is_said(before, after, lines):
    versions = DocumentVersion("a.session.toml", before), DocumentVersion("a.session.toml", after)
    assert preview_lines(*versions) == (lines,)


def test_why_changes_are_not_shown_key_by_key():
    versions = DocumentVersion("a.toml", "x = 1\n"), DocumentVersion("a.toml", "x = \n")
    [[(text, style)]] = preview_lines(*versions)
    assert text.startswith("the changes are not shown key by key: a.toml:1:")
    assert style == "warning"
    assert len(preview_lines(DocumentVersion("a", "x = 1\n"), DocumentVersion("a", "x = 2\n"))) > 0
